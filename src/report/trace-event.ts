// A run in Chrome's trace format, for Perfetto and chrome://tracing: a process per host, a thread per slot, each attempt a
// slice with its phases nested in it, other intervals of the host on threads of their own. Process and thread 0 mean "idle"
// to Perfetto, so ids are host + 1 and slot + 1. Times in µs, as that format has them.
import { OUTCOMES, type Trace, type TraceSpan } from "#dispatch/trace.js";
import type { Held } from "#metrics/slots.js";
import type { Problem } from "#model/problem.js";
import { PROVENANCES } from "#model/tasks.js";
import { lanes, phasesOf } from "./lanes.js";
import { PART_LOOKS } from "./palette.js";
import { classLabel } from "./series-queue.js";

interface TraceEvent {
  readonly ph: "M" | "X" | "b" | "e";
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly id?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly args?: Readonly<Record<string, string | number>>;
}

/** The client's own intervals, which belong to no host. */
const CLIENT = 0;

/** The whole document, for runs below 300,000 attempts; `traceEvents` has no limit. */
export function traceEventJson(trace: Trace, problem: Problem): string {
  return [...traceEvents(trace, problem)].join("");
}

/** The document in pieces, one event per line: names, attempts by host and slot, then spans as recorded. Pieces, because a large run exceeds the longest string. */
export function* traceEvents(trace: Trace, problem: Problem): Generator<string> {
  const client = problem.hosts.count + 1;
  let before = '{"displayTimeUnit":"ms","traceEvents":[\n';
  for (const event of allEvents(trace, problem, client)) {
    yield before + JSON.stringify(event);
    before = ",\n";
  }
  yield "\n]}\n";
}

function* allEvents(trace: Trace, problem: Problem, client: number): Generator<TraceEvent> {
  yield* nameEvents(trace, problem, client);
  for (const bar of lanes(trace, problem)) yield* attemptEvents(bar, trace, problem);
  for (const [i, span] of trace.spans.entries()) yield* spanEvents(span, i, problem, client);
}

function nameEvents(trace: Trace, { hosts }: Problem, client: number): TraceEvent[] {
  const events: TraceEvent[] = [];
  hosts.names.forEach((name, h) => {
    events.push({ ph: "M", name: "process_name", pid: h + 1, tid: 0, args: { name } });
    events.push({ ph: "M", name: "process_sort_index", pid: h + 1, tid: 0, args: { sort_index: h } });
    for (let slot = 0; slot < hosts.maxJobs[h]!; slot++) {
      events.push({ ph: "M", name: "thread_name", pid: h + 1, tid: slot + 1, args: { name: `slot ${slot}` } });
    }
  });
  if (trace.spans.some(({ host }) => host < 0)) {
    events.push({ ph: "M", name: "process_name", pid: client, tid: 0, args: { name: "scheduler" } });
  }
  return events;
}

function attemptEvents(bar: Held, trace: Trace, problem: Problem): TraceEvent[] {
  const { graph, tasks } = problem;
  const { row } = bar;
  const task = trace.task[row]!;
  const place = { pid: bar.host + 1, tid: bar.slot + 1 };
  const args = {
    key: graph.keys[task]!,
    kind: classLabel(problem, task),
    attempt: trace.attempt[row]!,
    outcome: OUTCOMES[trace.outcome[row]!]!,
    cores: trace.cores[row]!,
    duration: PROVENANCES[tasks.provenance[task]!]!,
    waitedSeconds: known((bar.from - trace.ready[row]!) / 1e6),
    bytesIn: known(trace.bytesIn[row]!),
    bytesOut: known(trace.bytesOut[row]!),
    coreSeconds: known(trace.coreSeconds[row]!),
  };
  const whole: TraceEvent = { ph: "X", name: graph.names[task]!, cat: "build", ...place, ts: bar.from, dur: bar.to - bar.from, args };
  const phases = phasesOf(trace, bar).map(
    ({ part, from, to }): TraceEvent => ({ ph: "X", name: PART_LOOKS[part].label, cat: "phase", ...place, ts: from, dur: to - from }),
  );
  return [whole, ...phases];
}

/** Spans overlap each other freely, so they are asynchronous pairs. */
function spanEvents({ kind, host, task, from, to }: TraceSpan, id: number, { graph }: Problem, client: number): TraceEvent[] {
  const name = task < 0 ? kind : `${kind}: ${graph.names[task]!}`;
  const place = { name, cat: kind, id: id + 1, pid: host < 0 ? client : host + 1, tid: CLIENT };
  return [
    { ph: "b", ...place, ts: from },
    { ph: "e", ...place, ts: Math.max(from, to) },
  ];
}

function known(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
