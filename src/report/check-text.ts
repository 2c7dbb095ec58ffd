// What `drvfleet check` prints: one line a host with what it is worth, what it builds for, then everything that is wrong,
// each with the words of the program that said so and what to change. At most 80 columns. Text only.
import { isBusy, type ProbedHost, type StepResult } from "#model/probed-host.js";
import { duration } from "#base/duration.js";
import { bytes, plural, ratio } from "./figures.js";
import { printable, shortened } from "./name-lines.js";
import { TERMINAL_WIDTH } from "./table-parts.js";
import { type GridColumn, type GridRow, grid, paint, paragraph } from "./text-grid.js";

export interface CheckFinding {
  readonly severity: "error" | "warning";
  /** "" = the fleet. */
  readonly host: string;
  /** The step of the ladder, or "" for what the fleet's lint found. */
  readonly step: string;
  readonly what: string;
  readonly words: string;
  readonly hint: string;
}

export interface CheckResult {
  readonly schema: "drvfleet.check/1";
  readonly version: string;
  readonly fleet: string;
  /** When, ISO 8601. */
  readonly at: string;
  readonly seconds: number;
  readonly hosts: readonly ProbedHost[];
  readonly findings: readonly CheckFinding[];
}

/** Nix likes to print whole derivations. */
const WORDS_MAX = 300;

const COLUMNS: readonly GridColumn[] = [
  { head: "host", width: 15, side: "left" },
  { head: "cores", width: 5, side: "right" },
  { head: "speed", width: 5, side: "right" },
  { head: "memory", width: 8, side: "right" },
  { head: "free", width: 8, side: "right" },
  { head: "→ Mbit/s", width: 8, side: "right" },
  { head: "← Mbit/s", width: 8, side: "right" },
  { head: "ping", width: 8, side: "right" },
  { head: "Nix", width: 6, side: "right" },
];

/** Lines without a final newline. */
export function checkText(result: CheckResult, color: boolean): string {
  const errors = result.findings.filter(({ severity }) => severity === "error");
  const warnings = result.findings.filter(({ severity }) => severity === "warning");
  return [
    ...paragraph(
      printable(`${result.fleet}: ${plural(result.hosts.length, "host")} checked in ${duration(result.seconds)}`),
      TERMINAL_WIDTH,
    ),
    "",
    ...grid(COLUMNS, result.hosts.map(rowOf), color),
    "",
    ...result.hosts.flatMap(systemLines),
    ...[...errors, ...warnings].flatMap((finding) => ["", ...findingLines(finding, color)]),
    "",
    paint(closing(result.hosts, errors.length, warnings.length), "bold", color),
  ].join("\n");
}

function rowOf(host: ProbedHost): GridRow {
  const failed = host.steps.find(({ verdict }) => verdict === "failed");
  const { hardware, speed, link, nix } = host;
  const figure = <T>(value: T | null | undefined, show: (known: T) => string) =>
    value === null || value === undefined ? "–" : show(value);
  return {
    style: failed === undefined ? "plain" : "bold",
    cells: [
      `${failed === undefined ? "" : "✗ "}${shortened(host.name, failed === undefined ? 15 : 13)}`,
      figure(hardware?.processors, String),
      figure(speed?.single, ratio),
      figure(hardware?.memoryBytes, bytes),
      figure(hardware?.diskFreeBytes, bytes),
      figure(link?.down, megabits),
      figure(link?.up, megabits),
      figure(link?.roundTrip, milliseconds),
      figure(nix?.version || null, (version) => version.split(/[-+]/)[0]!.slice(0, 6)),
    ],
  };
}

function megabits(rate: number): string {
  const value = (rate * 8) / 1e6;
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

function milliseconds(seconds: number): string {
  const value = seconds * 1000;
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

/** "kana: x86_64-linux; emulates aarch64-linux ×2.2; features kvm". */
function systemLines({ name, systems, features, speed, hardware }: ProbedHost): string[] {
  const building = systems.filter(({ builds }) => builds === true);
  if (building.length === 0) return [];
  const native = building.filter(({ emulated }) => !emulated).map(({ system }) => system);
  const emulated = building
    .filter((one) => one.emulated)
    .map(({ system, slowdown }) => `${system}${slowdown === null ? "" : ` (×${ratio(slowdown)})`}`);
  const parts = [
    `builds ${native.join(" ")}`,
    ...(emulated.length > 0 ? [`emulates ${emulated.join(" ")}`] : []),
    ...(features !== null && features.length > 0 ? [`features ${features.join(" ")}`] : []),
    ...(speed?.worth !== null && speed !== null && hardware !== null && hardware.processors > 1 && !isBusy(hardware)
      ? [`${hardware.processors} cores at once are worth ${speed.worth.toFixed(1)}`]
      : []),
  ];
  return indented(`${name} ${parts.join("; ")}`, 0);
}

function findingLines({ severity, host, step, what, words, hint }: CheckFinding, color: boolean): string[] {
  const title = `${severity === "error" ? "✗" : "!"} ${[host === "" ? "fleet" : host, ...(step === "" ? [] : [step])].join(", ")}: ${what}`;
  return [
    ...indented(title, 0).map((line) => paint(line, severity === "error" ? "bold" : "plain", color)),
    ...(words === "" ? [] : indented(shortened(words, WORDS_MAX), 2).map((line) => paint(line, "dim", color))),
    ...(hint === "" ? [] : indented(`→ ${hint}`, 2)),
  ];
}

/** Lines after the first stand two further in. */
function indented(text: string, depth: number): string[] {
  return paragraph(printable(text), TERMINAL_WIDTH - depth, "  ").map((line) => " ".repeat(depth) + line);
}

function closing(hosts: readonly ProbedHost[], errors: number, warnings: number): string {
  const failed = hosts.filter(({ steps }) => steps.some(({ verdict }) => verdict === "failed")).length;
  const state =
    failed === 0
      ? hosts.length === 1
        ? "It can build"
        : `All ${hosts.length} can build`
      : `${failed} of ${hosts.length} cannot build as promised`;
  const found = [...(errors > 0 ? [plural(errors, "error")] : []), ...(warnings > 0 ? [plural(warnings, "warning")] : [])];
  return found.length === 0 ? `${state}; nothing to say against it.` : `${state}; ${found.join(", ")}.`;
}

/** What a step found, as a finding; null when it is well. */
export function findingOf(host: string, { step, verdict, what, words, hint }: StepResult): CheckFinding | null {
  return verdict === "ok" ? null : { severity: verdict === "failed" ? "error" : "warning", host, step, what, words, hint };
}
