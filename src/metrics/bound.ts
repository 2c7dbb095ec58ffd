// A proven lower bound on the makespan of any schedule that builds everything, for the models in use and the true
// durations: the longest chain, the area of the fleet, and head + area + tail of the best window. The largest counts.
// Transfers, overheads, outages and failures are left out, so it holds under every conduct; a run in which builds fail
// for good may end earlier. Rule: architecture.md "Bounds and statistics".
import { NONE } from "#base/units.js";
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import { kindsOf, modelled } from "./bound-demand.js";
import { type Chains, chains } from "./bound-path.js";
import { groupsOf, prices } from "./bound-prices.js";
import { leastCost, leastSeconds, type Shapes, shapesOf } from "./bound-shapes.js";
import { bestWindow, type Window } from "./bound-window.js";
import { linearSolver } from "./linear-program.js";
import type { Bound } from "./result.js";

/** Prices are refined for the best window, which may move the window, so often. */
const ROUNDS_MAX = 4;
/** A window that far below the longest chain, as a share of it, is not refined: better prices seldom gain so much. */
const HOPE = 0.7;
/** The engine ends a build up to 2⁻¹⁰ µs early, to swallow rounding (architecture.md "Event core"). */
const EARLY_SECONDS = 2 ** -10 / 1e6;
/** Rounding of sums of doubles, relative. */
const ROUNDING = 1e-11;

/** `problem` holds the true durations. */
export async function lowerBound(problem: Problem, models: Models): Promise<Bound> {
  const solve = await linearSolver();
  // 1. What each task takes at the least.
  const seen = modelled(problem, models);
  const kinds = kindsOf(seen, models);
  const shapes = shapesOf(seen, kinds);
  // 2. The longest chain.
  const chain = chains(seen, byTask(shapes, leastSeconds(seen, kinds, shapes)));
  // 3. The area of everything, at the prices of the LP.
  const groups = groupsOf(seen, kinds, shapes);
  const areaOf = (window: Window): Float64Array => {
    const price = prices(seen, kinds, shapes, groups, weights(shapes, chain, window), solve);
    return byTask(shapes, leastCost(seen, kinds, shapes, price));
  };
  let area = areaOf({ head: 0, tail: 0, value: 0 });
  const whole = area.reduce((sum, x) => sum + x, 0);
  // 4. The best window, and better prices for it.
  let best = bestWindow(chain, area);
  const hopeful = (): boolean => (best.head > 0 || best.tail > 0) && best.value > chain.length * HOPE;
  for (let round = 1; round < ROUNDS_MAX && hopeful(); round++) {
    area = areaOf(best);
    const next = bestWindow(chain, area);
    if (!(next.value > best.value * 1.0005)) break;
    best = next;
  }
  return largest(safe(chain.length, problem), safe(whole, problem), safe(Math.max(best.value, whole), problem));
}

function byTask({ shapeOf, scale }: Shapes, ofExample: Float64Array): Float64Array {
  return scale.map((factor, t) => (shapeOf[t] === NONE ? 0 : factor * ofExample[shapeOf[t]!]!));
}

/** How many of each shape's example the window holds. */
function weights(shapes: Shapes, { head, tail }: Chains, window: Window): Float64Array {
  const weight = new Float64Array(shapes.count);
  for (let t = 0; t < shapes.shapeOf.length; t++) {
    const shape = shapes.shapeOf[t]!;
    if (shape !== NONE && head[t]! >= window.head && tail[t]! >= window.tail) weight[shape]! += shapes.scale[t]!;
  }
  return weight;
}

/** Less what rounding may have added, then up to the next microsecond: the makespan is a whole number of them. */
function safe(seconds: number, { graph }: Problem): number {
  return Math.max(0, Math.ceil((seconds * (1 - ROUNDING) - graph.count * EARLY_SECONDS) * 1e6) / 1e6);
}

/** Equal values are named by the simpler reason: path, area, head-tail. */
function largest(path: number, area: number, headTail: number): Bound {
  const seconds = Math.max(path, area, headTail);
  return { seconds, kind: seconds === path ? "path" : seconds === area ? "area" : "head-tail", path, area, headTail };
}
