// What `validate --ledger` prints: a line per run, oldest first, then how well predictions held. At most 80 columns.
import { accuracyOf, errorOf, type Foretold, isInside } from "#metrics/accuracy.js";
import { percent, plural } from "./figures.js";
import { right, TERMINAL_WIDTH } from "./table-parts.js";
import { grid, paint, paragraph } from "./text-grid.js";

export function ledgerText(runs: readonly Foretold[], color: boolean): string {
  const columns = [
    { head: "policy", width: 26, side: "left" as const },
    right("builds", 6),
    right("predicted, s", 12),
    right("5–95 %", 13),
    right("actual, s", 9),
    right("error", 8),
  ];
  const rows = runs.map((one) => ({
    style: isInside(one) ? ("plain" as const) : ("bold" as const),
    cells: [
      one.policy,
      String(one.builds),
      one.predicted.median.toFixed(1),
      `${one.predicted.low.toFixed(1)}–${one.predicted.high.toFixed(1)}`,
      `${one.actual.toFixed(1)}${isInside(one) ? "" : "*"}`,
      signed(errorOf(one)),
    ],
  }));
  const { error, inside, bias } = accuracyOf(runs);
  const summary = `The predicted median misses the actual time by ${percent(error.p50)} in the median, ${percent(error.p90)} in nine of ten and ${percent(error.worst)} at worst (bias ${signed(bias)}); ${inside} of ${plural(runs.length, "run")} ended inside their 5–95 %.`;
  return [
    ...grid(columns, rows, color),
    "",
    ...paragraph(summary, TERMINAL_WIDTH),
    ...paragraph("error: predicted median against the actual time; below 0 it was too short. *: outside 5–95 %.", TERMINAL_WIDTH).map(
      (line) => paint(line, "dim", color),
    ),
  ].join("\n");
}

function signed(share: number): string {
  return `${share < 0 ? "−" : "+"}${percent(Math.abs(share))}`;
}
