// What a run did, in the words in which real and simulated runs are compared: who was accepted in which order, where, and who
// had to wait for the poll tick first. Instants in seconds from the first question.
import { readInternalJson } from "#ingest/internal-json.js";
import { medianOf } from "#metrics/validate-error.js";
import type { FuzzCase } from "./case.js";
import { type RealRun, uriOf } from "./real-nix.js";

export interface Placed {
  readonly name: string;
  /** "local" = the coordinator. */
  readonly host: string;
  readonly postponed: boolean;
  readonly accepted: number;
  readonly begun: number;
  readonly ended: number;
}

export interface Outcome {
  /** In the order of acceptance. */
  readonly builds: readonly Placed[];
  readonly makespan: number;
}

/** A run of real Nix, and what it cost: the median connect of each machine and the start of a hook and of a builder. */
export interface Observed extends Outcome {
  readonly connect: ReadonlyMap<string, number>;
  readonly hook: number;
  /** From the accept to the builder. */
  readonly start: number;
}

/** What lies longer between an accept and the next question was something else, what is shorter found a hook that had started, µs. */
const HOOK_MAX = 0.2e6;
const HOOK_MIN = 0.01e6;

export const LOCAL = "local";

export async function observed(asked: FuzzCase, run: RealRun): Promise<Observed> {
  const read = await readInternalJson(chunksOf(run.log), "fuzz");
  if (!read.ok) throw new Error(`${read.faults.map(({ what }) => what).join("\n")}\n${run.log}`);
  const machineOf = new Map([["", LOCAL], ...asked.machines.map((machine) => [uriOf(machine), machine.name] as const)]);
  const builds = read.value.builds.map((build) => ({ ...build, host: machineOf.get(build.machine) ?? build.machine }));
  const mayFail = asked.nodes.some(({ fails }) => fails);
  if (!mayFail && (builds.length !== asked.nodes.length || run.code !== 0)) throw new Error(`Nix ended with ${run.code}\n${run.log}`);
  const connects = new Map<string, number[]>();
  const questions = builds
    .flatMap(({ asked: from, postponed }) => [from, postponed].filter((at) => at !== undefined))
    .sort((a, b) => a - b);
  const hooks: number[] = [];
  for (const { host, asked: from, accepted } of builds) {
    if (from === undefined) continue;
    connects.set(host, [...(connects.get(host) ?? []), (accepted - from) / 1e6]);
    const wait = (questions.find((at) => at > accepted) ?? Number.POSITIVE_INFINITY) - accepted;
    if (wait > HOOK_MIN && wait < HOOK_MAX) hooks.push(wait / 1e6);
  }
  // Between an accept and the next question nothing but the start of a hook lies only sometimes: then it is shortest.
  const hook = hooks.length > 0 ? hooks.sort((a, b) => a - b)[Math.floor(hooks.length / 4)]! : 0.05;
  const first = Math.min(...builds.map(({ asked: from, accepted }) => (from === undefined ? accepted : from - hook * 1e6)));
  const since = (at: number | undefined): number => (at === undefined ? Number.NaN : at - first) / 1e6;
  const starts = builds.filter(({ host }) => host !== LOCAL).map(({ name, accepted }) => run.begun.get(name)! - accepted / 1e6);
  return {
    builds: builds.map(({ name, host, postponed, accepted }) => ({
      name,
      host,
      postponed: postponed !== undefined,
      accepted: since(accepted),
      begun: run.begun.get(name)! - first / 1e6,
      ended: run.ended.get(name)! - first / 1e6,
    })),
    makespan: since(read.value.ended),
    connect: new Map([...connects].map(([host, seconds]) => [host, medianOf(seconds)])),
    hook,
    start: starts.length > 0 ? medianOf(starts) : 0.02,
  };
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** Order, hosts, and who waited for the tick: `a@m1 b@local z*@m2`. */
export function signature({ builds }: Outcome): string {
  return builds.map(({ name, host, postponed }) => `${name}${postponed ? "*" : ""}@${host}`).join(" ");
}
