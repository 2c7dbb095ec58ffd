// Reads `drvfleet.trace/1` back: every line is validated, faults name the line and what was expected there. Tasks are keys
// until they are bound to a Problem (trace-bind). Rule: product.md "Trace".
import type { z } from "zod";
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import { micros } from "#base/units.js";
import { OUTCOMES, STAGES, Trace } from "#dispatch/trace.js";
import { type TraceAttempt, type TraceHeader, traceAttempt, traceHeader, traceSpan } from "./trace-schema.js";

export interface TraceFile {
  readonly header: TraceHeader;
  /** Keys of its tasks, in the order in which they appear: ids of `trace.task` index this list. */
  readonly keys: readonly string[];
  readonly trace: Trace;
}

export const FAULTS_MAX = 20;

/** `where` is the name of the file, for faults. */
export function parseTrace(text: string, where: string): Result<TraceFile> {
  const lines = text.split("\n");
  const faults: Fault[] = [];
  const header = parseLine(lines[0]!, `${where}:1`, traceHeader, faults);
  if (header === undefined) return fail(...faults);
  const reader = new Reader(header);
  for (let i = 1; i < lines.length && faults.length < FAULTS_MAX; i++) {
    const line = lines[i]!;
    if (line.trim() === "") continue;
    const place = `${where}:${i + 1}`;
    if (/^\s*\{\s*"span"/.test(line)) {
      const span = parseLine(line, place, traceSpan, faults);
      if (span !== undefined) reader.span(span, place, faults);
    } else {
      const attempt = parseLine(line, place, traceAttempt, faults);
      if (attempt !== undefined) reader.attempt(attempt, place, faults);
    }
  }
  return faults.length > 0 ? fail(...faults) : ok(reader.file());
}

class Reader {
  private readonly trace = new Trace(1024);
  private readonly ids = new Map<string, number>();
  private readonly clients = new Map<string, number>();
  private readonly hosts: ReadonlyMap<string, number>;
  private latest = 0;

  constructor(private readonly header: TraceHeader) {
    this.hosts = new Map(header.hosts.map((name, id) => [name, id]));
  }

  attempt(line: TraceAttempt, place: string, faults: Fault[]): void {
    const host = this.hostOf(line.host, place, faults);
    const { trace } = this;
    const row = trace.open(this.taskOf(line.task), line.attempt, host, line.slot, line.cores, Number.NaN, Number.NaN);
    if (line.client !== undefined) trace.client[row] = idOf(line.client, this.clients);
    let before = 0;
    let earlier = "";
    for (const stage of STAGES) {
      const value = line[stage];
      const at = value === undefined ? Number.NaN : micros(value);
      trace[stage][row] = at;
      if (Number.isNaN(at)) continue;
      if (at < before && stage !== "slotFreed" && stage !== "noticed") {
        faults.push(
          fault(
            "input",
            `${place} ${stage}`,
            `${stage} (${value}) is before ${earlier}`,
            `stages happen in this order: ${STAGES.join(", ")}`,
          ),
        );
      }
      if (stage !== "slotFreed") {
        before = at;
        earlier = stage;
      }
      this.latest = Math.max(this.latest, at);
    }
    trace.bytesIn[row] = line.bytesIn ?? Number.NaN;
    trace.bytesOut[row] = line.bytesOut ?? Number.NaN;
    trace.coreSeconds[row] = line.coreSeconds ?? Number.NaN;
    trace.outcome[row] = OUTCOMES.indexOf(line.outcome);
  }

  span(line: z.infer<typeof traceSpan>, place: string, faults: Fault[]): void {
    if (line.to < line.from) faults.push(fault("input", `${place} to`, `the span ends (${line.to}) before it begins (${line.from})`));
    this.trace.spans.push({
      kind: line.span,
      host: line.host === undefined ? -1 : this.hostOf(line.host, place, faults),
      task: line.task === undefined ? -1 : this.taskOf(line.task),
      from: micros(line.from),
      to: micros(line.to),
    });
  }

  file(): TraceFile {
    const { makespan } = this.header;
    this.trace.makespan = makespan === undefined ? this.latest : micros(makespan);
    this.trace.clients = [...this.clients.keys()];
    return { header: this.header, keys: [...this.ids.keys()], trace: this.trace };
  }

  private taskOf(key: string): number {
    return idOf(key, this.ids);
  }

  private hostOf(name: string, place: string, faults: Fault[]): number {
    const id = this.hosts.get(name);
    if (id === undefined)
      faults.push(fault("input", `${place} host`, `host ${name} is not in the header`, suggest(name, this.header.hosts)));
    return id ?? 0;
  }
}

/** Its place in the order of first appearance. */
function idOf(name: string, ids: Map<string, number>): number {
  const known = ids.get(name);
  if (known !== undefined) return known;
  ids.set(name, ids.size);
  return ids.size - 1;
}

function parseLine<T>(line: string, place: string, schema: z.ZodType<T>, faults: Fault[]): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    faults.push(
      fault(
        "input",
        place,
        line.trim() === "" ? "a JSON object was expected, the line is empty" : "the line is no JSON object",
        "a trace has one JSON object per line, the header first",
      ),
    );
    return undefined;
  }
  const read = schema.safeParse(withoutExtensions(value));
  if (read.success) return read.data;
  for (const issue of read.error.issues) faults.push(fault("input", [place, ...issue.path].join(" "), issue.message));
  return undefined;
}

/** Keys that begin with `x-` are anybody's own. */
function withoutExtensions(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("x-")));
}
