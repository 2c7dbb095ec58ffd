// The one door to HiGHS, an LP solver in WebAssembly. Solves min c·x, lower ≤ A x ≤ upper, x ≥ 0, and returns the dual
// prices of the rows. Knows nothing of builds. There is no fallback: a solver that does not load or solve is our bug.
import { assert } from "#base/assert.js";

/** Columns in CSC: entries of column j are rows[starts[j] … starts[j + 1]). */
export interface LinearProgram {
  readonly cost: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

/** Returns the dual price of each row at the optimum. */
export type LinearSolver = (program: LinearProgram) => Float64Array;

let loading: Promise<LinearSolver> | undefined;

/** Loads the solver once per thread. */
export function linearSolver(): Promise<LinearSolver> {
  loading ??= load();
  return loading;
}

async function load(): Promise<LinearSolver> {
  const { default: loadHighs } = await import("highs");
  // The package's types describe its CommonJS half, where the loader is `default`; Node gives us the other.
  const highs = await (loadHighs as unknown as typeof loadHighs.default)();
  return (program) => {
    const numCols = program.cost.length;
    const numRows = program.lower.length;
    const matrix = { format: "csc", numCols, numRows, starts: program.starts, indices: program.rows, values: program.values } as const;
    const model = highs.createModel();
    try {
      model.options.set({ output_flag: false });
      model.passModel({
        numCols,
        numRows,
        colCost: program.cost,
        colLower: new Float64Array(numCols),
        colUpper: new Float64Array(numCols).fill(highs.infinity),
        rowLower: program.lower.map(finite),
        rowUpper: program.upper.map(finite),
        matrix,
      });
      model.run();
      const status = model.getModelStatus();
      assert(status === highs.constants.modelStatus.optimal, `the linear program of the bound ended with status ${status}`);
      return model.getSolution().rowDual;
    } finally {
      model.dispose();
    }
  };

  function finite(value: number): number {
    return Number.isFinite(value) ? value : Math.sign(value) * highs.infinity;
  }
}
