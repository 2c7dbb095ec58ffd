// What part of a connect the builder's CPU does: connects to one host in one run, some while its cores were all busy, some
// not: there neither the load of the run nor what else differs between hosts is taken for it. Where that shows, runs in which the host was
// busy count too, against those in which it was not, by as much as their loads let them tell.
// Assumes: the same programs on every host. Twins: connectSeconds in model, sim/client-work.ts.
import { mean } from "./cluster.js";
import { type Estimate, unknown } from "./estimate.js";
import { type Line, lineThrough, type Point } from "./line.js";

/** One connect. */
export interface Connect {
  /** Index of the run. */
  readonly run: number;
  readonly host: string;
  /** Seconds. */
  readonly value: number;
  /** Seconds that one core-second took there then. */
  readonly stretch: number;
}

/** Below this difference of stretches no host was asked both while busy and while not. */
const STRETCH_LEAST = 0.2;

/** Core-seconds of one connect. */
export function connectCpu(connects: readonly Connect[]): Estimate {
  const groups = grouped(connects, ({ run, host }) => `${run} ${host}`);
  const points = groups.filter((group) => differs(group)).flatMap(centred);
  const within = lineThrough(points);
  if (within === null) return unknown("no builder was asked both while its cores were all busy and while one was free");
  if (!(within.low > 0)) return unknown("connects to busy builders take no longer than others");
  const runs = new Set(connects.map(({ run }) => run)).size;
  const usual = groups.map((group) => ({ ...group[0]!, value: mean(group.map(({ value }) => value)), stretch: mean(stretches(group)) }));
  const across = lineThrough(
    grouped(usual, ({ host }) => host)
      .filter((group) => differs(group))
      .flatMap(centred),
  );
  const { slope, low, high } = across === null ? within : joined(within, across);
  return { kind: "known", value: slope, interval: { low: Math.max(0, low), high }, observations: points.length, runs };
}

type Slope = Pick<Line, "slope" | "low" | "high">;

/** Two estimates of one slope, each weighing by how well it is known. */
function joined(a: Slope, b: Slope): Slope {
  const weights = [a, b].map(({ low, high }) => 1 / Math.max(high - low, Number.EPSILON) ** 2) as [number, number];
  const all = weights[0] + weights[1];
  const slope = (a.slope * weights[0] + b.slope * weights[1]) / all;
  const reach = 1 / Math.sqrt(all) / 2;
  return { slope, low: slope - reach, high: slope + reach };
}

function grouped(connects: readonly Connect[], key: (one: Connect) => string): Connect[][] {
  const groups = new Map<string, Connect[]>();
  for (const one of connects) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups.values()];
}

function differs(group: readonly Connect[]): boolean {
  const all = stretches(group);
  return Math.max(...all) - Math.min(...all) > STRETCH_LEAST;
}

function centred(group: readonly Connect[]): Point[] {
  const x = mean(stretches(group));
  const y = mean(group.map(({ value }) => value));
  return group.map(({ stretch, value }) => ({ x: stretch - x, y: value - y }));
}

function stretches(group: readonly Connect[]): number[] {
  return group.map(({ stretch }) => stretch);
}
