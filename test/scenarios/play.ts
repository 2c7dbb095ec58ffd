// A committed scenario, played as a command line says: the flags of `drvfleet compare`, read by the same parser, so that
// what scenarios/README.md prints is what is run. Only the makespan's own run of each contender; no ladder, no bound.
import { Command } from "commander";
import type { Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { runOne, worldOf } from "#cli/cell.js";
import { experimentOf } from "#cli/experiment.js";
import { collect, type ScenarioFlags, scenarioFlags, whole, withScenarioFlags } from "#cli/scenario-flags.js";

export interface Run {
  readonly seed: number;
  /** Seconds. */
  readonly makespan: number;
  readonly trace: Trace;
  readonly problem: Problem;
}

/** One policy on one fleet. */
export interface Played {
  readonly fleet: string;
  readonly policy: string;
  readonly runs: readonly Run[];
  /** Seconds, mean of the worlds. */
  readonly makespan: number;
}

export const FOLDER = new URL("../../scenarios/", import.meta.url).pathname;

/** `command`: a path below scenarios/, then flags as typed, quotes and all. Throws where the program would print a fault. */
export function play(command: string): readonly Played[] {
  const [path, ...words] = wordsOf(command);
  const ready = experimentOf(`${FOLDER}${path}`, flagsOf(words));
  if (!ready.ok) throw new Error(ready.faults.map(({ where, what }) => `${where}: ${what}`).join("\n"));
  const { fleets, contenders, seeds } = ready.value.experiment;
  return fleets.flatMap((compiled) =>
    contenders.map((contender): Played => {
      const runs = seeds.map((seed): Run => {
        const world = worldOf(compiled, seed);
        const { trace } = runOne(compiled, contender, world);
        return { seed, makespan: trace.makespan / 1e6, trace, problem: world.truth };
      });
      const makespan = runs.reduce((sum, run) => sum + run.makespan, 0) / runs.length;
      return { fleet: compiled.fleetName, policy: contender.policy, runs, makespan };
    }),
  );
}

/** The first of that policy (any spelling that begins so) and fleet; both may be left out. */
export function of(played: readonly Played[], policy = "", fleet = ""): Played {
  const found = played.find((one) => one.policy.startsWith(policy) && (fleet === "" || one.fleet === fleet));
  if (found === undefined) throw new Error(`${policy} on ${fleet} was not played`);
  return found;
}

/** Ranked as `compare` does. */
export function winner(played: readonly Played[]): string {
  const best = played.reduce((least, one) => (one.makespan < least.makespan ? one : least));
  return `${best.policy} on ${best.fleet}`;
}

/** Names of the builds that ran on a host, in the order of the asks. */
export function buildsOn(run: Run, host: string): readonly string[] {
  const { trace, problem } = run;
  return Array.from({ length: trace.rows }, (_, row) => row)
    .filter((row) => problem.hosts.names[trace.host[row]!] === host)
    .map((row) => problem.graph.names[trace.task[row]!]!);
}

export function coreSecondsOn({ trace, problem }: Run, host: string): number {
  let sum = 0;
  for (let row = 0; row < trace.rows; row++) if (problem.hosts.names[trace.host[row]!] === host) sum += trace.coreSeconds[row]!;
  return sum;
}

/** Hosts in the order of the asks. */
export function hostsAsked(run: Run): readonly string[] {
  const { trace, problem } = run;
  return Array.from({ length: trace.rows }, (_, row) => problem.hosts.names[trace.host[row]!]!);
}

interface Typed extends ScenarioFlags {
  readonly policies: readonly string[];
  readonly seeds?: number;
}

function flagsOf(words: readonly string[]) {
  const command = withScenarioFlags(new Command())
    .option("--policies <list>", "", collect, [])
    .option("--seeds <n>", "", whole)
    .exitOverride()
    .parse([...words], { from: "user" });
  const typed = command.opts<Typed>();
  return { ...scenarioFlags(typed), policies: typed.policies };
}

/** As a shell splits, single quotes only. */
function wordsOf(command: string): readonly string[] {
  return (command.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ""));
}
