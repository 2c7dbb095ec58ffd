// The `drvfleet.history/1` file: JSON lines, one finished build a line. Runs only append; an import that knows a build better replaces
// its line. Text to rows with the line of every fault, and rows to text. Knows the format only; what a past build says of the next one is history.ts.
// Rules: product.md "Files", History.
import * as z from "zod";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";

const positive = z.number().nonnegative().finite();
/** Thirty years: as long as a trace may be. What is said to have taken longer is a mistake of units or clocks. */
export const SECONDS_MAX = 1e9;
/** As in graphs. */
const WORK_MAX = 1e12;

/** One finished build. Unknown keys are errors but for `x-…` and the `schema` that a first line may carry. */
export const HISTORY_ROW = z
  .object({
    /** The derivation's name without its version: `python3.8-numpy`, `gcc`. */
    pname: z.string().min(1),
    version: z.string().optional(),
    system: z.string().min(1),
    host: z.string().min(1),
    emulated: z.boolean(),
    /** Cores that the build was granted. */
    cores: z.number().positive().finite(),
    /** Wall seconds of the build alone, without copies. */
    seconds: positive.max(SECONDS_MAX, { error: `expected at most ${SECONDS_MAX} s, thirty years` }),
    /** Measured CPU, converted to core-seconds on a native core of speed 1. */
    workCoreSeconds: positive.max(WORK_MAX).optional(),
    memoryBytes: positive.optional(),
    /** Seconds since 1970 at which it ended: the order of rows, nothing else. */
    at: z.number().finite(),
    /** Who measured it: live, nom, internal-json, hydra, … */
    provenance: z.string().min(1),
  })
  .catchall(z.unknown());

export type HistoryRow = z.infer<typeof HISTORY_ROW>;

const SCHEMA = "drvfleet.history/1";
/** The first line of a history, without its newline. */
export const HISTORY_HEADER = JSON.stringify({ schema: SCHEMA });
const KNOWN: ReadonlySet<string> = new Set(Object.keys(HISTORY_ROW.shape));
/** More than this many broken lines are one wrong file, not so many mistakes. */
const FAULTS_MAX = 20;

/** Rows of a history file in file order, or every fault with its line. Empty lines are skipped. */
export function parseHistory(text: string, file: string): Result<readonly HistoryRow[]> {
  const read = parseHistoryLines(text, file);
  return read.ok ? ok(read.value.map(({ row }) => row)) : read;
}

export interface HistoryLine {
  readonly row: HistoryRow;
  /** From 0. */
  readonly line: number;
}

/** The same for whoever replaces lines of the file. */
export function parseHistoryLines(text: string, file: string): Result<readonly HistoryLine[]> {
  const rows: HistoryLine[] = [];
  const faults: Fault[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length && faults.length < FAULTS_MAX; i++) {
    const line = lines[i].trim();
    if (line === "") continue;
    const row = parseLine(line, `${file}:${i + 1}`, faults);
    if (row !== undefined) rows.push({ row, line: i });
  }
  return faults.length > 0 ? fail(...faults) : ok(rows);
}

/** Rows as lines to append to a history file; each ends in a newline. */
export function stringifyHistory(rows: readonly HistoryRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

function parseLine(line: string, where: string, faults: Fault[]): HistoryRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    faults.push(fault("input", where, "this line is not JSON", "a history file is one JSON object a line; was it cut off?"));
    return undefined;
  }
  if (isHeader(value, where, faults)) return undefined;
  const parsed = HISTORY_ROW.safeParse(value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      faults.push(
        fault(
          "input",
          `${where} ${issue.path.join(".")}`.trimEnd(),
          issue.message,
          `expected the keys of ${SCHEMA}: drvfleet schema history`,
        ),
      );
    }
    return undefined;
  }
  const unknown = Object.keys(parsed.data).filter((key) => !KNOWN.has(key) && !key.startsWith("x-"));
  for (const key of unknown)
    faults.push(fault("input", `${where} ${key}`, `unknown key ${JSON.stringify(key)}`, `known: ${[...KNOWN].join(", ")}`));
  return unknown.length > 0 ? undefined : parsed.data;
}

/** A line `{"schema": "drvfleet.history/1"}` says what the file is, and is no row. */
function isHeader(value: unknown, where: string, faults: Fault[]): boolean {
  if (typeof value !== "object" || value === null || !("schema" in value)) return false;
  if (value.schema !== SCHEMA) {
    faults.push(fault("input", `${where} schema`, `found schema ${JSON.stringify(value.schema)}, expected ${JSON.stringify(SCHEMA)}`));
  }
  return true;
}
