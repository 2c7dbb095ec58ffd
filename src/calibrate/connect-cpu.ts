// What part of a connect the builder's CPU does: connects to one host in one run, some while its cores were all busy, some
// not. Only such pairs count, so that neither the load of a run nor what else differs between hosts is taken for it.
// Assumes: the same programs on every host, as busy as at the ask until the connect is open. Twin: connectSeconds in model.
import { mean } from "./cluster.js";
import { type Estimate, unknown } from "./estimate.js";
import { lineThrough, type Point } from "./line.js";

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
  const groups = new Map<string, Connect[]>();
  for (const one of connects) {
    const key = `${one.run} ${one.host}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const points = [...groups.values()].filter((group) => differs(group)).flatMap(centred);
  const line = lineThrough(points);
  if (line === null) return unknown("no builder was asked both while its cores were all busy and while one was free");
  if (!(line.low > 0)) return unknown("connects to busy builders take no longer than others");
  const runs = new Set(connects.map(({ run }) => run)).size;
  return { kind: "known", value: line.slope, interval: { low: line.low, high: line.high }, observations: points.length, runs };
}

function differs(group: readonly Connect[]): boolean {
  const all = group.map(({ stretch }) => stretch);
  return Math.max(...all) - Math.min(...all) > STRETCH_LEAST;
}

function centred(group: readonly Connect[]): Point[] {
  const x = mean(group.map(({ stretch }) => stretch));
  const y = mean(group.map(({ value }) => value));
  return group.map(({ stretch, value }) => ({ x: stretch - x, y: value - y }));
}
