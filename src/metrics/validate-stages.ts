// How long the parts of a build took, simulated against real: the stages of a trace in pairs. A pair of which a recording
// does not show both ends is left out, so a source is judged by what it can see.
import type { Stage } from "#dispatch/trace.js";
import { instantOf, type Observed } from "./observed.js";
import { errorSize, medianOf } from "./validate-error.js";
import type { StageFit } from "./validation.js";

interface Part {
  readonly name: string;
  readonly from: Stage;
  readonly to: Stage;
}

/** Sums stand beside their parts: Nix prints `returned` late while its loop is blocked, and few sources see uploads. */
const PARTS: readonly Part[] = [
  { name: "wait", from: "ready", to: "asked" },
  { name: "ask", from: "asked", to: "accepted" },
  { name: "upload lock", from: "accepted", to: "uploadFrom" },
  { name: "upload", from: "uploadFrom", to: "uploaded" },
  { name: "upload + start", from: "accepted", to: "started" },
  { name: "build", from: "started", to: "built" },
  { name: "return", from: "built", to: "returned" },
  { name: "notice", from: "returned", to: "noticed" },
  { name: "return + notice", from: "built", to: "noticed" },
];

export function stageFits(runs: readonly Observed[], worlds: readonly Observed[], tasks: number): StageFit[] {
  // Of several clients a recording says when anybody knew that the inputs were there, a simulation when the one that asks did.
  const several = runs.some(({ trace }) => trace.clients.length > 1);
  return PARTS.filter(({ from }) => from !== "ready" || !several).flatMap(({ name, from, to }) => {
    const took = (run: Observed, task: number): number => instantOf(run, task, to) - instantOf(run, task, from);
    const pairs = Array.from({ length: tasks }, (_, task) => {
      const real = runs.map((run) => took(run, task)).filter(isSeen);
      const simulated = real.length === 0 ? [] : worlds.map((world) => took(world, task)).filter(isSeen);
      return { real, simulated };
    }).filter(({ real, simulated }) => real.length > 0 && simulated.length > 0);
    if (pairs.length === 0) return [];
    const all = pairs.flatMap(({ real }) => real);
    const fit: StageFit = {
      stage: name,
      builds: all.length,
      real: medianOf(all),
      simulated: medianOf(pairs.flatMap(({ simulated }) => simulated)),
      error: errorSize(
        pairs.flatMap(({ real, simulated }) => {
          const centre = medianOf(simulated);
          return real.map((seconds) => centre - seconds);
        }),
      ),
    };
    return [fit];
  });
}

/** Several configurations as one, in the order of the parts. */
export function stageSum(all: readonly (readonly StageFit[])[]): StageFit[] {
  return PARTS.flatMap(({ name }) => {
    const fits = all.flatMap((fits) => fits.filter(({ stage }) => stage === name));
    if (fits.length === 0) return [];
    const median = (value: (fit: StageFit) => number): number => medianOf(fits.map(value));
    return [
      {
        stage: name,
        builds: fits.reduce((sum, { builds }) => sum + builds, 0),
        real: median(({ real }) => real),
        simulated: median(({ simulated }) => simulated),
        error: { p50: median(({ error }) => error.p50), p90: median(({ error }) => error.p90) },
      },
    ];
  });
}

function isSeen(seconds: number): boolean {
  return !Number.isNaN(seconds);
}
