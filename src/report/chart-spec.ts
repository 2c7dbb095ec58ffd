// What all charts share: the frame of a vega-lite 6 specification (font, sizes, dark ink on white), titles that wrap, and
// numbers rounded to four decimals, so that equal results give equal bytes. A spec is plain data, with its data inline.
import { INK, INK_SOFT } from "./palette.js";
import { FONT, textLines } from "./text-width.js";

export type ChartSpec = Readonly<Record<string, unknown>>;

/** Pixels of the whole picture: readable beside text. */
export const CHART_WIDTH = 800;
export const TITLE_SIZE = 15;
export const SUBTITLE_SIZE = 11.5;
const PADDING = 12;
/** Pixels between the paddings. */
export const CHART_ROOM = CHART_WIDTH - 2 * PADDING;

export interface Heading {
  /** The message, as a sentence. */
  readonly title: string;
  /** How to read it: what is drawn, from how many worlds, what was left out. */
  readonly subtitle: string;
}

/** A complete spec: heading, frame and the given body (`data`, `layer`, …). */
export function chart(heading: Heading, body: ChartSpec): ChartSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: heading.title,
    background: "white",
    padding: PADDING,
    title: {
      text: textLines(unbroken(heading.title), CHART_ROOM, TITLE_SIZE, true),
      subtitle: textLines(unbroken(heading.subtitle), CHART_ROOM, SUBTITLE_SIZE),
      anchor: "start",
      frame: "bounds",
      offset: 14,
    },
    ...body,
    config: CONFIG,
  };
}

/** The label axis of a chart with one row per name: labels of several lines (see name-lines), centred on their row. */
export const NAME_AXIS = {
  labelExpr: "split(datum.label, '\\n')",
  labelOffset: { expr: "(1 - length(split(datum.label, '\\n'))) * 6.5" },
  labelLineHeight: 13,
  ticks: false,
  domain: false,
  labelPadding: 8,
};

/** Keeps a figure and its unit on one line: "2 h 02 min". */
function unbroken(text: string): string {
  return text.replace(/(\d) (?=(?:ms|s|min|h|%)(?![a-z]))/g, "$1\u00a0").replace(/(\d\u00a0(?:h|min)) (?=\d)/g, "$1\u00a0");
}

/** Four decimals; −0 is 0. */
export function round4(value: number): number {
  return Math.round(value * 1e4) / 1e4 + 0;
}

const LABEL = { labelFont: FONT, labelFontSize: 11, labelColor: INK, labelLimit: 0 };

const CONFIG = {
  aria: false,
  font: FONT,
  numberFormat: "~f",
  axisX: { labelFlush: false },
  title: {
    fontSize: TITLE_SIZE,
    fontWeight: "bold",
    color: INK,
    subtitleFontSize: SUBTITLE_SIZE,
    subtitleColor: INK_SOFT,
    subtitlePadding: 5,
    lineHeight: TITLE_SIZE + 4,
    subtitleLineHeight: 15,
  },
  axis: {
    ...LABEL,
    titleFontSize: 11.5,
    titleFontWeight: "normal",
    titleColor: INK,
    gridColor: "#e4e4e4",
    domainColor: "#888888",
    tickColor: "#888888",
  },
  legend: {
    ...LABEL,
    titleFontSize: 11.5,
    titleColor: INK,
    orient: "bottom",
    symbolType: "square",
    symbolStrokeWidth: 0,
    columnPadding: 14,
  },
  header: { labelFontSize: 12, labelFontWeight: "bold", labelColor: INK, title: null, labelAnchor: "start" },
  view: { stroke: null },
  text: { font: FONT, fontSize: 11, color: INK },
};
