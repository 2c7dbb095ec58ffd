// Units and ids. A number with a brand cannot be passed for another; columns (typed arrays) carry their unit in
// their name instead, so hot loops stay plain numbers. Also reads quantities such as "4 GiB". Knows nothing of builds.

declare const brand: unique symbol;
type Brand<T extends string> = number & { readonly [brand]: T };

/** Integer microseconds since the start of the run, in a double (exact up to 285 years). */
export type Instant = Brand<"Instant">;
export type TaskId = Brand<"TaskId">;
export type HostId = Brand<"HostId">;

/** The coordinator is always host 0; builders follow in the order of the fleet file. */
export const COORDINATOR = 0 as HostId;
/** "No task", "no host" in id columns. */
export const NONE = -1;

export const MICROS_PER_SECOND = 1e6;

/** Seconds to integer microseconds, half up. */
export function micros(seconds: number): number {
  return Math.floor(seconds * MICROS_PER_SECOND + 0.5);
}

export function seconds(at: number): number {
  return at / MICROS_PER_SECOND;
}

export type Dimension = "bytes" | "rate" | "seconds";

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};
const BITS: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, Kbit: 1e3, Mbit: 1e6, Gbit: 1e9, Tbit: 1e12 };
const SECONDS: Readonly<Record<string, number>> = {
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  min: 60,
  m: 60,
  h: 3600,
  d: 86400,
};

const FACTORS: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = {
  bytes: BYTES,
  rate: {
    ...Object.fromEntries(Object.entries(BYTES).map(([unit, factor]) => [`${unit}/s`, factor])),
    ...Object.fromEntries(Object.entries(BITS).map(([unit, factor]) => [`${unit}/s`, factor / 8])),
  },
  seconds: SECONDS,
};

/** The units that a quantity of this dimension may have, for error texts. */
export function unitsOf(dimension: Dimension): readonly string[] {
  return Object.keys(FACTORS[dimension]);
}

/**
 * "4 GiB" → bytes, "100 Mbit/s" → bytes per second, "5 s" → seconds. Undefined when the text is no finite,
 * non-negative quantity of that dimension. `inf` is accepted for rates: an unlimited link.
 */
export function quantity(text: string, dimension: Dimension): number | undefined {
  const trimmed = text.trim();
  if (dimension === "rate" && (trimmed === "inf" || trimmed === "unlimited")) return Number.POSITIVE_INFINITY;
  const match = /^(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,3}))?\s*([A-Za-zµ/]+)$/.exec(trimmed);
  if (match === null) return undefined;
  const factor = FACTORS[dimension][match[3]!];
  if (factor === undefined) return undefined;
  const value = Number(`${match[1]}e${match[2] ?? "0"}`) * factor;
  return Number.isFinite(value) ? value : undefined;
}
