// `run`: derivations built for real. Phases: what is wanted, hosts, plan (what nobody has yet), prediction, journal, build,
// account. What stands here is their order; each has a room of its own.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fail, fault, ok, type Result } from "#base/fault.js";
import { systemClock } from "#live/host/clock.js";
import type { JournalHeader } from "#live/run/journal.js";
import type { JournalLine } from "#live/run/replay.js";
import type { Foretold } from "#report/foretold.js";
import type { Flags } from "#scenario/flags.js";
import { EXIT, printFaults } from "./exit.js";
import { directoryFault } from "./files.js";
import type { Loudness } from "./notes.js";
import { begunFiles } from "./run-account.js";
import { broughtHome, buildForReal } from "./run-build.js";
import { dryRun } from "./run-dry.js";
import { ended } from "./run-end.js";
import { begunEvent, printEvent } from "./run-events.js";
import { forecastBeside, forecastOf, predictionOf } from "./run-forecast.js";
import { connected, hostsOf, type LiveHosts } from "./run-hosts.js";
import { runInput } from "./run-input.js";
import { type Watcher, watchers } from "./run-lines.js";
import { Logs } from "./run-logs.js";
import { historyFile, historyOf, newRunDirectory } from "./run-place.js";
import { builtSomewhere, type Plan, planOf, POLICY_DEFAULT, type Wanted, wholePlan } from "./run-plan.js";
import { resumedRun } from "./run-resume.js";
import { linkResults, Roots } from "./run-roots.js";
import { watchOf } from "./run-watch.js";
import { VERSION } from "./version.js";

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
interface Task {
  readonly request: RunRequest;
  readonly wanted: Wanted;
  /** Null: a new run. */
  readonly past: { readonly header: JournalHeader; readonly lines: readonly JournalLine[]; readonly directory: string } | null;
}

/** Returns the exit code. */
export async function run(request: RunRequest): Promise<number> {
  const task = await taskOf(request);
  if (!task.ok) return printFaults(task.faults);
  const { wanted, past } = task.value;
  const planned = wholePlan(wanted);
  if (!planned.ok) return printFaults(planned.faults);
  const { recipes, whole } = planned.value;
  if (request.dryRun) return dryRun(wanted, recipes, request.output !== "text");
  const mark = past?.header.run ?? `${Date.now().toString(36)}-${process.pid}`;
  const hosts = hostsOf(wanted.input.fleet, mark, largestOutput(whole));
  if (!hosts.ok) return printFaults(hosts.faults);
  let isWhole = true;
  try {
    // Most runs find nothing built: what they will take is foretold while the hosts answer.
    const connecting = connected(hosts.value, past !== null);
    const foretelling = whole.build === null ? null : forecastBeside(whole.build, () => isWhole);
    const there = await connecting;
    if (!there.ok) return printFaults(there.faults);
    const looked = await builtSomewhere(hosts.value.fleet, recipes);
    if (!looked.ok) return printFaults(looked.faults);
    isWhole = past !== null || !recipes.some((_, node) => looked.value(node));
    const plan = isWhole ? ok(whole) : planOf(wanted, recipes, looked.value);
    return plan.ok ? await carryOut(task.value, mark, plan.value, await foretelling, hosts.value) : printFaults(plan.faults);
  } finally {
    isWhole = false;
    await hosts.value.leave();
  }
}

function largestOutput({ build }: Plan): number {
  return build?.compiled.problem.tasks.outputBytes.reduce((most, bytes) => Math.max(most, bytes), 0) ?? 0;
}

async function taskOf(request: RunRequest): Promise<Result<Task>> {
  if (request.resume !== null) {
    if (request.dryRun) return fail(fault("usage", "--dry-run", "found --resume beside it, expected one of them"));
    if (request.what.length > 0)
      return fail(fault("usage", "--resume", "found something to build beside it, expected nothing", "the RUN says what is built"));
    const resumed = resumedRun(request.resume);
    if (!resumed.ok) return resumed;
    const { wanted, journal } = resumed.value;
    return ok({ request, wanted, past: { ...journal, directory: request.resume } });
  }
  if (request.what.length === 0)
    return fail(fault("usage", "run", "found nothing to build", "a scenario file, .drv files or installables"));
  const history = historyFile();
  const input = await runInput(request.what, request.flags, existsSync(history) ? history : null);
  if (!input.ok) return input;
  return ok({ request, wanted: { input: input.value, flags: request.flags, policy: request.policy ?? POLICY_DEFAULT }, past: null });
}

async function carryOut(
  { request, wanted, past }: Task,
  mark: string,
  { build, there, asked }: Plan,
  /** Null: not yet. */
  forecast: Foretold | null,
  hosts: LiveHosts,
): Promise<number> {
  if (build === null) {
    const why = await broughtHome(hosts, there);
    if (why !== null) return printFaults([fault("host", "coordinator", why)]);
    if (request.outLink !== null) await linkResults(resolve(request.outLink), asked);
    process.stdout.write(`${asked.map(({ path }) => path).join("\n")}\n`);
    return EXIT.fine;
  }
  const seed = past?.header.seed ?? build.experiment.seeds[0]!;
  const directory = past?.directory ?? request.out ?? newRunDirectory(wanted.input.name, new Date());
  const blocked = directoryFault(directory) ?? (past === null && existsSync(join(directory, "run.json")) ? taken(directory) : null);
  if (blocked !== null) return printFaults([blocked]);
  const foretold = forecast ?? forecastOf(build);
  const header: JournalHeader = past?.header ?? {
    schema: "drvfleet.journal/1",
    run: mark,
    version: VERSION,
    digest: build.experiment.digest,
    policy: wanted.policy,
    seed,
    keepGoing: request.keepGoing,
    hosts: build.compiled.problem.hosts.names,
    began: Date.now() / 1000,
    prediction: predictionOf(foretold),
    history: historyOf(wanted.input),
  };
  if (past === null) {
    const failed = begunFiles(directory, wanted, build, seed, request.command);
    if (failed !== null) return printFaults([failed]);
  }
  const { problem } = build.compiled;
  const logs = new Logs(join(directory, "logs"));
  const roots = new Roots(join(directory, "roots"), mark);
  const lines = past?.lines ?? [];
  const clock = systemClock(lines.at(-1)?.at ?? 0);
  const isEvents = request.output === "json-lines";
  if (isEvents) printEvent(begunEvent(header, directory, problem.graph.count, clock.now(), past !== null));
  const view = watchOf({ problem, foretold, loudness: request.loudness, isEvents, clock, lines });
  const watch = { ...view, ...watchers([rootKeeper(build, roots), view]) };
  const built = await buildForReal({ build, hosts, directory, header, past: lines, logs, watch, clock });
  return ended({ request, wanted, build, hosts, built, header, directory, logs, roots, asked, isResumed: past !== null });
}

/** What was asked for is kept as soon as it is back. */
function rootKeeper({ compiled, recipes }: NonNullable<Plan["build"]>, roots: Roots): Watcher {
  const { root } = compiled.problem.graph;
  return {
    seen(seen) {
      if (seen.see === "ended" && root[seen.task] === 1) roots.keep(recipes[seen.task]!.outputs);
    },
    end: () => {},
  };
}

function taken(directory: string) {
  return fault("input", directory, "there is a RUN already", "--resume goes on with it; choose another --out for a new one");
}
