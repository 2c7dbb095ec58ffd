// The sections of report.html in the order in which a reader asks: who wins and by how much, why, where, when, what waited,
// which derivations, what would help, and what all that rests on.
import type { ChartName } from "./charts.js";
import { basisSection, helpSection } from "./html-basis.js";
import { foretoldSection } from "./html-foretold.js";
import { hostsSection } from "./html-hosts.js";
import { derivationsSection, ganttSection, queueSection } from "./html-run.js";
import type { Html } from "./html-text.js";
import { ladderSection, winnerSection } from "./html-winner.js";
import { type ReportInput, tookPlace } from "./report-input.js";

/** SVG documents by chart name; a section shows its picture if it is there. */
export type ChartPictures = Readonly<Partial<Record<ChartName, string>>>;

export interface Section {
  readonly id: string;
  readonly title: (input: ReportInput) => string;
  /** Null: the input has nothing for it. */
  readonly body: (input: ReportInput, charts: ChartPictures) => Html | null;
}

export const SECTIONS: readonly Section[] = [
  {
    id: "winner",
    title: (input) => (tookPlace(input) ? "How long it took, and the least that it could" : "Who wins, and by how much"),
    body: winnerSection,
  },
  { id: "foretold", title: () => "Predicted and actual", body: foretoldSection },
  { id: "ladder", title: () => "From the lower bound to the real engine", body: ladderSection },
  { id: "hosts", title: () => "Where the time went, host by host", body: hostsSection },
  { id: "gantt", title: () => "What ran where and when", body: ganttSection },
  { id: "queue", title: () => "What waited", body: queueSection },
  { id: "derivations", title: () => "The longest and the costliest derivations", body: derivationsSection },
  { id: "help", title: () => "What would help most", body: helpSection },
  { id: "basis", title: () => "What this rests on", body: basisSection },
];
