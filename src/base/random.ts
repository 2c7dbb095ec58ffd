// Chance by name: each draw is a function of (seed, purpose, key, attempt), so every policy meets the same world
// whatever it does, and a new purpose or node shifts no other draw. The only door to seedrandom, exp and log.
import seedrandom from "seedrandom";

/** A stream of uniform numbers in [0, 1), for a policy that rolls dice. */
export type Random = () => number;

export function stream(seed: number, purpose: string): Random {
  const generator = seedrandom.alea(`${seed}/${purpose}`);
  return () => generator();
}

/** One uniform number in [0, 1) for this purpose and key. */
export function draw(seed: number, purpose: string, key: string, attempt = 0): number {
  return seedrandom.alea(`${seed}/${purpose}/${key}/${attempt}`)();
}

/** A standard normal number, by Box and Muller. */
export function drawNormal(seed: number, purpose: string, key: string, attempt = 0): number {
  const generator = seedrandom.alea(`${seed}/${purpose}/${key}/${attempt}`);
  const radius = Math.sqrt(-2 * Math.log(1 - generator()));
  return radius * Math.cos(2 * Math.PI * generator());
}

/** 97.5 % quantile of the normal law. */
export const Z = 1.959964;

/** Coefficient of variation of a lognormal factor of that variance of its logarithm: cv² = e^{σ²} − 1. */
export function variationOf(variance: number): number {
  return Math.sqrt(exponential(Math.max(0, variance)) - 1);
}

/**
 * A factor with median 1 and the given coefficient of variation, lognormal: cv² = e^{σ²} − 1. Rounded to 12 binary
 * digits after the leading ones, so that the last bit of exp, log and cos on another engine cannot show.
 */
export function drawFactor(seed: number, purpose: string, key: string, cv: number, attempt = 0): number {
  if (cv === 0) return 1;
  const sigma = Math.sqrt(Math.log(1 + cv * cv));
  return Math.round(Math.exp(sigma * drawNormal(seed, purpose, key, attempt)) * 2 ** 20) / 2 ** 20;
}

/**
 * A factor with median 1 that wanders: its logarithm is normal at every place, places that lie whole steps apart are
 * independent, between them it turns from one draw to the next. A function of the place, whoever asked before.
 */
export function drawWander(seed: number, purpose: string, cv: number, place: number): number {
  if (cv === 0) return 1;
  const from = Math.floor(place);
  const turn = (place - from) * (Math.PI / 2);
  const normal = Math.cos(turn) * drawNormal(seed, purpose, String(from)) + Math.sin(turn) * drawNormal(seed, purpose, String(from + 1));
  return Math.round(Math.exp(Math.sqrt(Math.log(1 + cv * cv)) * normal) * 2 ** 20) / 2 ** 20;
}

/** An index below `count`. */
export function pick(random: Random, count: number): number {
  return Math.floor(random() * count);
}

/** Seconds until the next event of a Poisson process with that mean gap, to the microsecond. */
export function drawGap(random: Random, meanSeconds: number): number {
  return Math.round(-meanSeconds * Math.log(1 - random()) * 1e6) / 1e6;
}

/** Natural logarithm, rounded to 12 digits: the last bits of another engine cannot show. For statistics. */
export function ln(x: number): number {
  return Number(Math.log(x).toPrecision(12));
}

/** e to the x, rounded like `ln`. */
export function exponential(x: number): number {
  return Number(Math.exp(x).toPrecision(12));
}
