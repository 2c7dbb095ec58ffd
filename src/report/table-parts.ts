// The lines that several tables share: what names a run, the gap ladder, how much is guessed. At most 80 columns.
import type { CompareResult, GuessShare, Ladder, Ranked } from "#metrics/result.js";
import { percent, plural, range, ratio } from "./figures.js";
import { printable } from "./name-lines.js";
import { LADDER_PARTS } from "./palette.js";
import { type GridColumn, grid, paragraph } from "./text-grid.js";
import { timeUnit } from "./time-unit.js";

export const TERMINAL_WIDTH = 80;

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

/** "0.68 (0.66–0.70)", with ≈ before it when the difference is inside the noise. */
export function ratioText({ ratio: against }: Ranked): string {
  if (against === null) return "baseline";
  const text = against.interval === null ? ratio(against.mean) : `${ratio(against.mean)} (${range(against.interval)})`;
  return against.insideNoise ? `≈${text}` : text;
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
