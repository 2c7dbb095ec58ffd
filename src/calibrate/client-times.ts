// What the client itself takes per build: hook start, refused asks, builder start, return and notice of an end. Each is
// read where nothing else can lie between its two instants; what a blocked loop delays is not counted.
// Source of the rules: Nix's loop as in dispatch/waves.ts and sim/executor.ts; a question waits for a hook after an accept.
import { ln } from "#base/random.js";
import { overRuns, type Sample, withinRuns } from "./cluster.js";
import type { Stage } from "#dispatch/trace.js";
import { busySpans, isIdle } from "./client-busy.js";
import { type Estimate, unknown } from "./estimate.js";
import { lineThrough } from "./line.js";
import { isRemote, type RecordedRun, type Row, rowsOf, took } from "./recorded-run.js";

export interface ClientTimes {
  readonly hook: Estimate;
  readonly refuse: Estimate;
  readonly hookCv: Estimate;
  readonly start: Estimate;
  readonly startCv: Estimate;
  readonly return: Estimate;
  readonly notice: Estimate;
}

/** Two remote asks in a row where the later build was ready before the earlier was accepted, refused ones between them. */
interface Gap {
  readonly run: number;
  readonly seconds: number;
  readonly refused: number;
}

/** `wander`: variance of the load within a run, in logarithms, which hooks share. */
export function clientTimes(runs: readonly RecordedRun[], bytesOf: readonly ((row: Row) => RowBytes)[], wander: number): ClientTimes {
  const { loadCv } = runs[0]!.conduct.timing;
  const ordered = runs.map(rowsOf);
  const serial = runs.map(({ conduct }) => conduct.timing.ask === "serial");
  const gaps = ordered.flatMap((rows, i) => (serial[i] ? gapsOf(rows, runs[i]!, i) : []));
  const hooks = gaps.filter(({ refused }) => refused === 0).map(({ run, seconds }) => ({ run, value: seconds }));
  const noHook = serial.some((one) => one)
    ? "no build was ready and waiting when the one before it was accepted"
    : "asks do not wait for each other here";
  const hook = overRuns(hooks, noHook, loadCv);
  const starts = samplesOf(ordered, bytesOf, startOf);
  const busy = runs.map((run) => busySpans(run, hook));
  const ends = (from: Stage, to: Stage, counts: (bytes: RowBytes) => boolean) =>
    samplesOf(ordered, bytesOf, (row, bytes, i) =>
      counts(bytes) && isIdle(busy[i]!, row.at(from), row.at(to)) ? took(row, from, to) : Number.NaN,
    );
  return {
    hook,
    hookCv: withinRuns(inLogarithms(hooks), wander, "too few hooks in a run to see them vary"),
    refuse: refuseOf(gaps),
    start: overRuns(starts, "no trace shows when inputs were there and the builder began", loadCv),
    startCv: withinRuns(inLogarithms(starts), 0, "too few builder starts in a run to see them vary"),
    return: overRuns(
      ends("built", "returned", ({ out }) => out <= FEW_BYTES),
      "no trace shows a build without output bytes coming back while the client was idle",
      loadCv,
    ),
    notice: overRuns(
      ends("returned", "noticed", () => true),
      "no trace shows an end being noticed while the client was idle",
      loadCv,
    ),
  };
}

function inLogarithms(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ value }) => value > 0).map(({ run, value }) => ({ run, value: ln(value) }));
}

/** Bytes that travel within the clock's noise on any link, bytes. */
const FEW_BYTES = 16384;

/** Bytes that travelled for a row; NaN = unknown. */
export interface RowBytes {
  readonly in: number;
  readonly out: number;
}

function samplesOf(
  ordered: readonly (readonly Row[])[],
  bytesOf: readonly ((row: Row) => RowBytes)[],
  read: (row: Row, bytes: RowBytes, run: number) => number,
): Sample[] {
  return ordered.flatMap((rows, run) =>
    rows.flatMap((row) => {
      if (!isRemote(row) || !row.built) return [];
      const value = read(row, bytesOf[run]!(row), run);
      return value >= 0 ? [{ run, value }] : [];
    }),
  );
}

/** From the inputs being there; where that is not seen, from the accept of a build that needs none. */
function startOf(row: Row, bytes: RowBytes): number {
  const seen = took(row, "uploaded", "started");
  if (seen === seen) return seen;
  return bytes.in <= FEW_BYTES ? took(row, "accepted", "started") : Number.NaN;
}

function gapsOf(rows: readonly Row[], { trace }: RecordedRun, run: number): Gap[] {
  const postponed = trace.spans.filter(({ kind }) => kind === "postponed");
  return rows.slice(1).flatMap((next, i) => {
    const before = rows[i]!;
    const accepted = before.at("accepted");
    const asked = next.at("asked");
    const waited = postponed.some(({ task, to }) => task === next.task && Math.abs(to / 1e6 - asked) < 0.5);
    if (!isRemote(before) || !isRemote(next) || waited || !(next.at("ready") <= accepted) || !(asked >= accepted)) return [];
    const refused = postponed.filter(({ from }) => from / 1e6 >= accepted && from / 1e6 <= asked).length;
    return [{ run, seconds: asked - accepted, refused }];
  });
}

/** What each refused ask adds to a gap, whose rest, the hook's start, varies. */
function refuseOf(gaps: readonly Gap[]): Estimate {
  const line = lineThrough(gaps.map(({ refused, seconds }) => ({ x: refused, y: seconds })));
  if (line === null || gaps.every(({ refused }) => refused === 0)) return unknown("no build was refused between two accepted ones");
  if (!(line.low > 0)) return unknown("what refusals take is lost in the variation of the hook's start");
  const runs = new Set(gaps.map(({ run }) => run)).size;
  return { kind: "known", value: line.slope, interval: { low: line.low, high: line.high }, observations: gaps.length, runs };
}
