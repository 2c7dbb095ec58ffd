// What the client itself takes per build: builder start, return and notice of an end. Each is read where nothing else can
// lie between its two instants; what a blocked loop delays is not counted, nor the latency of a copy.
import type { Stage } from "#dispatch/trace.js";
import { choreSpeed } from "#model/hosts.js";
import { busySpans, isIdle } from "./client-busy.js";
import { logsOf, overRuns, type Sample, withinRuns } from "./cluster.js";
import type { Estimate } from "./estimate.js";
import { isRemote, type RecordedRun, type Row, rowsOf, took } from "./recorded-run.js";
import { isOnMachine, stretchAt, uncrowded } from "./shared-machine.js";
import { alone, asks, startOf, startStretch } from "./side-by-side.js";
import { FEW_BYTES, type RowBytes } from "./travel.js";

export interface ClientTimes {
  readonly start: Estimate;
  readonly startCv: Estimate;
  readonly return: Estimate;
  readonly notice: Estimate;
  readonly noticeCv: Estimate;
}

interface Given {
  readonly bytesOf: readonly ((row: Row) => RowBytes)[];
  readonly hook: Estimate;
  /** Seconds one way, by host name; 0 where it is not known. */
  readonly latency: (host: string) => number;
  /** Where no build comes back without output: what copies take besides bytes and latency. */
  readonly returns: readonly Sample[];
}

export function clientTimes(runs: readonly RecordedRun[], { bytesOf, hook, latency, returns }: Given): ClientTimes {
  const { loadCv } = runs[0]!.conduct.timing;
  const busy = runs.map((run) => busySpans(run, hook));
  const samples = (read: (row: Row, bytes: RowBytes, run: number) => number): Sample[] =>
    runs.flatMap((recorded, run) =>
      rowsOf(recorded).flatMap((row) => {
        if (!isRemote(row) || !row.built) return [];
        const value = read(row, bytesOf[run]!(row), run);
        return value >= 0 ? [{ run, value }] : [];
      }),
    );
  const delay = (row: Row, run: number, bytes: number): number => (bytes > 0 ? latency(runs[run]!.problem.hosts.names[row.host]!) : 0);
  const idle = (row: Row, run: number, from: Stage, to: Stage): number =>
    isIdle(busy[run]!(row), row.at(from), row.at(to)) ? took(row, from, to) : Number.NaN;
  const quiet = uncrowded(runs);
  const rows = runs.map(rowsOf);
  const questions = runs.map(asks);
  /** Core-seconds of what took so long on a host that shares a machine; what is seen, elsewhere. */
  const onHost = (row: Row, run: number, at: number, seen: number): number => {
    const recorded = runs[run]!;
    return isOnMachine(recorded, row.host)
      ? seen / stretchAt(recorded, rows[run]!, row.host, at, choreSpeed(recorded.problem.hosts, row.host))
      : seen;
  };
  const starts = samples((row, bytes, run) => {
    // A log does not show a remote builder's start: import trace then has it at the instant of the upload's end.
    if (row.at("started") === row.at("uploaded")) return Number.NaN;
    const seen = alone(runs[run]!, startOf(runs[run]!, row), questions[run]!);
    if (!Number.isNaN(row.at("uploaded"))) return onHost(row, run, row.at("uploaded"), seen) / startStretch(runs[run]!, row.host);
    return bytes.in <= FEW_BYTES ? Math.max(0, seen - delay(row, run, bytes.in)) : Number.NaN;
  });
  const ends = samples((row, bytes, run) =>
    bytes.out <= FEW_BYTES
      ? onHost(row, run, row.at("built"), Math.max(0, idle(row, run, "built", "returned") - delay(row, run, bytes.out)))
      : Number.NaN,
  );
  const notices = samples((row, _, run) => (quiet.includes(runs[run]!) ? idle(row, run, "returned", "noticed") : Number.NaN));
  return {
    start: overRuns(starts, "no trace shows when inputs were there and the builder began", loadCv),
    startCv: withinRuns(logsOf(starts), 0, "too few builder starts in a run to see them vary"),
    return: overRuns(
      ends.length > 0 ? ends : returns,
      "no trace shows outputs coming back while the client was idle, on links of which the rate is known",
      loadCv,
    ),
    notice: overRuns(notices, "no trace shows an end being noticed while the client was idle", loadCv),
    noticeCv: withinRuns(logsOf(notices), 0, "too few notices in a run to see them vary"),
  };
}
