// What `validate` says of several configurations together: a line for each of the things that a simulation is held to, beside what
// equal runs differ by and what a simulation would reach that is right in all but chance.
import type { ErrorSize, PlacementFit, ValidationSummary } from "#metrics/validation.js";
import { duration } from "#base/duration.js";
import { rulesError } from "#metrics/validate-rules.js";
import { percent, plural, ratio } from "./figures.js";
import { TERMINAL_WIDTH } from "./table-parts.js";
import { paint, paragraph } from "./text-grid.js";

/** Null where nothing can be told. */
type Sentence = (summary: ValidationSummary) => string | null;

const LINES: readonly (readonly [head: string, sentence: Sentence])[] = [
  [
    "makespan",
    ({ error, noise }) => `error ${worst(error)}${noise === null ? "" : `; noise ${percent(noise.p50)}, ${percent(noise.worst)}`}`,
  ],
  [
    "",
    ({ misses, configurations }) =>
      `${misses.beyond} of ${plural(configurations, "configuration")} beyond 10 % and their noise (at best ${ratio(misses.atBest)})`,
  ],
  ["5–95 %", ({ inside, runs }) => `holds ${inside} of ${plural(runs, "run")} (${percent(inside / runs)})`],
  [
    "",
    ({ width, noise, misses }) =>
      `width ${percent(width)} (median)${noise === null ? "" : `; equal runs range over ${ranges(noise, misses)}`}`,
  ],
  ["", ({ score }) => `interval score ${percent(score)} of the makespan`],
  [
    "hosts",
    ({ placement }) =>
      `${placement.same} of ${placement.agreed} builds that all repetitions agree on (${sameShare(placement)}; at best ${sameShare({ ...placement, same: placement.atBest })}), in ${placement.worlds === null ? "–" : percent(placement.worlds)} of worlds`,
  ],
  [
    "",
    ({ placement: { split, likely, probability } }) =>
      probability === null
        ? null
        : `others: the real host has probability ${percent(probability)} on average; 5 % or more for ${likely} of ${split}`,
  ],
  [
    "first asks",
    ({ firstWave }) =>
      firstWave &&
      `in the real order in most worlds for ${firstWave.same} of ${plural(firstWave.runs, "run")} (${plural(firstWave.asks, "ask")})`,
  ],
  [
    "rules",
    ({ rules }) =>
      rules &&
      `alone, with the durations of ${plural(rules.errors.length, "run")} themselves: ${rules.same} of ${rules.builds} builds on the real host (${sameShare({ same: rules.same, agreed: rules.builds })}), makespan error ${worst(rulesError(rules))}`,
  ],
  ["starts", ({ start, startNoise }) => start && `error ${size(start)}${startNoise === null ? "" : `; noise ${size(startNoise)}`}`],
  [
    "order",
    ({ order: { pairs, same } }) =>
      pairs === 0 ? null : `${same} of ${plural(pairs, "pair")} of configurations that really differ by more than their noise`,
  ],
];

export function summaryLines(what: string, summary: ValidationSummary, color: boolean): string[] {
  const { configurations, runs } = summary;
  return [
    paint(`${what}: ${plural(configurations, "configuration")}, ${plural(runs, "run")}`, "bold", color),
    ...LINES.flatMap(([head, sentence]) => hanging(head, sentence(summary))),
  ];
}

export function sameShare({ same, agreed }: Pick<PlacementFit, "same" | "agreed">): string {
  return agreed === 0 ? "–" : percent(same / agreed);
}

function ranges({ range }: NonNullable<ValidationSummary["noise"]>, { range: ofWorlds }: ValidationSummary["misses"]): string {
  return `${percent(range)}${ofWorlds === null ? "" : `, worlds over ${percent(ofWorlds)}`}`;
}

function worst(error: { readonly p50: number; readonly worst: number }): string {
  return `${percent(error.p50)} (median), ${percent(error.worst)} (worst)`;
}

function size({ p50, p90 }: ErrorSize): string {
  return `${duration(p50)} (median), ${duration(p90)} (90 %)`;
}

/** Text after a head, its further lines below its first word. */
function hanging(head: string, text: string | null): string[] {
  if (text === null) return [];
  return paragraph(text, TERMINAL_WIDTH - 11).map((line, i) => `${(i === 0 ? head : "").padEnd(11)}${line}`);
}
