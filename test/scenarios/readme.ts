// Tables in READMEs that are results: between <!-- name --> and <!-- /name --> stands what the tests compute.
// UPDATE_SCENARIOS=1 writes them anew; otherwise a difference fails the test.
import { readFileSync, writeFileSync } from "node:fs";
import { FOLDER } from "./play.js";

const PATH = `${FOLDER}README.md`;
/** The README of the whole. */
export const TOP = `${FOLDER}../README.md`;

/** What stands between the marks now, after having been renewed where that is asked for. */
export function block(name: string, computed: string, path = PATH): string {
  const text = readFileSync(path, "utf8");
  const open = `<!-- ${name} -->\n`;
  const from = text.indexOf(open) + open.length;
  const to = text.indexOf(`<!-- /${name} -->`);
  if (from < open.length || to < from) throw new Error(`${path} has no block ${name}`);
  if (process.env.UPDATE_SCENARIOS !== "1") return text.slice(from, to);
  writeFileSync(path, text.slice(0, from) + computed + text.slice(to));
  return computed;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

/** +12 %, −34 %: of `to` against `from`. */
export function change(from: number, to: number): string {
  const percent = Math.round((to / from - 1) * 100);
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent)} %`;
}
