// The built program as users meet it: a process with arguments, two outputs and an exit code. Never a terminal.
import { type SpawnOptions, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const MAIN = join(ROOT, "dist/cli/main.js");

export interface Ended {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** `drvfleet ARGUMENTS`, in the root of the repository unless said otherwise. */
export function drvfleet(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {}): Promise<Ended> {
  return command(process.execPath, [MAIN, ...args], options);
}

export function command(
  program: string,
  args: readonly string[],
  { cwd = ROOT, env = {}, input = "" }: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Ended> {
  const options: SpawnOptions = { cwd, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout!.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr!.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin!.on("error", () => {});
    child.stdin!.end(input);
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ code: code ?? -1, signal, out: Buffer.concat(out).toString("utf8"), err: Buffer.concat(err).toString("utf8") }),
    );
  });
}

/** A folder of its own, and how to be rid of it. */
export function folder(): { readonly path: string; at(...parts: string[]): string; files(): string[]; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "drvfleet-test-"));
  return {
    path,
    at: (...parts) => join(path, ...parts),
    files: () => filesIn(path),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** All files below a directory, sorted, "/" between parts. */
export function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(directory, name)).isFile())
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
}
