// The build itself: journal begun or gone on with, policy made as the simulator makes it, engine run, signals heeded, and
// in the end everything that was asked for on the coordinator.
import { join } from "node:path";
import { assert } from "#base/assert.js";
import { stream } from "#base/random.js";
import { COORDINATOR } from "#base/units.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import { Carrier } from "#live/run/carrier.js";
import type { Clock } from "#live/host/clock.js";
import { Engine, type Outcome } from "#live/run/engine.js";
import { Journal, type JournalHeader } from "#live/run/journal.js";
import type { JournalLine } from "#live/run/replay.js";
import { makeDirectory } from "./files.js";
import type { LiveHosts } from "./run-hosts.js";
import type { Logs } from "./run-logs.js";
import type { Plan } from "./run-plan.js";
import { watchSignals } from "./run-signals.js";
import type { Watch } from "./run-watch.js";
import { schemeOf } from "./scheme-of.js";

export interface BuildInput {
  readonly build: NonNullable<Plan["build"]>;
  readonly hosts: LiveHosts;
  readonly directory: string;
  readonly header: JournalHeader;
  readonly past: readonly JournalLine[];
  readonly logs: Logs;
  readonly watch: Watch;
  readonly clock: Clock;
}

export interface Built extends Outcome {
  readonly signal: "SIGINT" | "SIGTERM" | null;
}

export const JOURNAL = "journal.jsonl";

export async function buildForReal({ build, hosts, directory, header, past, logs, watch, clock }: BuildInput): Promise<Built> {
  const { compiled, contender, recipes } = build;
  const { problem } = compiled;
  makeDirectory(directory);
  const path = join(directory, JOURNAL);
  const journal = past.length === 0 ? Journal.begin(path, header, problem) : Journal.resume(path, problem);
  const scheme = schemeOf(contender.policy);
  assert(scheme.ok, () => `policy ${contender.policy} was settled before`);
  const engine = new Engine(
    {
      problem,
      policy: scheme.value.create(problem, stream(header.seed, `policy/${contender.policy}`)),
      policyName: contender.policy,
      conduct: CONDUCTS.run,
      prefer: compiled.prefer,
      sharedCores: compiled.models.cpu === "shared",
      recipes,
      clock,
      journal,
      past,
      keepGoing: header.keepGoing,
      substitute: problem.transport.substitutable !== null,
      passages: problem.transport.route === "direct" ? hosts.passages : null,
      logOf: (task, host) => logs.open(problem.graph.keys[task]!, problem.hosts.names[host]!),
      watch: (seen, host) => watch.seen(seen, host),
    },
    hosts.fleet,
  );
  const signals = watchSignals({
    stop(why) {
      engine.stop(why);
      watch.stopping(why);
    },
    halt(why) {
      void engine.halt(why);
      watch.stopping(why);
    },
  });
  const outcome = await engine.run();
  watch.end();
  signals.release();
  journal.mark({ at: clock.now(), mark: "done" });
  journal.close();
  return { ...outcome, signal: signals.got() };
}

/** Brings the paths to the coordinator; null when they are there, else why not. */
export async function broughtHome({ fleet }: LiveHosts, paths: readonly string[]): Promise<string | null> {
  if (paths.length === 0) return null;
  const carrier = new Carrier(fleet.stores, { substitute: false, passages: null }, () => Promise.resolve(false));
  const carried = await carrier.bring({ paths, to: COORDINATOR, own: null, isUrgent: true });
  return carried.kind === "there" ? null : carried.kind === "lost" ? `${carried.path} is nowhere` : carried.why;
}
