// The order in which machines are asked for before the first end is noticed: there chance has no say but in how many asks
// fit, so a simulation that knows the client's rule has the very same order, as far as both go.
import { COORDINATOR } from "#base/units.js";
import type { Trace } from "#dispatch/trace.js";
import type { WaveFit } from "./validation.js";

/** Null where no recording shows asks. */
export function waveFit(runs: readonly Trace[], worlds: readonly Trace[]): WaveFit | null {
  const simulated = worlds.map(firstWave);
  const real = runs.map(firstWave).filter((asks) => asks.length > 0);
  if (real.length === 0) return null;
  const alike = real.map((asks) => simulated.filter((world) => goTogether(asks, world)).length);
  return {
    runs: real.length,
    same: alike.filter((count) => 2 * count >= worlds.length).length,
    asks: real.reduce((sum, asks) => sum + asks.length, 0),
  };
}

export function waveSum(fits: readonly (WaveFit | null)[]): WaveFit | null {
  const known = fits.filter((fit) => fit !== null);
  if (known.length === 0) return null;
  const sum = (value: (fit: WaveFit) => number): number => known.reduce((all, fit) => all + value(fit), 0);
  return { runs: sum((fit) => fit.runs), same: sum((fit) => fit.same), asks: sum((fit) => fit.asks) };
}

/** Tasks in the order of their asks of a machine, those of one instant as they stand. */
function firstWave(trace: Trace): number[] {
  const rows = Array.from({ length: trace.rows }, (_, row) => row);
  const ends = rows.flatMap((row) => {
    const end = [trace.noticed[row]!, trace.returned[row]!, trace.built[row]!].find((at) => !Number.isNaN(at));
    return end === undefined ? [] : [end];
  });
  const first = ends.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return rows
    .filter((row) => trace.host[row] !== COORDINATOR && trace.asked[row]! < first)
    .sort((a, b) => trace.asked[a]! - trace.asked[b]!)
    .map((row) => trace.task[row]!);
}

function goTogether(one: readonly number[], other: readonly number[]): boolean {
  const both = Math.min(one.length, other.length);
  return both > 0 && one.slice(0, both).every((task, i) => task === other[i]);
}
