// Whether a configuration is missed by more than its own repetitions miss each other: by 10 %, or by more where they do. Three
// repetitions of a configuration that varies tell little of how much it does, so even a simulation that is right in all misses some
// like that: how many, it says itself, by worlds in the place of repetitions.
import { leaveOneOut, medianOf } from "./validate-error.js";
import type { MissFit, MissSum } from "./validation.js";

/** What may always be missed. */
const FREE = 0.1;

/** Makespans, seconds: of the runs, at least one, and of the worlds, whose median is `foretold`. */
export function missFit(real: readonly number[], worlds: readonly number[], foretold: number): MissFit {
  const drawn = draws(worlds, real.length);
  const { error, allowed } = missOf(real, foretold);
  return {
    error,
    allowed,
    byChance: drawn.filter((runs) => isBeyond(missOf(runs, foretold))).length / drawn.length,
    range: medianOf(drawn.map(rangeOf)),
  };
}

/** (Longest − shortest) ÷ median. */
export function rangeOf(makespans: readonly number[]): number {
  const centre = medianOf(makespans);
  return centre > 0 ? (Math.max(...makespans) - Math.min(...makespans)) / centre : 0;
}

export function isBeyond({ error, allowed }: Pick<MissFit, "error" | "allowed">): boolean {
  return error > allowed;
}

/** `repeated`: of the configurations with more than one repetition; at least one configuration. */
export function missSum(all: readonly MissFit[], repeated: readonly MissFit[]): MissSum {
  return {
    beyond: all.filter(isBeyond).length,
    atBest: all.reduce((sum, { byChance }) => sum + byChance, 0),
    range: repeated.length === 0 ? null : medianOf(repeated.map((one) => one.range)),
  };
}

function missOf(runs: readonly number[], foretold: number): Pick<MissFit, "error" | "allowed"> {
  const off = (expected: number, own: number): number => (own > 0 ? Math.abs(expected / own - 1) : 0);
  return {
    error: Math.max(...runs.map((own) => off(foretold, own))),
    allowed: Math.max(FREE, ...leaveOneOut(runs).map(({ own, others }) => off(others, own))),
  };
}

/** More distances tell no more than they cost. */
const DISTANCES_MOST = 50;

/** Every world with those that come after it at each distance, going round: the worlds of seeds know nothing of each other. */
function draws(worlds: readonly number[], count: number): (readonly number[])[] {
  const distances = count === 1 ? 1 : Math.max(1, Math.min(DISTANCES_MOST, Math.floor((worlds.length - 1) / (count - 1))));
  return Array.from({ length: distances }, (_, i) =>
    worlds.map((_, first) => Array.from({ length: count }, (_, k) => worlds[(first + k * (i + 1)) % worlds.length]!)),
  ).flat();
}
