// The ranking as a Markdown table, for pull requests and issues. Policy names are code spans; nothing in a name can end the
// cell or the span.
import type { CompareResult, Ranked } from "#metrics/result.js";
import { duration } from "#base/duration.js";
import { percent, ratio, spread } from "./figures.js";
import { printable } from "./name-lines.js";
import { ratioText, seedsText } from "./table-parts.js";
import { headline } from "./verdict.js";

export function rankingMarkdown(compare: CompareResult): string {
  const many = compare.fleets.length > 1;
  const head = [...(many ? ["fleet"] : []), "policy", "makespan", "interval", `vs ${printable(compare.baseline)}`, "× bound", "best"].map(
    cellText,
  );
  const align = head.map((_, i) => (i < (many ? 2 : 1) ? "---" : "---:"));
  const rows = compare.ranking.map((row) => [...(many ? [cellText(printable(row.fleet))] : []), ...cells(row)]);
  return [
    `**${inlineText(headline(compare))}**`,
    "",
    line(head),
    line(align),
    ...rows.map(line),
    "",
    `${inlineText(compare.scenario.name)}: ${seedsText(compare.seeds)}, run \`${compare.scenario.digest}\`, drvfleet ${compare.version}.`,
    "",
  ].join("\n");
}

function cells(row: Ranked): string[] {
  return [
    `${code(printable(row.policy))}${row.unbuilt > 0 ? " (not everything built)" : ""}`,
    duration(row.makespan.mean),
    row.interval === null ? "–" : spread(row.interval, row.makespan.mean),
    ratioText(row),
    ratio(row.boundRatio),
    percent(row.probabilityBest),
  ];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A span that the text cannot end; GitHub reads \| inside a table even in code. */
function code(text: string): string {
  const fence = "`".repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text.replaceAll("|", "\\|")}${space}${fence}`;
}

function cellText(text: string): string {
  return inlineText(text);
}

function inlineText(text: string): string {
  return printable(text).replace(/[\\`*_[\]<>|~#&]/g, (letter) => `\\${letter}`);
}
