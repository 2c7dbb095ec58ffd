// Binds a trace that was read from a file to a Problem: its keys and host names become that problem's ids. What the problem
// does not have is a fault with the nearest known name; where most of it is unknown, one fault.
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import type { Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { FAULTS_MAX, type TraceFile } from "./trace-parse.js";

/** The trace of the file, its ids replaced in place: bind a file once. `where` is its name, for faults. */
export function bindTrace(file: TraceFile, problem: Problem, where: string): Result<Trace> {
  const { keys } = problem.graph;
  const own = new Set(keys);
  const strange = file.keys.filter((key) => !own.has(key));
  if (strange.length > 1 && 2 * strange.length > file.keys.length) {
    const what = `${strange.length} of its ${file.keys.length} tasks are not in the scenario, as ${strange[0]}`;
    return fail(fault("input", where, what, "is it the trace of another graph?"));
  }
  const faults: Fault[] = [];
  const indexOf = (names: readonly string[], known: readonly string[], what: string): Int32Array => {
    const ids = new Map(known.map((name, id) => [name, id]));
    return Int32Array.from(names, (name) => {
      const id = ids.get(name);
      if (id === undefined && faults.length < FAULTS_MAX)
        faults.push(fault("input", where, `${what} ${name} is not in the scenario`, suggest(name, known)));
      return id ?? -1;
    });
  };
  const tasks = indexOf(file.keys, keys, "task");
  const hosts = indexOf(file.header.hosts, problem.hosts.names, "host");
  if (faults.length > 0) return fail(...faults);
  const { trace } = file;
  for (let row = 0; row < trace.rows; row++) {
    trace.task[row] = tasks[trace.task[row]!]!;
    trace.host[row] = hosts[trace.host[row]!]!;
  }
  trace.spans.forEach((span, i) => {
    trace.spans[i] = { ...span, host: span.host < 0 ? -1 : hosts[span.host]!, task: span.task < 0 ? -1 : tasks[span.task]! };
  });
  return ok(trace);
}
