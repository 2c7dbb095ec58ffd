// Every change that can start or end an idle cause, in time order: a slot held and freed, a task ready and asked for,
// spans that begin and end. All of one instant are applied before anybody is asked why, so their order cannot show.
import { assert } from "#base/assert.js";
import type { TraceSpan } from "#dispatch/trace.js";
import type { Attempts } from "./attempts.js";
import type { Held } from "./slots.js";

/** What is told of each change. */
export interface Listener {
  held(host: number, task: number, change: 1 | -1): void;
  /** The task can be asked for: from here its readiness is no longer awaited. */
  readied(task: number): void;
  /** Ready and not yet asked for. */
  queued(task: number, change: 1 | -1): void;
  span(span: TraceSpan, change: 1 | -1): void;
}

export interface Changes {
  readonly count: number;
  /** µs, ascending. */
  at(i: number): number;
  apply(i: number, to: Listener): void;
}

const HELD = 0;
const FREED = 1;
const READY = 2;
const ASKED = 3;
const SPAN_BEGIN = 4;
const SPAN_END = 5;
const KINDS = 8;

export function changes(attempts: Attempts, held: readonly Held[]): Changes {
  const { trace } = attempts;
  const most = 2 * (held.length + trace.rows + trace.spans.length);
  const times = new Float64Array(most);
  const codes = new Float64Array(most);
  let count = 0;
  for (const [index, { from, to }] of held.entries()) {
    if (to > from) put(from, index, HELD);
    if (to > from) put(to, index, FREED);
  }
  for (let row = 0; row < trace.rows; row++) {
    put(attempts.readyAt(row), row, READY);
    if (trace.asked[row]! > attempts.readyAt(row)) put(trace.asked[row]!, row, ASKED);
  }
  for (const [index, { from, to }] of trace.spans.entries()) {
    if (to > from) put(from, index, SPAN_BEGIN);
    if (to > from) put(to, index, SPAN_END);
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b);
  return { count, at: (i) => times[order[i]!]!, apply: (i, to) => apply(codes[order[i]!]!, to) };

  function put(at: number, index: number, kind: number): void {
    times[count] = at;
    codes[count++] = index * KINDS + kind;
  }

  function apply(code: number, to: Listener): void {
    const kind = code % KINDS;
    const index = (code - kind) / KINDS;
    switch (kind) {
      case HELD:
        return to.held(held[index]!.host, trace.task[held[index]!.row]!, 1);
      case FREED:
        return to.held(held[index]!.host, trace.task[held[index]!.row]!, -1);
      case READY:
        to.readied(trace.task[index]!);
        if (trace.asked[index]! > attempts.readyAt(index)) to.queued(trace.task[index]!, 1);
        return;
      case ASKED:
        return to.queued(trace.task[index]!, -1);
      case SPAN_BEGIN:
        return to.span(trace.spans[index]!, 1);
      default:
        assert(kind === SPAN_END, "a change of no known kind");
        return to.span(trace.spans[index]!, -1);
    }
  }
}
