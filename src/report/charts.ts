// The charts of a report, and the only door to vega, vega-lite and resvg: result → spec (plain data) → SVG → PNG. Text is
// measured and drawn with one bundled font, so the same spec gives the same SVG on any machine. PNG bytes are not promised.
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { ganttChart } from "./chart-gantt.js";
import { hostsChart } from "./chart-hosts.js";
import { ladderChart } from "./chart-ladder.js";
import { queueChart } from "./chart-queue.js";
import { rankingChart } from "./chart-ranking.js";
import type { ChartSpec } from "./chart-spec.js";
import { utilizationChart } from "./chart-utilization.js";
import type { ReportInput } from "./report-input.js";
import { textWidth } from "./text-width.js";

export const CHART_NAMES = ["ranking", "ladder", "hosts", "gantt", "utilization", "queue"] as const;
export type ChartName = (typeof CHART_NAMES)[number];

/** Null: the input has nothing to draw. */
export const CHARTS: Readonly<Record<ChartName, (input: ReportInput) => ChartSpec | null>> = {
  ranking: rankingChart,
  ladder: ladderChart,
  hosts: hostsChart,
  gantt: ganttChart,
  utilization: utilizationChart,
  queue: queueChart,
};

/** Every chart that the input has data for, in the order of the page. */
export function chartSpecs(input: ReportInput): { readonly name: ChartName; readonly spec: ChartSpec }[] {
  return CHART_NAMES.flatMap((name) => {
    const spec = CHARTS[name](input);
    return spec === null ? [] : [{ name, spec }];
  });
}

/** An SVG document without scripts or references, numbers rounded to four decimals. */
export async function toSvg(spec: ChartSpec): Promise<string> {
  measureByTable();
  const logger = vega.logger(vega.Error);
  const compiled = compile(spec as unknown as TopLevelSpec, { logger });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none", logger });
  const svg = await view.toSVG();
  view.finalize();
  return rounded(svg);
}

/** Twice the size in pixels, for sharp screens and print. */
export function toPng(svg: string): Uint8Array {
  const resolve = createRequire(import.meta.url).resolve;
  const fontFiles = FONT_FILES.map((file) => resolve(`dejavu-fonts-ttf/ttf/${file}`));
  const image = new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: 2 },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
  });
  return image.render().asPng();
}

const FONT_FILES = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"] as const;

/** Vega's own hook for a measure of text; its types leave it out. Otherwise it depends on whether node-canvas is there. */
function measureByTable(): void {
  const { textMetrics } = vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } };
  textMetrics.width = (item, text) => textWidth(String(text ?? ""), item.fontSize ?? 11, item.fontWeight === "bold");
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

/** Rounds in attributes that hold geometry, never in text. */
function rounded(svg: string): string {
  return svg.replace(/ (?:d|x|y|x1|x2|y1|y2|width|height|transform|viewBox|r|stroke-width|opacity)="[^"]*"/g, (attribute) =>
    attribute.replace(/-?\d+(?:\.\d+)?e[+-]?\d+|-?\d+\.\d{5,}/g, (number) => String(Math.round(Number(number) * 1e4) / 1e4 + 0)),
  );
}
