// Many worlds, in worker threads or here: the results come back in the order asked, so any number of threads gives the
// same bytes. A pool is worth its start only for work that takes longer than that; then even one thread is, since signals
// and progress are this thread's, and it must be free for them.
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { RunResult } from "#metrics/result.js";
import { type Cell, runCell } from "./cell.js";
import type { Experiment } from "./experiment.js";
import type { Progress } from "./progress.js";

/** Tasks × runs below which a thread costs more than it brings. */
const SMALL = 20_000;
const THREADS_MAX = 64;

/** `threads`: 0 = as many as the machine has. */
export async function runCells(
  experiment: Experiment,
  cells: readonly Cell[],
  threads: number,
  progress: Progress,
): Promise<readonly (readonly RunResult[])[]> {
  const wanted = Math.min(threads === 0 ? availableParallelism() : threads, cells.length, THREADS_MAX);
  const work = cells.length * experiment.contenders.length * Math.max(...experiment.fleets.map(({ problem }) => problem.graph.count));
  let done = 0;
  const count = (results: readonly RunResult[]): readonly RunResult[] => {
    progress.step(++done, cells.length);
    return results;
  };
  if (threads <= 1 && work < SMALL) {
    const results: (readonly RunResult[])[] = [];
    for (const cell of cells) {
      results.push(count(await runCell(experiment, cell)));
      await setImmediate();
    }
    return results;
  }
  const { Piscina } = await import("piscina");
  const pool = new Piscina({
    filename: new URL("./cell-worker.js", import.meta.url).href,
    workerData: experiment,
    minThreads: wanted,
    maxThreads: wanted,
  });
  try {
    return await Promise.all(cells.map(async (cell) => count((await pool.run(cell)) as readonly RunResult[])));
  } finally {
    await pool.destroy();
  }
}
