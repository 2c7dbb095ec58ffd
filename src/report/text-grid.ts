// Text in columns and paragraphs for a terminal of a given width. A name too long for the first column gets lines of its own,
// above its figures. Counts a
// character as one cell, so CJK names misalign but nothing breaks. Colour is a wish of the caller: false gives no escapes.
import { nameLines, printable } from "./name-lines.js";

export interface GridColumn {
  readonly head: string;
  /** Cells. */
  readonly width: number;
  readonly side: "left" | "right";
}

export interface GridRow {
  readonly cells: readonly string[];
  readonly style: Style;
}

export type Style = "plain" | "bold" | "dim";

/** One space between columns, a rule under the heads. */
export function grid(columns: readonly GridColumn[], rows: readonly GridRow[], color: boolean): string[] {
  const head = line(
    columns,
    columns.map((column) => column.head),
  );
  const rule = "─".repeat([...head].length);
  return [paint(head, "bold", color), paint(rule, "dim", color), ...rows.flatMap((row) => wrapped(columns, row, color))];
}

function wrapped(columns: readonly GridColumn[], { cells, style }: GridRow, color: boolean): string[] {
  const [name, ...figures] = cells;
  const fits = [...printable(name!)].length <= columns[0]!.width;
  const lines = fits
    ? [line(columns, [printable(name!), ...figures])]
    : [...nameLines(name!, widthOf(columns)), line(columns, ["", ...figures])];
  return lines.map((text) => paint(text, style, color));
}

function widthOf(columns: readonly GridColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width + 1, -1);
}

function line(columns: readonly GridColumn[], cells: readonly string[]): string {
  return columns
    .map(({ width, side }, i) => pad(cells[i]!, width, side))
    .join(" ")
    .trimEnd();
}

function pad(text: string, width: number, side: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - [...text].length));
  return side === "left" ? text + space : space + text;
}

/** Whole words in lines of at most `width`; lines after the first are indented. */
export function paragraph(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  // A figure and its "%" stay together.
  for (const word of text.split(/ (?!%)/)) {
    const longer = line === "" ? (lines.length === 0 ? "" : indent) + word : `${line} ${word}`;
    if (line !== "" && [...longer].length > width) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  lines.push(line);
  return lines;
}

const CODES: Readonly<Record<Style, string>> = { plain: "", bold: "\u001b[1m", dim: "\u001b[2m" };

export function paint(text: string, style: Style, color: boolean): string {
  return !color || style === "plain" ? text : `${CODES[style]}${text}\u001b[0m`;
}
