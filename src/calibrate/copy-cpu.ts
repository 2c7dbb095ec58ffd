// Copies that the processors of one machine limit: the time that each would have taken with a core of the client to itself, by
// even shares among all copies of the run, either way, and the asks. Twins: sim/cpu.ts (copy), sim/client-work.ts.
// Ignores: what builds take; runs in which they take any are not given.
import { ASK_CORES, COPY_CORES } from "#model/hosts.js";
import { isRemote, type RecordedRun, rowsOf } from "./recorded-run.js";
import { coresShared } from "./shared-machine.js";

export interface Timed {
  /** Index of the run. */
  readonly run: number;
  readonly from: number;
  readonly to: number;
}

/** Seconds on an idle machine, for each of `copies`; `all`: whatever was copied there beside them, them included. */
export function onIdleMachine<C extends Timed>(
  copies: readonly C[],
  all: readonly Timed[],
  runs: readonly RecordedRun[],
): (C & { readonly y: number })[] {
  const asks = runs.map(asksOf);
  const cores = runs.map(coresShared);
  return copies.map((copy) => {
    const meets = ({ from, to }: Timed): boolean => from < copy.to && to > copy.from;
    const others = all.filter((other) => other.run === copy.run && meets(other));
    const asked = asks[copy.run]!.filter(meets);
    const cuts = [...others, ...asked, copy].flatMap(({ from, to }) => [from, to]).filter((at) => at >= copy.from && at <= copy.to);
    const ascending = cuts.sort((a, b) => a - b);
    let y = 0;
    for (let i = 1; i < ascending.length; i++) {
      const middle = (ascending[i - 1]! + ascending[i]!) / 2;
      const goesOn = ({ from, to }: Timed): boolean => from <= middle && to >= middle;
      y += (ascending[i]! - ascending[i - 1]!) * shareOf(others.filter(goesOn).length, asked.some(goesOn), cores[copy.run]!);
    }
    return { ...copy, y };
  });
}

/** Of its full rate, what each of so many copies has beside an ask or none: cores are split evenly, nobody above what he can use. */
function shareOf(copies: number, asks: boolean, cores: number): number {
  const left = asks ? cores - Math.min(ASK_CORES, cores / (copies + 1)) : cores;
  return Math.min(1, left / copies / COPY_CORES);
}

function asksOf(run: RecordedRun, index: number): Timed[] {
  return rowsOf(run)
    .filter(isRemote)
    .map((row) => ({ run: index, from: row.at("asked"), to: row.at("accepted") }));
}
