// What `compare` prints: at most 80 columns, the winner first, then why, then how sure. Text only; warnings
// and progress are the command line's. The figures are those of summary.csv, humanised.
import type { CompareResult, Ranked } from "#metrics/result.js";
import { duration } from "#base/duration.js";
import { percent, ratio, spread } from "./figures.js";
import { printable, shortened } from "./name-lines.js";
import { guessedSentence, ladderLines, nameLine, ratioText, right, seedsText, TERMINAL_WIDTH } from "./table-parts.js";
import { type GridRow, grid, paint, paragraph } from "./text-grid.js";

/** One door for both answers. */
export { type RunContext, runText } from "./table-run.js";

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
        `${row.policy}${row.conductMeasured ? "" : " *"}${row.unbuilt > 0 ? " †" : ""}`,
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

function legend(compare: CompareResult): string[] {
  const parts: string[] = [];
  if (compare.seeds.length === 1) parts.push("one world, no interval");
  if (compare.ranking.some((row) => row.ratio?.insideNoise === true)) parts.push(`≈ inside the noise of ${printable(compare.baseline)}`);
  if (compare.ranking.some((row) => !row.conductMeasured)) parts.push("* its engine's figures are assumed, not measured");
  if (compare.ranking.some((row) => row.unbuilt > 0)) parts.push("† does not build everything, so that its makespan says little");
  parts.push("best: probability of the best mean");
  return paragraph(parts.join("; "), TERMINAL_WIDTH);
}

function rowName(row: Ranked, compare: CompareResult): string {
  return compare.fleets.length > 1 ? `${row.policy} on ${row.fleet}` : row.policy;
}
