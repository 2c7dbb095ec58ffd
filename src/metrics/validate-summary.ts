// Several validated configurations in a few figures. Errors count per run, intervals and noise per configuration, hosts
// per build.
import { mean } from "simple-statistics";
import { medianOf } from "./validate-error.js";
import { missSum } from "./validate-miss.js";
import { placementSum } from "./validate-placement.js";
import { rulesSum } from "./validate-rules.js";
import { stageSum } from "./validate-stages.js";
import { waveSum } from "./validate-wave.js";
import type { ErrorSize, PairFit, Validation, ValidationSummary } from "./validation.js";

/** At least one configuration. */
export function validationSummary(all: readonly Validation[]): ValidationSummary {
  const runs = all.flatMap((one) => one.runs);
  const errors = runs.map(({ error }) => Math.abs(error));
  const noises = all.flatMap(({ noise }) => (noise === null ? [] : [noise]));
  return {
    configurations: all.length,
    runs: runs.length,
    error: { p50: medianOf(errors), worst: Math.max(...errors) },
    inside: runs.filter(({ inside }) => inside).length,
    width: medianOf(all.map(({ width }) => width)),
    score: mean(runs.map(({ score, makespan }) => (makespan > 0 ? score / makespan : 0))),
    noise:
      noises.length === 0
        ? null
        : {
            p50: medianOf(noises.map((noise) => noise.leaveOneOut)),
            worst: Math.max(...noises.map((noise) => noise.leaveOneOut)),
            range: medianOf(noises.map((noise) => noise.range)),
          },
    misses: missSum(
      all.map(({ miss }) => miss),
      all.filter(({ noise }) => noise !== null).map(({ miss }) => miss),
    ),
    placement: placementSum(all.map(({ placement }) => placement)),
    start: medians(all.map(({ start }) => start)),
    startNoise: medians(noises.map(({ start }) => start)),
    order: pairFit(all),
    stages: stageSum(all.map(({ stages }) => stages)),
    firstWave: waveSum(all.map(({ firstWave }) => firstWave)),
    rules: rulesSum(all.map(({ rules }) => rules)),
  };
}

function medians(all: readonly (ErrorSize | null)[]): ErrorSize | null {
  const sizes = all.filter((size) => size !== null);
  return sizes.length === 0 ? null : { p50: medianOf(sizes.map(({ p50 }) => p50)), p90: medianOf(sizes.map(({ p90 }) => p90)) };
}

/** Whether one configuration is faster than another is what a simulation is asked for; differences within the noise tell nothing, nor does one run. */
function pairFit(all: readonly Validation[]): PairFit {
  const told = all.flatMap(({ graph, runs, simulated }) => {
    const real = runs.map(({ makespan }) => makespan);
    if (real.length < 2) return [];
    return [{ graph, real: medianOf(real), range: Math.max(...real) - Math.min(...real), simulated: simulated.p50 }];
  });
  const signs = told.flatMap((one, i) =>
    told.slice(i + 1).flatMap((other) => {
      const real = one.real - other.real;
      if (one.graph !== other.graph || Math.abs(real) <= Math.max(one.range, other.range)) return [];
      return [Math.sign(real) === Math.sign(one.simulated - other.simulated)];
    }),
  );
  return { pairs: signs.length, same: signs.filter((same) => same).length };
}
