// What `validate` prints: at most 80 columns. A line per configuration, then all of them together (table-validate-summary) with
// their stages; of one configuration alone also the builds that were predicted worst.
import type { BuildFit, StageFit, ValidateResult, Validation } from "#metrics/validation.js";
import { difference, duration } from "#base/duration.js";
import { isBeyond } from "#metrics/validate-miss.js";
import { percent } from "./figures.js";
import { shortened } from "./name-lines.js";
import { sameShare, summaryLines } from "./table-validate-summary.js";
import { right, TERMINAL_WIDTH } from "./table-parts.js";
import { type GridRow, grid, paint, paragraph } from "./text-grid.js";
import { timeUnit } from "./time-unit.js";

/** Builds shown in detail. */
const WORST = 8;

export function validateText({ configurations, summary, inSample, heldOut }: ValidateResult, color: boolean): string {
  const [only] = configurations;
  const apart = inSample !== null && heldOut !== null;
  return [
    ...configurationLines(configurations, color),
    "",
    ...(apart
      ? [...summaryLines("in sample", inSample, color), "", ...summaryLines("held out", heldOut, color)]
      : summaryLines("together", summary, color)),
    ...(summary.stages.length === 0 ? [] : ["", ...stageLines(summary.stages, color)]),
    ...(configurations.length === 1 ? ["", ...worstLines(only!, color)] : []),
  ].join("\n");
}

function configurationLines(configurations: readonly Validation[], color: boolean): string[] {
  const unit = timeUnit(Math.max(...configurations.flatMap(({ runs, simulated }) => [simulated.p95, ...runs.map((run) => run.makespan)])));
  const figure = (seconds: number): string => (seconds / unit.seconds).toFixed(2);
  const span = (low: number, high: number): string => (figure(low) === figure(high) ? figure(low) : `${figure(low)}–${figure(high)}`);
  const columns = [
    { head: "configuration", width: 29, side: "left" as const },
    right(`real, ${unit.label}`, 11),
    right("sim. 5–95 %", 11),
    right("worst", 7),
    right("noise", 6),
    right("in", 4),
    right("hosts", 6),
  ];
  const rows = configurations.map(({ name, heldOut, runs, simulated, noise, miss, placement }): GridRow => {
    const real = runs.map(({ makespan }) => makespan);
    return {
      style: "plain",
      cells: [
        `${name}${heldOut ? " *" : ""}`,
        span(Math.min(...real), Math.max(...real)),
        span(simulated.p5, simulated.p95),
        `${isBeyond(miss) ? "!" : ""}${signed(worstError(runs.map(({ error }) => error)))}`,
        noise === null ? "–" : percent(noise.leaveOneOut),
        `${runs.filter(({ inside }) => inside).length}/${runs.length}`,
        sameShare(placement),
      ],
    };
  });
  return [
    ...grid(columns, rows, color),
    ...paragraph(
      `worst: simulated median against the run it misses most, !: by more than 10 % and than equal runs miss each other. noise: of equal runs, the median of the others against each. in: runs inside 5–95 % of the worlds. hosts: builds on the same host, of those on which all repetitions agree; at best: had the runs been worlds.${configurations.some((one) => one.heldOut) ? " *: held out." : ""}`,
      TERMINAL_WIDTH,
    ).map((line) => paint(line, "dim", color)),
  ];
}

function worstError(errors: readonly number[]): number {
  return errors.reduce((worst, error) => (Math.abs(error) > Math.abs(worst) ? error : worst), 0);
}

function stageLines(stages: readonly StageFit[], color: boolean): string[] {
  const columns = [
    { head: "stage, medians", width: 18, side: "left" as const },
    right("builds", 6),
    right("real", 11),
    right("simulated", 11),
    right("error", 11),
    right("90 %", 11),
  ];
  const rows = stages.map(
    ({ stage, builds, real, simulated, error }): GridRow => ({
      style: "plain",
      cells: [stage, String(builds), duration(real), duration(simulated), duration(error.p50), duration(error.p90)],
    }),
  );
  return grid(columns, rows, color);
}

function worstLines({ builds, runs: real, simulated }: Validation, color: boolean): string[] {
  const unit = timeUnit(Math.max(simulated.p95, ...real.map(({ makespan }) => makespan)));
  const figure = (seconds: number): string => (seconds / unit.seconds).toFixed(2);
  const missed = builds
    .flatMap((build) => {
      if (build.start === null) return [];
      const runs = build.realStart.flatMap((at, run) => (at === null ? [] : [{ build, run, error: build.start!.p50 - at }]));
      const worst = runs.reduce<(typeof runs)[number] | null>(
        (a, b) => (a === null || Math.abs(b.error) > Math.abs(a.error) ? b : a),
        null,
      );
      return worst === null ? [] : [worst];
    })
    .sort((a, b) => Math.abs(b.error) - Math.abs(a.error))
    .slice(0, WORST);
  const columns = [
    { head: "starts missed most", width: 22, side: "left" as const },
    right("error", 13),
    right(`real, ${unit.label}`, 9),
    right("sim. 5–95 %", 13),
    { head: "real host", width: 19, side: "left" as const },
  ];
  const rows = missed.map(
    ({ build, run, error }): GridRow => ({
      style: "plain",
      cells: [
        build.task,
        difference(error),
        figure(build.realStart[run]!),
        `${figure(build.start!.p5)}–${figure(build.start!.p95)}`,
        hostText(build, run),
      ],
    }),
  );
  return grid(columns, rows, color);
}

function hostText({ hosts, probability }: BuildFit, run: number): string {
  return `${shortened(hosts[run] ?? "–", 12)} ${probability[run] === null ? "" : percent(probability[run]!)}`;
}

function signed(error: number): string {
  return error > 0 ? `+${percent(error)}` : percent(error);
}
