// Writes a Trace as `drvfleet.trace/1`: JSON lines, keys in the order of product.md, seconds with six decimals so that every
// microsecond survives. Same trace, same bytes.
import { NONE } from "#base/units.js";
import { OUTCOMES, STAGES, type Trace, type TraceSpan } from "#dispatch/trace.js";

export interface TraceSource {
  /** What names the run: digest, policy, seed, version. */
  readonly run: string;
  /** sim, live, nix-2.8 … */
  readonly engine: string;
  /** Instant 0 in seconds since 1970, of recorded runs. */
  readonly began?: number;
}

/** Names of the ids in a trace: a Problem has them, an importer knows them. */
export interface TraceNames {
  readonly graph: { readonly keys: readonly string[] };
  readonly hosts: { readonly names: readonly string[] };
}

/** The whole file, for runs below a million attempts; `traceLines` has no limit. */
export function traceJsonLines(trace: Trace, problem: TraceNames, source: TraceSource): string {
  return [...traceLines(trace, problem, source)].join("");
}

/** The file line by line, newlines included: a large run exceeds the longest string. */
export function* traceLines(trace: Trace, problem: TraceNames, { run, engine, began }: TraceSource): Generator<string> {
  const { hosts, graph } = problem;
  const names = JSON.stringify(hosts.names);
  yield `{"schema":"drvfleet.trace/1","run":${text(run)},"engine":${text(engine)},"hosts":${names},"makespan":${instant(trace.makespan)}${began === undefined ? "" : `,"x-began":${began.toFixed(6)}`}}\n`;
  for (let row = 0; row < trace.rows; row++) yield attemptLine(trace, row, graph.keys, hosts.names);
  for (const span of trace.spans) yield spanLine(span, graph.keys, hosts.names);
}

function attemptLine(trace: Trace, row: number, keys: readonly string[], hosts: readonly string[]): string {
  const client = trace.client[row] === NONE ? "" : `,"client":${text(trace.clients[trace.client[row]!]!)}`;
  let line = `{"task":${text(keys[trace.task[row]!]!)},"attempt":${trace.attempt[row]}${client},"host":${text(hosts[trace.host[row]!]!)},"slot":${trace.slot[row]},"cores":${trace.cores[row]}`;
  for (const stage of STAGES) {
    const at = trace[stage][row]!;
    if (at === at) line += `,"${stage}":${instant(at)}`;
  }
  line += figure("bytesIn", trace.bytesIn[row]!) + figure("bytesOut", trace.bytesOut[row]!);
  const cpu = trace.coreSeconds[row]!;
  if (cpu === cpu) line += `,"coreSeconds":${cpu.toFixed(6)}`;
  return `${line},"outcome":"${OUTCOMES[trace.outcome[row]!]}"}\n`;
}

function spanLine({ kind, host, task, from, to }: TraceSpan, keys: readonly string[], hosts: readonly string[]): string {
  const where = host < 0 ? "" : `,"host":${text(hosts[host]!)}`;
  const whose = task < 0 ? "" : `,"task":${text(keys[task]!)}`;
  return `{"span":"${kind}"${where}${whose},"from":${instant(from)},"to":${instant(to)}}\n`;
}

/** µs as seconds with six decimals, in integers: no rounding. */
function instant(at: number): string {
  const micros = Math.round(at);
  return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, "0")}`;
}

function figure(name: string, value: number): string {
  return value === value ? `,"${name}":${value}` : "";
}

function text(value: string): string {
  return JSON.stringify(value);
}
