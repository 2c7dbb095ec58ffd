// A trace of ours, recorded or live → past builds. A simulated trace is no history: its durations are estimates, and
// taking them in would make guesses look like knowledge.
import { fail, fault, ok, type Result } from "#base/fault.js";
import { BUILT } from "#dispatch/trace.js";
import { baseName, derivationName } from "#ingest/store-path.js";
import type { PastBuild } from "#model/past-build.js";
import { parseTrace } from "#report/trace-parse.js";

export interface TracedPast {
  readonly builds: readonly PastBuild[];
  readonly notes: readonly string[];
}

export function pastOfTrace(text: string, file: string): Result<TracedPast> {
  const read = parseTrace(text, file);
  if (!read.ok) return read;
  const { header, keys, trace } = read.value;
  if (header.engine === "sim") {
    return fail(
      fault(
        "input",
        `${file}:1 engine`,
        "found a simulated trace, expected a recorded one",
        "a history holds builds that really took place",
      ),
    );
  }
  const began = beganOf(text);
  const builds: PastBuild[] = [];
  let untimed = 0;
  for (let row = 0; row < trace.rows; row++) {
    if (trace.outcome[row] !== BUILT) continue;
    const key = keys[trace.task[row]!]!;
    const seconds = (trace.built[row]! - trace.started[row]!) / 1e6;
    if (Number.isNaN(seconds)) {
      untimed++;
      continue;
    }
    const cores = trace.cores[row]!;
    const cpu = trace.coreSeconds[row]!;
    const isPath = derivationName(key) !== undefined;
    builds.push({
      ...(isPath && { drv: key }),
      name: derivationName(key) ?? baseName(key).replace(/#\d+$/, ""),
      machine: header.hosts[trace.host[row]!]!,
      seconds,
      at: began === undefined ? 0 : began + trace.built[row]! / 1e6,
      ...(cores > 0 && { cores }),
      ...(Number.isNaN(cpu) ? {} : { coreSeconds: cpu }),
      provenance: header.engine,
    });
  }
  return ok({
    builds,
    notes: [
      ...(untimed > 0 ? [`${file}: ${untimed} builds are left out: the trace does not say when they began and ended`] : []),
      ...(began === undefined ? [`${file}: the trace does not say when it was recorded (x-began); its builds count as oldest`] : []),
    ],
  });
}

/** Seconds since 1970 of instant 0, which the header may carry. */
function beganOf(text: string): number | undefined {
  const header = JSON.parse(text.slice(0, text.search(/\n|$/))) as { readonly "x-began"?: unknown };
  return typeof header["x-began"] === "number" ? header["x-began"] : undefined;
}
