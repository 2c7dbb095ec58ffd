// What a task is made of in the store: its derivation, the paths that it needs, the paths that it makes. Settled by
// whoever reads .drv files. Paths are whole; texts are byte strings.
import type { BasicDerivation } from "./serve.js";

export interface Recipe {
  readonly drvPath: string;
  readonly drv: Omit<BasicDerivation, "inputs">;
  /** Outputs that it takes from other derivations, and sources: without what those refer to. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}
