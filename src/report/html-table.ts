// Tables and figures of the page. A table scrolls in its own box, so a wide one never widens the page.
import { Html, html, type HtmlValue } from "./html-text.js";

export interface TableColumn {
  readonly head: string;
  /** name: text that may break; number: right; text: left. Both of these stay on one line. */
  readonly kind: "name" | "number" | "text";
}

export const name = (head: string): TableColumn => ({ head, kind: "name" });
export const number = (head: string): TableColumn => ({ head, kind: "number" });
export const text = (head: string): TableColumn => ({ head, kind: "text" });

export interface TableRow {
  readonly cells: readonly HtmlValue[];
  readonly best: boolean;
}

const CLASSES: Readonly<Record<TableColumn["kind"], Html>> = {
  name: html` class="name"`,
  number: html` class="n"`,
  text: html` class="t"`,
};

export function table(caption: string, columns: readonly TableColumn[], rows: readonly TableRow[]): Html {
  const head = columns.map(({ head, kind }) => html`<th scope="col"${CLASSES[kind]}>${head}</th>`);
  const body = rows.map(
    ({ cells, best }) =>
      html`<tr${best ? html` class="best"` : null}>${cells.map((cell, i) => html`<td${CLASSES[columns[i]!.kind]}>${cell}</td>`)}</tr>\n`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>
`;
}

/** A name that may break after its brackets and commas. */
export function breakable(name: string): Html {
  return html`${name.split(/(?<=[[,])/).map((part, i) => (i === 0 ? part : html`<wbr>${part}`))}`;
}

export function plainRows(rows: readonly (readonly HtmlValue[])[]): TableRow[] {
  return rows.map((cells) => ({ cells, best: false }));
}

export function folded(summary: string, inside: HtmlValue): Html {
  return html`<details><summary>${summary}</summary>
${inside}</details>
`;
}

/** An SVG document of ours, made for this page: the only text that enters unescaped. */
export function figure(svg: string | undefined, label: string): Html | null {
  if (svg === undefined) return null;
  const inline = svg.slice(svg.indexOf("<svg ")).replace(/ (?:xmlns:xlink|version)="[^"]*"/g, "");
  const named = inline.replace("<svg ", () => html`<svg role="img" aria-label="${label}" `.text);
  return html`<figure>${new Html(named)}</figure>
`;
}
