// What `compare` prints: at most 80 columns, the winner first, then why, then how sure. Text only; warnings
// and progress are the command line's. The figures are those of summary.csv, humanised.
import type { CompareResult, GuessShare, Ladder, Ranked } from "#metrics/result.js";
import { duration } from "./duration.js";
import { percent, plural, range, ratio, spread } from "./figures.js";
import { printable, shortened } from "./name-lines.js";
import { LADDER_PARTS } from "./palette.js";
import { type GridColumn, type GridRow, grid, paint, paragraph } from "./text-grid.js";
import { timeUnit } from "./time-unit.js";

export const TERMINAL_WIDTH = 80;

/** The whole answer of `compare`, lines without a final newline. */
export function compareText(compare: CompareResult, color: boolean): string {
  const rankings = compare.fleets.flatMap((fleet) => {
    const rows = compare.ranking.filter((row) => row.fleet === fleet);
    const title = compare.fleets.length > 1 ? ["", paint(`fleet ${printable(fleet)}`, "bold", color)] : [""];
    return [...title, ...rankingLines(rows, compare, color)];
  });
  return [
    ...nameLine(compare),
    ...paragraph(`${seedsText(compare.seeds)}, baseline ${printable(compare.baseline)}`, TERMINAL_WIDTH, "  "),
    ...rankings,
    ...legend(compare),
    "",
    ...ladderLines(
      compare.ranking.map((row) => ({ name: rowName(row, compare), makespan: row.makespan.mean, ladder: row.ladder })),
      color,
    ),
    "",
    ...compare.verdict.sentences.flatMap((sentence) => paragraph(printable(sentence), TERMINAL_WIDTH)),
    ...paragraph(guessedSentence(compare.guessed), TERMINAL_WIDTH),
  ].join("\n");
}

export function nameLine({ scenario, version, estimates }: Pick<CompareResult, "scenario" | "version" | "estimates">): string[] {
  const graph = `${plural(scenario.tasks, "derivation")} (${plural(scenario.fetches, "fetch", "fetches")}), ${plural(scenario.edges, "edge")}, ${scenario.systems.join(" ")}`;
  return [
    ...paragraph(`${printable(scenario.name)}: ${printable(graph)}`, TERMINAL_WIDTH, "  "),
    ...paragraph(`run ${scenario.digest}, drvfleet ${version}, estimates ${printable(estimates)}`, TERMINAL_WIDTH, "  "),
  ];
}

/** "20 worlds (seeds 1–20)". */
export function seedsText(seeds: readonly number[]): string {
  const consecutive = seeds.every((seed, i) => i === 0 || seed === seeds[i - 1]! + 1);
  const which = seeds.length === 1 ? `seed ${seeds[0]}` : consecutive ? `seeds ${seeds[0]}–${seeds.at(-1)}` : `seeds ${seeds.join(", ")}`;
  return `${plural(seeds.length, "world")} (${which})`;
}

function rankingLines(rows: readonly Ranked[], compare: CompareResult, color: boolean): string[] {
  const columns = [
    { head: "policy", width: 21, side: "left" as const },
    right("makespan", 13),
    right("interval", 12),
    right(`vs ${shortened(compare.baseline, 14)}`, 17),
    right("×bound", 6),
    right("best", 6),
  ];
  const body = rows.map(
    (row): GridRow => ({
      style: row.policy === compare.verdict.winner && row.fleet === compare.verdict.fleet ? "bold" : "plain",
      cells: [
        row.conductMeasured ? row.policy : `${row.policy} *`,
        duration(row.makespan.mean),
        row.interval === null ? "–" : spread(row.interval, row.makespan.mean),
        ratioText(row),
        ratio(row.boundRatio),
        percent(row.probabilityBest),
      ],
    }),
  );
  return grid(columns, body, color);
}

/** "0.68 (0.66–0.70)", with ≈ before it when the difference is inside the noise. */
export function ratioText({ ratio: against }: Ranked): string {
  if (against === null) return "baseline";
  const text = against.interval === null ? ratio(against.mean) : `${ratio(against.mean)} (${range(against.interval)})`;
  return against.insideNoise ? `≈${text}` : text;
}

function legend(compare: CompareResult): string[] {
  const parts: string[] = [];
  if (compare.seeds.length === 1) parts.push("one world, no interval");
  if (compare.ranking.some((row) => row.ratio?.insideNoise === true)) parts.push(`≈ inside the noise of ${printable(compare.baseline)}`);
  if (compare.ranking.some((row) => !row.conductMeasured)) parts.push("* its engine's figures are assumed, not measured");
  parts.push("best: probability of the best mean");
  return paragraph(parts.join("; "), TERMINAL_WIDTH);
}

function rowName(row: Ranked, compare: CompareResult): string {
  return compare.fleets.length > 1 ? `${row.policy} on ${row.fleet}` : row.policy;
}

export function ladderLines(rows: readonly { name: string; makespan: number; ladder: Ladder }[], color: boolean): string[] {
  const unit = timeUnit(Math.max(...rows.map(({ makespan }) => makespan)));
  const figure = (seconds: number): string => signed(seconds / unit.seconds);
  const columns = [
    { head: `gap ladder, ${unit.label}`, width: 20, side: "left" as const },
    ...LADDER_PARTS.map((part, i) => right(i === 0 ? part : `+ ${part}`, Math.max(7, part.length + 2))),
    right("= all", 7),
  ];
  return grid(
    columns,
    rows.map(({ name, makespan, ladder }) => ({
      style: "plain" as const,
      cells: [name, ...LADDER_PARTS.map((part) => figure(ladder[part])), figure(makespan)],
    })),
    color,
  );
}

function signed(value: number): string {
  const size = Math.abs(value);
  const text = size >= 999.5 ? size.toFixed(0) : size >= 99.95 ? size.toFixed(1) : size.toFixed(2);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

export function right(head: string, width: number): GridColumn {
  return { head, width, side: "right" };
}

/** For the terminal and the page alike. */
export function guessedSentence({ criticalPath, work, tasks }: GuessShare): string {
  if (criticalPath === 0 && work === 0 && tasks === 0) return "No duration is guessed.";
  return `Guessed durations: ${percent(criticalPath)} of the critical path, ${percent(work)} of the work, ${percent(tasks)} of the derivations.`;
}
