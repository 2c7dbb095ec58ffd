// Rates and latency of the links to builders: seconds of a copy against its bytes, a straight line per host and direction.
// Outputs that a blocked client told late are left out, and copies that share their builder's link; where these are nearly
// all, each copy's time counts by its even share of the link.
// Assumes: the builder's link is the narrow one. Blind: the coordinator's own link, which its copies never fill alone.
import { COORDINATOR } from "#base/units.js";
import { copyLoad } from "#model/hosts.js";
import { busySpans, isIdle } from "./client-busy.js";
import { overRuns, type Sample } from "./cluster.js";
import { onIdleMachine } from "./copy-cpu.js";
import { type Estimate, type Known, unknown } from "./estimate.js";
import { type Line, lineThrough, type Point } from "./line.js";
import { isRemote, type RecordedRun, type Row, rowsOf } from "./recorded-run.js";
import { isOnMachine, uncrowded } from "./shared-machine.js";
import { FEW_BYTES, type RowBytes } from "./travel.js";

export interface Links {
  /** Bytes per second towards the host, by host name. */
  readonly down: ReadonlyMap<string, Estimate>;
  readonly up: ReadonlyMap<string, Estimate>;
  /** Bytes per second that the client's CPU can copy from, and to, the host: of those that share a machine. */
  readonly copyUp: ReadonlyMap<string, Estimate>;
  readonly copyDown: ReadonlyMap<string, Estimate>;
  /** Seconds, one way. */
  readonly latency: ReadonlyMap<string, Estimate>;
  /** Seconds of the client's own for outputs to come back, by run: what copies take besides bytes and latency. */
  readonly returns: readonly Sample[];
}

/** Of a link an interval wider than this factor says nothing: a fleet that gives no rate has a better guess. Of processors it has none. */
const RATE_RANGE = 20;
/** With fewer copies that had their link to themselves, the others count too. */
const LONELY_LEAST = 12;
/** Bytes: where no copy is larger, its time is round trips, and a rate told from it would be a hundredth of the link's. */
const BULK_LEAST = 1e6;

interface Copy extends Point {
  readonly run: number;
  readonly host: string;
  readonly from: number;
  readonly to: number;
  /** Whether it counts, or only stands in the way of others. */
  readonly seen: boolean;
  /** Whether nothing but the copy lies between its instants. */
  readonly pure: boolean;
}

export function links(
  runs: readonly RecordedRun[],
  hosts: readonly string[],
  bytesOf: readonly ((row: Row) => RowBytes)[],
  hook: Estimate,
): Links {
  const inwards = widest(
    runs,
    "down",
    runs.flatMap((run, i) => uploads(run, i, bytesOf[i]!)),
  );
  const outwards = widest(
    runs,
    "up",
    runs.flatMap((run, i) => downloads(run, i, bytesOf[i]!, hook)),
  );
  const by = <T>(read: (host: string) => T): ReadonlyMap<string, T> => new Map(hosts.map((host) => [host, read(host)]));
  const shared = new Set(hosts.filter((host) => runs.some((run) => isOnMachine(run, run.problem.hosts.names.indexOf(host)))));
  const quiet = uncrowded(runs);
  const byCpu = (copies: readonly Copy[]): Estimate => {
    const own = copies.filter(({ run, host, seen }) => seen && shared.has(host) && quiet.includes(runs[run]!));
    return shared.size === 0 ? NOWHERE : rateOf(onIdleMachine(own, [...inwards, ...outwards], runs), copyLoad);
  };
  const [copyUp, copyDown] = [byCpu(outwards), byCpu(inwards)];
  const latencyAt = runs[0]!.problem.hosts.latency[COORDINATOR]!;
  const up = by((host) => (shared.has(host) ? BY_CPU : rate(of(outwards, host))));
  const near = (copies: readonly Copy[]): Copy[] => copies.filter(({ run, host }) => shared.has(host) && quiet.includes(runs[run]!));
  const wireless = shortest(near(alone(inwards)), near(alone(outwards)), latencyAt, runs[0]!.conduct.timing.loadCv);
  const delays = by((host) =>
    shared.has(host)
      ? wireless
      : latency(
          alone(of(inwards, host)).filter(({ pure }) => pure),
          latencyAt,
        ),
  );
  return {
    down: by((host) => (shared.has(host) ? BY_CPU : rate(of(inwards, host)))),
    up,
    copyUp: new Map([...shared].map((host) => [host, copyUp])),
    copyDown: new Map([...shared].map((host) => [host, copyDown])),
    latency: delays,
    returns: hosts.flatMap((host) =>
      returnsOf(
        alone(of(outwards, host)).map((copy) => (shared.has(host) ? { ...copy, x: copyLoad(copy.x) } : copy)),
        shared.has(host) ? copyUp : up.get(host)!,
        delays.get(host)!,
        latencyAt,
      ),
    ),
  };
}

/** A link that some configurations narrow counts where it is widest: what narrows it, they say themselves. */
function widest(runs: readonly RecordedRun[], side: "up" | "down", copies: readonly Copy[]): Copy[] {
  const given = (run: RecordedRun, host: string): number => run.problem.hosts[side][run.problem.hosts.names.indexOf(host)] ?? 0;
  const most = new Map<string, number>();
  for (const { host } of copies) if (!most.has(host)) most.set(host, Math.max(...runs.map((run) => given(run, host))));
  return copies.filter(({ run, host }) => given(runs[run]!, host) === most.get(host));
}

const NOWHERE = unknown("no hosts share a machine");
const BY_CPU = unknown("it shares the client's machine, whose processors are taken to be what limits copies");

function of(copies: readonly Copy[], host: string): Copy[] {
  return copies.filter((copy) => copy.host === host);
}

function uploads(run: RecordedRun, index: number, bytesOf: (row: Row) => RowBytes): Copy[] {
  return copiesOf(run, index, (row) => {
    const pure = !Number.isNaN(row.at("uploadFrom")) && !Number.isNaN(row.at("uploaded"));
    return {
      x: bytesOf(row).in,
      from: pure ? row.at("uploadFrom") : row.at("accepted"),
      to: pure ? row.at("uploaded") : row.at("started"),
      pure,
      seen: true,
    };
  });
}

function downloads(run: RecordedRun, index: number, bytesOf: (row: Row) => RowBytes, hook: Estimate): Copy[] {
  const busy = busySpans(run, hook);
  return copiesOf(run, index, (row) => {
    const to = row.at("returned");
    return { x: bytesOf(row).out, from: row.at("built"), to, pure: false, seen: isIdle(busy(row), to, to) };
  });
}

function copiesOf(run: RecordedRun, index: number, read: (row: Row) => Omit<Copy, "run" | "host" | "y">): Copy[] {
  return rowsOf(run).flatMap((row) => {
    if (!isRemote(row) || !row.built) return [];
    const copy = read(row);
    const y = copy.to - copy.from;
    return copy.x > 0 && y >= 0 ? [{ ...copy, y, run: index, host: run.problem.hosts.names[row.host]! }] : [];
  });
}

/** Those that count and meet no other copy of their host. */
function alone(copies: readonly Copy[]): Copy[] {
  return copies.filter(
    (copy) =>
      copy.seen &&
      !copies.some(
        (other) => other !== copy && other.run === copy.run && other.host === copy.host && other.from < copy.to && other.to > copy.from,
      ),
  );
}

/** With the time that each would have taken alone on a link that is split evenly. */
function unshared(copies: readonly Copy[]): Copy[] {
  return copies
    .filter(({ seen }) => seen)
    .map((copy) => {
      const others = copies.filter((other) => other !== copy && other.run === copy.run && other.from < copy.to && other.to > copy.from);
      const cuts = [copy.from, copy.to, ...others.flatMap(({ from, to }) => [from, to])]
        .filter((at) => at >= copy.from && at <= copy.to)
        .sort((a, b) => a - b);
      let y = 0;
      for (let i = 1; i < cuts.length; i++) {
        const middle = (cuts[i - 1]! + cuts[i]!) / 2;
        y += (cuts[i]! - cuts[i - 1]!) / (1 + others.filter(({ from, to }) => from <= middle && to >= middle).length);
      }
      return { ...copy, y };
    });
}

/** `all`: of one host and direction, also those that were told late, which stand in the way of others. */
function rate(all: readonly Copy[]): Estimate {
  const lonely = alone(all);
  return rateOf(lonely.length >= LONELY_LEAST ? lonely : unshared(all));
}

/** Each with the time that it takes alone. */
function rateOf(copies: readonly Copy[], load?: (bytes: number) => number): Estimate {
  const line = lineThrough(load === undefined ? copies : copies.map(({ x, y }) => ({ x: load(x), y })));
  if (line === null) return unknown("too few copies of different sizes that had the link to themselves");
  const most = Math.max(...copies.map(({ x }) => x));
  if (!(line.low > 0) || most < BULK_LEAST) {
    return unknown(`copies are too small (at most ${Math.ceil(most / 1000)} kB) to take visibly longer the larger they are`);
  }
  if (load === undefined && line.high > RATE_RANGE * line.low)
    return unknown("copies vary too much for other reasons: any rate of a wide range fits");
  return { ...basis(copies), value: 1 / line.slope, interval: { low: 1 / line.high, high: 1 / line.low } };
}

/** What an upload takes besides its bytes, less the coordinator's own share. */
function latency(copies: readonly Copy[], coordinator: number): Estimate {
  const line: Line | null = lineThrough(copies);
  if (line === null) return unknown("too few uploads whose begin and end are seen");
  const low = line.interceptLow - coordinator;
  const high = line.interceptHigh - coordinator;
  if (!(low > 0)) return unknown(`too short to be told from the copies themselves: below ${(Math.max(0, high) * 1000).toFixed(1)} ms`);
  return { ...basis(copies), value: line.intercept - coordinator, interval: { low, high } };
}

/**
 * No wire lies between hosts of one machine, so it is the same to all of them: what small uploads take, and no more than small
 * outputs take in all.
 */
function shortest(uploads: readonly Copy[], outputs: readonly Copy[], coordinator: number, betweenCv: number): Estimate {
  const small = (copies: readonly Copy[]): Estimate =>
    overRuns(
      copies.filter(({ x }) => x <= FEW_BYTES).map(({ run, y }) => ({ run, value: Math.max(0, y - coordinator) })),
      "no trace shows a small copy between hosts of one machine",
      betweenCv,
    );
  const [there, back] = [small(uploads.filter(({ pure }) => pure)), small(outputs)];
  return there.kind === "unknown" || (back.kind === "known" && back.value < there.value) ? back : there;
}

/** From the smaller half of the copies, whose bytes matter less. */
function returnsOf(copies: readonly Copy[], up: Estimate, delay: Estimate, coordinator: number): Sample[] {
  if (up.kind === "unknown") return [];
  const besides = delay.kind === "known" ? delay.value + coordinator : coordinator;
  return copies
    .toSorted((a, b) => a.x - b.x)
    .slice(0, Math.ceil(copies.length / 2))
    .map(({ run, x, y }) => ({ run, value: Math.max(0, y - x / up.value - besides) }));
}

function basis(copies: readonly Copy[]): Pick<Known, "kind" | "observations" | "runs"> {
  return { kind: "known", observations: copies.length, runs: new Set(copies.map(({ run }) => run)).size };
}
