// What `validate` prints: at most 80 columns. A line per configuration, then all of them together with their stages; of one
// configuration alone also the builds that were predicted worst.
import type { BuildFit, ErrorSize, PlacementFit, StageFit, ValidateResult, Validation, ValidationSummary } from "#metrics/validation.js";
import { difference, duration } from "#base/duration.js";
import { rulesError } from "#metrics/validate-rules.js";
import { percent, plural } from "./figures.js";
import { shortened } from "./name-lines.js";
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
  const rows = configurations.map(({ name, heldOut, runs, simulated, noise, placement }): GridRow => {
    const real = runs.map(({ makespan }) => makespan);
    return {
      style: "plain",
      cells: [
        `${name}${heldOut ? " *" : ""}`,
        span(Math.min(...real), Math.max(...real)),
        span(simulated.p5, simulated.p95),
        signed(worstError(runs.map(({ error }) => error))),
        noise === null ? "–" : percent(noise.leaveOneOut),
        `${runs.filter(({ inside }) => inside).length}/${runs.length}`,
        sameShare(placement),
      ],
    };
  });
  return [
    ...grid(columns, rows, color),
    ...paragraph(
      `worst: simulated median against the run it misses most. noise: of equal runs, the median of the others against each. in: runs inside 5–95 % of the worlds. hosts: builds on the same host, of those on which all repetitions agree; at best: had the runs been worlds.${configurations.some((one) => one.heldOut) ? " *: held out." : ""}`,
      TERMINAL_WIDTH,
    ).map((line) => paint(line, "dim", color)),
  ];
}

function worstError(errors: readonly number[]): number {
  return errors.reduce((worst, error) => (Math.abs(error) > Math.abs(worst) ? error : worst), 0);
}

function summaryLines(what: string, summary: ValidationSummary, color: boolean): string[] {
  const { runs, configurations, error, inside, width, noise, placement, start, startNoise, order, firstWave, rules } = summary;
  const lines: readonly (readonly [string, string])[] = [
    [
      "makespan",
      `error ${percent(error.p50)} (median), ${percent(error.worst)} (worst)${noise === null ? "" : `; noise ${percent(noise.p50)}, ${percent(noise.worst)}`}`,
    ],
    [
      "5–95 %",
      `holds ${inside} of ${plural(runs, "run")} (${percent(inside / runs)}); width ${percent(width)} (median)${noise === null ? "" : `; equal runs range over ${percent(noise.range)}`}`,
    ],
    ["", `interval score ${percent(summary.score)} of the makespan`],
    [
      "hosts",
      `${placement.same} of ${placement.agreed} builds that all repetitions agree on (${sameShare(placement)}; at best ${sameShare({ same: placement.atBest, agreed: placement.agreed })}), in ${placement.worlds === null ? "–" : percent(placement.worlds)} of worlds`,
    ],
    ...(placement.split === 0
      ? []
      : [
          [
            "",
            `others: the real host has probability ${percent(placement.probability!)} on average; 5 % or more for ${placement.likely} of ${placement.split}`,
          ] as const,
        ]),
    ...(firstWave === null
      ? []
      : [
          [
            "first asks",
            `in the real order in most worlds for ${firstWave.same} of ${plural(firstWave.runs, "run")} (${plural(firstWave.asks, "ask")})`,
          ] as const,
        ]),
    ...(rules === null
      ? []
      : [
          [
            "rules",
            `alone, with the durations of ${plural(rules.errors.length, "run")} themselves: ${rules.same} of ${rules.builds} builds on the real host (${sameShare({ same: rules.same, agreed: rules.builds })}), makespan error ${percent(rulesError(rules).p50)} (median), ${percent(rulesError(rules).worst)} (worst)`,
          ] as const,
        ]),
    ...(start === null
      ? []
      : [["starts", `error ${errorText(start)}${startNoise === null ? "" : `; noise ${errorText(startNoise)}`}`] as const]),
    ...(order.pairs === 0
      ? []
      : [
          [
            "order",
            `${order.same} of ${plural(order.pairs, "pair")} of configurations that really differ by more than their noise`,
          ] as const,
        ]),
  ];
  return [
    paint(`${what}: ${plural(configurations, "configuration")}, ${plural(runs, "run")}`, "bold", color),
    ...lines.flatMap(([head, text]) => hanging(head, text)),
  ];
}

function errorText({ p50, p90 }: ErrorSize): string {
  return `${duration(p50)} (median), ${duration(p90)} (90 %)`;
}

/** Text after a head, its further lines below its first word. */
function hanging(head: string, text: string): string[] {
  const lines = paragraph(text, TERMINAL_WIDTH - 11);
  return lines.map((line, i) => `${(i === 0 ? head : "").padEnd(11)}${line}`);
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

function sameShare({ same, agreed }: Pick<PlacementFit, "same" | "agreed">): string {
  return agreed === 0 ? "–" : percent(same / agreed);
}

function signed(error: number): string {
  return error > 0 ? `+${percent(error)}` : percent(error);
}
