// What `run` does once its hosts are called: plan (what nobody has yet), prediction, journal, build, account. What stands here
// is their order; each has a room of its own.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fault, ok, type Result } from "#base/fault.js";
import { systemClock } from "#live/host/clock.js";
import { BULK_MIN } from "#live/run/carrier.js";
import type { JournalHeader } from "#live/run/journal.js";
import type { Foretold } from "#report/foretold.js";
import { EXIT, printFaults } from "./exit.js";
import { directoryFault } from "./files.js";
import type { Task } from "./run.js";
import { begunFiles } from "./run-account.js";
import { broughtHome, buildForReal } from "./run-build.js";
import { ended } from "./run-end.js";
import { begunEvent, printEvent } from "./run-events.js";
import { forecastBeside, forecastOf, predictionOf } from "./run-forecast.js";
import type { LiveHosts } from "./run-hosts.js";
import { type Watcher, watchers } from "./run-lines.js";
import { Logs } from "./run-logs.js";
import { historyOf, newRunDirectory } from "./run-place.js";
import { builtSomewhere, type Plan, planOf, wholePlan } from "./run-plan.js";
import { linkResults, Roots } from "./run-roots.js";
import { watchOf } from "./run-watch.js";
import { VERSION } from "./version.js";

/** Returns the exit code. `connecting`: the hosts, or why they cannot be used. */
export async function carryOut(task: Task, hosts: LiveHosts, connecting: Promise<Result<void>>): Promise<number> {
  const { wanted, past } = task;
  const planned = wholePlan(wanted);
  if (!planned.ok) return printFaults(planned.faults);
  const { recipes, whole } = planned.value;
  if (isBulky(whole)) hosts.fleet.expectBulk();
  let isWhole = true;
  try {
    // Most runs find nothing built: what they will take is foretold while the hosts answer.
    const foretelling = whole.build === null ? null : forecastBeside(whole.build, () => isWhole);
    const there = await connecting;
    if (!there.ok) return printFaults(there.faults);
    const looked = await builtSomewhere(hosts.fleet, recipes);
    if (!looked.ok) return printFaults(looked.faults);
    isWhole = past !== null || !recipes.some((_, node) => looked.value(node));
    const plan = isWhole ? ok(whole) : planOf(wanted, recipes, looked.value);
    return plan.ok ? await execute(task, plan.value, await foretelling, hosts) : printFaults(plan.faults);
  } finally {
    isWhole = false;
  }
}

function isBulky({ build }: Plan): boolean {
  return build?.compiled.problem.tasks.outputBytes.some((bytes) => bytes >= BULK_MIN) ?? false;
}

async function execute(
  { request, wanted, mark, past }: Task,
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
