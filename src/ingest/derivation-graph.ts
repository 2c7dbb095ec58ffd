// Derivations, in whatever form they come, into a graph collector: the sink that the .drv walk and the JSON reader
// share. Counts what a graph cannot express, for notes. Knows neither files nor the order in which they are read.
import type { Fault } from "#base/fault.js";
import type { Derivation } from "./derivation.js";
import { nodeOf } from "./derivation-node.js";
import type { GraphCollector } from "./graph-of.js";

export interface DerivationGraph {
  add(derivation: Derivation, where: string): Fault | undefined;
  notes(): readonly string[];
}

export function derivationGraph(collector: GraphCollector): DerivationGraph {
  let dynamic = 0;
  return {
    add: (derivation, where) => {
      const node = nodeOf(derivation, where);
      if (!node.ok) return node.faults[0];
      dynamic += derivation.dynamicInputs;
      return collector.add(derivation.path, node.value, derivation.inputDrvs, derivation.storeDir);
    },
    notes: () =>
      dynamic === 0
        ? []
        : [
            `${dynamic} inputs are outputs of derivations that do not exist before building (dynamic derivations): only what produces them is in the graph`,
          ],
  };
}
