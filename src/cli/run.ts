// `run`: derivations built for real. What is wanted is read, and the hosts are called, before the rest of the program is even
// loaded: they take as long to answer as that. Plan, build and account are that rest: `run-work.ts`.
import { existsSync } from "node:fs";
import { fail, fault, ok, type Result } from "#base/fault.js";
import type { JournalHeader } from "#live/run/journal.js";
import type { JournalLine } from "#live/run/replay.js";
import type { Flags } from "#scenario/flags.js";
import { printFaults } from "./exit.js";
import type { Loudness } from "./notes.js";
import { connected, hostsOf } from "./run-hosts.js";
import { runInput } from "./run-input.js";
import { historyFile } from "./run-place.js";
import type { Wanted } from "./run-plan.js";

/** Who decides where nobody says. */
const POLICY_DEFAULT = "list";

export interface RunRequest {
  readonly what: readonly string[];
  readonly flags: Flags;
  readonly policy: string | null;
  readonly out: string | null;
  readonly resume: string | null;
  /** Null: the one of the state directory. */
  readonly ledger: string | null;
  /** Where links to what was asked for are made; null = nowhere. */
  readonly outLink: string | null;
  readonly keepGoing: boolean;
  readonly dryRun: boolean;
  readonly output: "text" | "json" | "json-lines";
  readonly loudness: Loudness;
  readonly command: string;
}

/** What is begun, or goes on. */
export interface Task {
  readonly request: RunRequest;
  readonly wanted: Wanted;
  /** Begins the marks of its processes. */
  readonly mark: string;
  /** Null: a new run. */
  readonly past: { readonly header: JournalHeader; readonly lines: readonly JournalLine[]; readonly directory: string } | null;
}

/** Returns the exit code. */
export async function run(request: RunRequest): Promise<number> {
  const task = await taskOf(request);
  if (!task.ok) return printFaults(task.faults);
  const { wanted, mark, past } = task.value;
  if (request.dryRun) return (await import("./run-dry.js")).dryRun(wanted, request.output !== "text");
  const hosts = hostsOf(wanted.input.fleet, mark);
  if (!hosts.ok) return printFaults(hosts.faults);
  try {
    const connecting = connected(hosts.value, past !== null);
    const { carryOut } = await import("./run-work.js");
    return await carryOut(task.value, hosts.value, connecting);
  } finally {
    await hosts.value.leave();
  }
}

async function taskOf(request: RunRequest): Promise<Result<Task>> {
  if (request.resume !== null) {
    if (request.dryRun) return fail(fault("usage", "--dry-run", "found --resume beside it, expected one of them"));
    if (request.what.length > 0)
      return fail(fault("usage", "--resume", "found something to build beside it, expected nothing", "the RUN says what is built"));
    const { resumedRun } = await import("./run-resume.js");
    const resumed = resumedRun(request.resume);
    if (!resumed.ok) return resumed;
    const { wanted, journal } = resumed.value;
    return ok({ request, wanted, mark: journal.header.run, past: { ...journal, directory: request.resume } });
  }
  if (request.what.length === 0)
    return fail(fault("usage", "run", "found nothing to build", "a scenario file, .drv files or installables"));
  const history = historyFile();
  const input = await runInput(request.what, request.flags, existsSync(history) ? history : null);
  if (!input.ok) return input;
  const wanted = { input: input.value, flags: request.flags, policy: request.policy ?? POLICY_DEFAULT };
  return ok({ request, wanted, mark: `${Date.now().toString(36)}-${process.pid}`, past: null });
}
