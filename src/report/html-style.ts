// The style sheet of report.html: system fonts, light and dark by preference, wide tables and charts scroll in their own box
// on small screens, print opens what is folded. No reference leaves the file.

export const STYLE = `
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #595959; --paper: #ffffff; --line: #d9d9d9; --tint: #f4f6f8; --accent: #0072b2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #a9a9a9; --paper: #16181b; --line: #3a3d42; --tint: #202328; --accent: #6bb8ea; }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p, ul, ol, dl { margin: .6rem 0; }
a { color: var(--accent); }
code { font: .92em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
nav ol { columns: 2 18rem; padding-left: 1.4rem; }
.soft, figcaption, caption { color: var(--soft); font-size: .92rem; }
.verdict { font-size: 1.1rem; }
figure { margin: 1rem 0; overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; background: #ffffff; }
figure svg { display: block; width: 100%; max-width: 800px; min-width: 640px; height: auto; margin: 0 auto; }
details { margin: .8rem 0; border: 1px solid var(--line); border-radius: 6px; padding: .45rem .8rem; }
summary { cursor: pointer; font-weight: 600; }
.scroll { overflow-x: auto; margin: .6rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { background: var(--tint); font-weight: 600; }
thead th { white-space: nowrap; }
.n { text-align: right; white-space: nowrap; }
td.name, th.name { min-width: 10rem; max-width: 22rem; overflow-wrap: break-word; }
td.name code { overflow-wrap: break-word; }
.t { white-space: nowrap; }
tr.best td { font-weight: 600; }
.bar { display: block; height: .7rem; min-width: 1px; background: var(--accent); border-radius: 2px; }
.swatch { display: inline-block; width: .8em; height: .8em; margin-right: .45em; border: 1px solid var(--line); vertical-align: -.05em; }
.warn { border-left: 4px solid #d55e00; padding: .2rem .8rem; background: var(--tint); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 30rem) { body { padding: 1rem .8rem 3rem; } h1 { font-size: 1.35rem; } dl.facts { grid-template-columns: 1fr; gap: 0; } dl.facts dd { margin-bottom: .5rem; } }
@media print {
  :root { --ink: #000000; --soft: #444444; --paper: #ffffff; --line: #bbbbbb; --tint: #f2f2f2; --accent: #0072b2; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  h2 { break-after: avoid; margin-top: 1.5rem; }
  figure, tr { break-inside: avoid; }
  figure { border: 0; overflow: visible; }
  figure svg { min-width: 0; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; }
  th, td { padding: .15rem .3rem; }
  td.name, th.name { min-width: 0; }
  .n, .t, thead th { white-space: normal; }
  details::details-content { content-visibility: visible; display: block; }
}
`.trim();
