// `run --json-lines`: what happens as a JSON object a line on standard output. Shape: report/run-event.ts.
import type { Instant } from "#base/units.js";
import type { JournalHeader } from "#live/run/journal.js";
import type { Observation } from "#live/run/observation.js";
import type { Problem } from "#model/problem.js";
import type { RunBegun, RunEvent } from "#report/run-event.js";
import type { Watcher } from "./run-lines.js";

export function begunEvent(header: JournalHeader, directory: string, builds: number, at: Instant, resumed: boolean): RunBegun {
  const { run, policy, hosts, prediction: predicted, began } = header;
  return {
    schema: "drvfleet.run-event/1",
    see: "begun",
    at: at / 1e6,
    run,
    directory,
    policy,
    hosts: [...hosts],
    builds,
    predicted,
    began,
    resumed,
  };
}

export function eventWatcher(problem: Problem, say: (event: RunEvent) => void): Watcher {
  return { seen: (seen, host) => say(eventOf(seen, host, problem)), end: () => {} };
}

/** `here`: the host of its attempt, −1 = none; an observation that names a host goes before it. */
function eventOf(seen: Observation, here: number, { graph, hosts }: Problem): RunEvent {
  const named = "host" in seen ? seen.host : here;
  const host = named < 0 ? null : hosts.names[named]!;
  const event = { ...seen, at: seen.at / 1e6, ...("task" in seen && { task: graph.keys[seen.task]!, name: graph.names[seen.task]! }) };
  return ("task" in seen || "host" in seen ? { ...event, host } : event) as RunEvent;
}

export function printEvent(event: RunEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
