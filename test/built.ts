// Builds the program once before its tests, where dist is older than src. Type errors are `npm run types`' to report: what
// is tested here is what comes out.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

export function setup(): void {
  if (!stale()) return;
  const { stdout, stderr, error } = spawnSync("npm", ["run", "-s", "build"], { cwd: ROOT, encoding: "utf8" });
  if (error !== undefined || stale()) throw new Error(`the program cannot be built\n${stdout}${stderr}`);
}

/** Whether a source file was changed after what was made of it. */
function stale(): boolean {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return sources.some((name) => {
    const made = join(ROOT, "dist", name.replace(/\.ts$/, ".js"));
    return !existsSync(made) || statSync(made).mtimeMs < statSync(join(ROOT, "src", name)).mtimeMs;
  });
}
