// The prediction ledger, `drvfleet.ledger/1`: a JSON line per real run that was built whole, what was predicted of it before
// its first dispatch and what it took. Every line names its format, so that files can be joined. `x-…` keys are ignored.
import * as z from "zod";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";

const seconds = z.number().min(0).max(1e9);

export const ledgerLine = z.strictObject({
  schema: z.literal("drvfleet.ledger/1"),
  /** The journal's mark of the run. */
  run: z.string().min(1),
  /** Of scenario, policy and seed. */
  digest: z.string(),
  policy: z.string().min(1),
  version: z.string(),
  /** Seconds since 1970. */
  began: z.number().min(0),
  builds: z.int().min(1),
  predicted: z.strictObject({ median: seconds, low: seconds, high: seconds, worlds: z.int().min(1) }),
  actual: z.number().gt(0).max(1e9),
  /** Path of its trace. */
  trace: z.string().min(1),
});

export type LedgerLine = z.infer<typeof ledgerLine>;

const FAULTS_MAX = 20;

/** `where` is the name of the file, for faults. */
export function parseLedger(text: string, where: string): Result<readonly LedgerLine[]> {
  const lines: LedgerLine[] = [];
  const faults: Fault[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "" || faults.length >= FAULTS_MAX) continue;
    const read = ledgerLine.safeParse(withoutExtensions(parsed(line)));
    if (read.success) lines.push(read.data);
    else for (const issue of read.error.issues) faults.push(fault("input", [`${where}:${i + 1}`, ...issue.path].join(" "), issue.message));
  }
  if (faults.length > 0) return fail(...faults);
  if (lines.length === 0) return fail(fault("input", where, "found no run, expected a JSON line per run", "drvfleet run appends one"));
  return ok(lines);
}

/** Undefined, which no schema takes, where the line is no JSON. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function withoutExtensions(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("x-")));
}
