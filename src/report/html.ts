// report.html: one self-contained page without scripts, which opens offline, prints, and follows the reader's light or dark
// preference. Pictures come as SVG texts, so this room needs no chart library. Same input, same bytes.
import { html } from "./html-text.js";
import { type ChartPictures, SECTIONS } from "./html-sections.js";
import { STYLE } from "./html-style.js";
import { Html } from "./html-text.js";
import { type ReportInput, tookPlace } from "./report-input.js";
import { seedsText } from "./table-parts.js";
import { headline, tookLine } from "./verdict.js";

/** `charts`: the SVGs of `toSvg`, by chart name; one that is missing is left out of the page. */
export function reportHtml(input: ReportInput, charts: ChartPictures): string {
  const { compare } = input;
  const title = tookPlace(input) ? tookLine(compare) : headline(compare);
  const worlds = tookPlace(input) ? "on real hosts" : seedsText(compare.seeds);
  const sections = SECTIONS.flatMap(({ id, title, body }) => {
    const inside = body(input, charts);
    return inside === null ? [] : [{ id, title: title(input), inside }];
  });
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="drvfleet ${compare.version}">
<title>${compare.scenario.name}: ${title}</title>
<style>
${new Html(STYLE)}
</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="soft">${compare.scenario.name} · ${worlds} · run <code>${compare.scenario.digest}</code> · drvfleet ${compare.version}</p>
</header>
<nav aria-label="Contents"><ol>
${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>\n`)}</ol></nav>
<main>
${sections.map(({ id, title, inside }) => html`<section id="${id}">\n<h2>${title}</h2>\n${inside}\n</section>\n`)}</main>
</body>
</html>
`;
  return page.text;
}
