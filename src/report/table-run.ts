// What `simulate` prints: at most 80 columns, the makespan first, then its distance to the bound, then host by host.
import type { CompareResult, GuessShare, HostUse, RunResult } from "#metrics/result.js";
import { partSeconds, slotSeconds } from "./chart-hosts.js";
import { duration } from "#base/duration.js";
import { percent, plural, ratio } from "./figures.js";
import { printable, shortened } from "./name-lines.js";
import { PART_LOOKS, PARTS } from "./palette.js";
import { guessedSentence, ladderLines, nameLine, right, TERMINAL_WIDTH } from "./table-parts.js";
import { type GridRow, grid, paint, paragraph } from "./text-grid.js";

/** What names a run besides its policy and seed, and how much of it is guessed. */
export interface RunContext {
  readonly scenario: CompareResult["scenario"];
  readonly version: string;
  readonly estimates: string;
  readonly guessed: GuessShare;
}

/** The whole answer of `simulate`. */
export function runText(run: RunResult, context: RunContext, color: boolean): string {
  const built = `${plural(run.built, "derivation")} built${run.failed > 0 ? `, ${run.failed} failed` : ""}`;
  return [
    ...nameLine(context),
    "",
    paint(`${printable(run.policy)} on ${printable(run.fleet)}, seed ${run.seed}: ${duration(run.makespan)}`, "bold", color),
    ...paragraph(
      `${built}; ${duration(run.ladder.bound)} is the lower bound (×${ratio(run.makespan / run.ladder.bound)}); trace ${run.digest}`,
      TERMINAL_WIDTH,
    ),
    "",
    ...ladderLines([{ name: run.policy, makespan: run.makespan, ladder: run.ladder }], color),
    "",
    ...hostLines(run.hosts, color),
    "",
    ...paragraph(guessedSentence(context.guessed), TERMINAL_WIDTH),
  ].join("\n");
}

function hostLines(hosts: readonly HostUse[], color: boolean): string[] {
  const columns = [
    { head: "host", width: 15, side: "left" as const },
    right("slots", 5),
    right("builds", 6),
    right("building", 8),
    right("idle", 6),
    { head: "idle mostly", width: 34, side: "left" as const },
  ];
  const rows = hosts.map((use): GridRow => {
    const total = slotSeconds(use);
    const idle = PARTS.filter((part) => PART_LOOKS[part].label.startsWith("idle"));
    const sum = idle.reduce((all, part) => all + partSeconds(use, part), 0);
    const worst = idle.reduce((a, b) => (partSeconds(use, b) > partSeconds(use, a) ? b : a));
    const cause =
      sum === 0
        ? "–"
        : worst === "waiting" && use.waitedFor.length > 0
          ? `waiting for ${shortened(use.waitedFor[0]!.task, 22)}`
          : PART_LOOKS[worst].label.replace("idle: ", "");
    const share = (seconds: number): string => (total === 0 ? "–" : percent(seconds / total));
    return {
      style: "plain",
      cells: [use.host, String(use.slots), String(Math.round(use.builds)), share(use.busy.building), share(sum), cause],
    };
  });
  return grid(columns, rows, color);
}
