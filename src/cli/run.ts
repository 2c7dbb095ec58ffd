// `run`: derivations built for real. Phases: what is wanted, hosts, plan (what nobody has yet), prediction, journal, build,
// account. What stands here is their order; each has a room of its own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail, fault, ok, type Result } from "#base/fault.js";
import type { JournalHeader } from "#live/run/journal.js";
import type { JournalLine } from "#live/run/replay.js";
import type { Instant } from "#base/units.js";
import type { Problem } from "#model/problem.js";
import type { RunBegun } from "#report/run-event.js";
import type { Flags } from "#scenario/flags.js";
import { EXIT, printFaults } from "./exit.js";
import { directoryFault } from "./files.js";
import { enterRun } from "./ledger.js";
import type { Loudness } from "./notes.js";
import { type Account, accountOf, accountText, appendHistory, begunFiles, endedFiles } from "./run-account.js";
import { broughtHome, type Built, buildForReal } from "./run-build.js";
import { dryRun } from "./run-dry.js";
import { connected, hostsOf, type LiveHosts } from "./run-hosts.js";
import { runInput } from "./run-input.js";
import { begunEvent, eventWatcher, printEvent } from "./run-events.js";
import { lineWatcher, type Watcher, watchers } from "./run-lines.js";
import { Logs } from "./run-logs.js";
import { historyFile, ledgerFile, newRunDirectory } from "./run-place.js";
import { builtSomewhere, checked, type Plan, planOf, POLICY_DEFAULT, type Wanted } from "./run-plan.js";
import { forecastOf, predictionOf } from "./run-forecast.js";
import { resumedRun } from "./run-resume.js";
import { VERSION } from "./version.js";

export interface RunRequest {
  readonly what: readonly string[];
  readonly flags: Flags;
  readonly policy: string | null;
  readonly out: string | null;
  readonly resume: string | null;
  /** Null: the one of the state directory. */
  readonly ledger: string | null;
  readonly keepGoing: boolean;
  readonly dryRun: boolean;
  readonly output: "text" | "json" | "json-lines";
  readonly loudness: Loudness;
  readonly command: string;
}

/** Lines of the log of a failed build that are shown. */
const LOG_LINES = 20;

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
  const recipes = checked(wanted);
  if (!recipes.ok) return printFaults(recipes.faults);
  if (request.dryRun) return dryRun(wanted, recipes.value, request.output !== "text");
  const mark = past?.header.run ?? `${Date.now().toString(36)}-${process.pid}`;
  const hosts = hostsOf(wanted.input.fleet, mark);
  if (!hosts.ok) return printFaults(hosts.faults);
  try {
    const there = await connected(hosts.value, past !== null);
    if (!there.ok) return printFaults(there.faults);
    const looked = await builtSomewhere(hosts.value.fleet, recipes.value);
    if (!looked.ok) return printFaults(looked.faults);
    const plan = planOf(wanted, recipes.value, past === null ? looked.value : () => false);
    return plan.ok ? await carryOut(task.value, mark, plan.value, hosts.value) : printFaults(plan.faults);
  } finally {
    await hosts.value.leave();
  }
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

async function carryOut({ request, wanted, past }: Task, mark: string, { build, there, asked }: Plan, hosts: LiveHosts): Promise<number> {
  if (build === null) {
    const why = await broughtHome(hosts, there);
    if (why !== null) return printFaults([fault("host", "coordinator", why)]);
    process.stdout.write(`${asked.join("\n")}\n`);
    return EXIT.fine;
  }
  const seed = past?.header.seed ?? build.experiment.seeds[0]!;
  const directory = past?.directory ?? request.out ?? newRunDirectory(wanted.input.name, new Date());
  const blocked = directoryFault(directory) ?? (past === null && existsSync(join(directory, "run.json")) ? taken(directory) : null);
  if (blocked !== null) return printFaults([blocked]);
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
    prediction: predictionOf(forecastOf(build)),
  };
  if (past === null) {
    const failed = begunFiles(directory, wanted, build, seed, request.command);
    if (failed !== null) return printFaults([failed]);
  }
  const { problem } = build.compiled;
  const logs = new Logs(join(directory, "logs"));
  const { watcher, begin } = watcherOf(problem, request);
  begin(begunEvent(header, directory, problem.graph.count, (past?.lines.at(-1)?.at ?? 0) as Instant, past !== null));
  const built = await buildForReal({ build, hosts, directory, header, past: past?.lines ?? [], logs, watcher });
  watcher.end();
  const failed = endedFiles(directory, built.trace, problem, header);
  if (failed !== null) return printFaults([failed]);
  appendHistory(historyFile(), built, problem, wanted.input, header.began);
  const isWhole = built.failed.length + built.givenUp.length + built.unbuilt === 0;
  const missing = isWhole ? await broughtHome(hosts, asked) : null;
  if (missing !== null) return printFaults([fault("host", "coordinator", missing)]);
  const account = accountOf(built, problem, header, directory, isWhole ? asked : [], logs);
  if (isWhole && past === null && account.seconds > 0)
    enterRun(request.ledger ?? ledgerFile(), header, account.built, account.seconds, directory);
  show(account, request, logs);
  if (built.unbuilt > 0 && built.stopped === null)
    for (const [h, why] of hosts.fleet.out.entries()) if (why !== null) sayOut(problem.hosts.names[h]!, why);
  return exitOf(built);
}

function watcherOf(problem: Problem, { output, loudness }: RunRequest): { watcher: Watcher; begin(begun: RunBegun): void } {
  const isEvents = output === "json-lines";
  const lines = loudness === "quiet" ? [] : [lineWatcher(problem, true, (line) => process.stderr.write(`${line}\n`))];
  return {
    watcher: watchers([...(isEvents ? [eventWatcher(problem, printEvent)] : []), ...lines]),
    begin: (begun) => isEvents && printEvent(begun),
  };
}

function taken(directory: string) {
  return fault("input", directory, "there is a RUN already", "--resume goes on with it; choose another --out for a new one");
}

function sayOut(host: string, why: string): void {
  printFaults([fault("host", host, `it is set aside: ${why}`)]);
}

function show(account: Account, { output }: RunRequest, logs: Logs): void {
  for (const { name, host, why, log, key } of [...account.failed, ...account.givenUp]) {
    process.stderr.write(`error: ${name} failed on ${host}: ${why.split("\n")[0]}\n`);
    for (const line of logs.tail(key, LOG_LINES)) process.stderr.write(`  > ${line}\n`);
    if (log !== null) process.stderr.write(`  whole log: ${log}\n`);
  }
  process.stdout.write(`${output === "text" ? accountText(account) : JSON.stringify(account)}\n`);
}

function exitOf({ failed, givenUp, unbuilt, signal }: Built): number {
  if (signal !== null && unbuilt > 0) return signal === "SIGINT" ? 130 : 143;
  if (failed.length > 0) return EXIT.buildFailed;
  return unbuilt + givenUp.length > 0 ? EXIT.host : EXIT.fine;
}
