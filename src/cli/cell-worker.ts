// A worker thread: has the experiment, is handed one world after the other.
import { workerData } from "piscina";
import type { RunResult } from "#metrics/result.js";
import { type Cell, runCell } from "./cell.js";
import type { Experiment } from "./experiment.js";

export default function work(cell: Cell): Promise<readonly RunResult[]> {
  return runCell(workerData as Experiment, cell);
}
