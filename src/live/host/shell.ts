// The port to programs: starting one gives its three streams and its end. The system's own stands here; tests bring
// another. Arguments are arrays, so nothing is quoted and no shell of ours reads them.
import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

export interface Ending {
  /** Null: ended by a signal, or never started. */
  readonly code: number | null;
  /** Why it could not be started, in the system's words; "" when it could. */
  readonly error: string;
}

/** A program that runs. */
export interface Program {
  readonly input: Writable;
  readonly output: Readable;
  /** What it says on standard error. */
  readonly errors: Readable;
  readonly ended: Promise<Ending>;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  /** Nobody waits for it or reads from it any more: it may outlive us. */
  release(): void;
}

export interface Shell {
  start(argv: readonly string[], env?: Readonly<Record<string, string>>): Program;
}

/** Milliseconds for the last words of a program that has ended. */
const LAST_WORDS_MS = 500;

/** Programs run in sessions of their own: a Ctrl-C at the terminal is for drvfleet alone, which then decides. */
export const systemShell: Shell = {
  start([program, ...args], env) {
    const child = spawn(program!, args, {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      ...(env !== undefined && { env: { ...process.env, ...env } }),
    });
    child.stdin.on("error", () => {});
    // Not "close": that waits for standard output, which nobody reads any more when a session is given up.
    const silent = new Promise<void>((resolve) => child.stderr.on("close", resolve));
    const ended = new Promise<Ending>((resolve) => {
      child.on("error", ({ message }) => resolve({ code: null, error: message }));
      child.on("exit", (code) => {
        // An ssh that shares a connection has handed its streams to the one that holds it, which keeps them while the host is silent.
        const late = setTimeout(() => [child.stdout, child.stderr].map((stream) => stream.destroy()), LAST_WORDS_MS);
        void silent.then(() => {
          clearTimeout(late);
          resolve({ code, error: "" });
        });
      });
    });
    return {
      input: child.stdin,
      output: child.stdout,
      errors: child.stderr,
      ended,
      kill: (signal) => void child.kill(signal),
      release: () => {
        child.unref();
        child.stdout.destroy();
        child.stderr.destroy();
      },
    };
  },
};
