// Bytes that travelled for each build: as the trace says; else outputs come back whole, and inputs are the outputs of direct
// dependencies that the host did not have yet, by the order of the accepted asks. Unknown where hosts substitute, where
// whole closures travel, or where hosts send to each other. Twin in the simulator: dispatch/presence.ts.
import type { Problem } from "#model/problem.js";
import { isRemote, type RecordedRun, type Row, rowsOf } from "./recorded-run.js";

/** Bytes that travel within the clock's noise on any link. */
export const FEW_BYTES = 16384;

/** Bytes that travelled for a row; NaN = unknown. */
export interface RowBytes {
  readonly in: number;
  readonly out: number;
}

export function bytesOf(run: RecordedRun): (row: Row) => RowBytes {
  const inputs = inputBytes(run);
  const { tasks, transport } = run.problem;
  return (row) => ({
    in: row.bytesIn === row.bytesIn ? row.bytesIn : (inputs.get(row.task) ?? Number.NaN),
    out: row.bytesOut === row.bytesOut ? row.bytesOut : transport.route === "coordinator" ? tasks.outputBytes[row.task]! : Number.NaN,
  });
}

/** By task; nothing where it cannot be told from the graph. */
function inputBytes(run: RecordedRun): ReadonlyMap<number, number> {
  const { transport, tasks } = run.problem;
  const found = new Map<number, number>();
  if (transport.substitutable !== null || transport.closure !== "direct" || transport.route !== "coordinator") return found;
  const present = new Set<string>();
  for (const row of rowsOf(run).toSorted((a, b) => a.at("accepted") - b.at("accepted"))) {
    if (!isRemote(row)) continue;
    let bytes = tasks.fetch[row.task] === 1 ? 0 : tasks.sourceBytes[row.task]!;
    for (const { producer, perEdge, size } of inputsOf(run.problem, row.task)) {
      const output = `${row.host}/${producer}`;
      if (!present.has(output)) bytes += size;
      if (!perEdge) present.add(output);
    }
    present.add(`${row.host}/${row.task}`);
    found.set(row.task, bytes);
  }
  return found;
}

interface Input {
  readonly producer: number;
  /** What an edge carries for itself serves nobody else. */
  readonly perEdge: boolean;
  readonly size: number;
}

function inputsOf({ graph, tasks }: Problem, task: number): Input[] {
  const from = graph.predStart[task]!;
  return Array.from({ length: graph.predStart[task + 1]! - from }, (_, k) => {
    const producer = graph.pred[from + k]!;
    const edge = graph.predBytes === null ? Number.NaN : graph.predBytes[from + k]!;
    return { producer, perEdge: edge === edge, size: edge === edge ? edge : tasks.outputBytes[producer]! };
  });
}
