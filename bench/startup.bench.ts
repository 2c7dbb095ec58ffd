// How long `drvfleet --help` takes, beside an empty Node: what a shell, a script or a completion waits for. Usage: node
// dist-bench/startup.bench.js [times, default 15], after a build. Both are started in turn; prints medians and the ratio.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median } from "./measure.js";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

function milliseconds(args: readonly string[]): number {
  const from = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const spent = Number(process.hrtime.bigint() - from) / 1e6;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return spent;
}

if (!existsSync(main)) throw new Error(`${main} is missing: npm run build first`);
const times = Number(process.argv[2] ?? 15);
const empty: number[] = [];
const help: number[] = [];
for (let i = 0; i < times; i++) {
  empty.push(milliseconds(["-e", "0"]));
  help.push(milliseconds([main, "--help"]));
}
console.log(
  `node -e 0 ${median(empty).toFixed(0)} ms  drvfleet --help ${median(help).toFixed(0)} ms  ratio ${(median(help) / median(empty)).toFixed(2)}`,
);
