// A journal told again to a fresh dispatcher: the same observations must lead to the same decisions, so a journal is both
// where a run goes on from and a test of why it did what it did. Reads lines, knows no host.
import type { HostId, Instant, TaskId } from "#base/units.js";
import type { Dispatcher } from "#dispatch/dispatcher.js";
import type { Problem } from "#model/problem.js";
import { type JournalHeader, type MarkLine, type RoundLine, roundLine, type SeenLine } from "./journal.js";
import { type Observation, tell } from "./observation.js";

export type JournalLine = RoundLine | SeenLine | MarkLine;

export interface Replayed {
  /** Instant of the last line. */
  readonly at: number;
  /** The first round whose decisions differ: its line (from 1), what stands there and what was decided now; null = all agree. */
  readonly differs: { readonly line: number; readonly written: string; readonly decided: string } | null;
}

/** `lines`: the journal without its header. */
export function replay(lines: readonly JournalLine[], dispatcher: Dispatcher, problem: Problem): Replayed {
  const tasks = new Map(problem.graph.keys.map((key, task) => [key, task]));
  const hosts = new Map(problem.hosts.names.map((name, host) => [name, host]));
  let at = 0;
  for (const [i, line] of lines.entries()) {
    at = line.at;
    if ("see" in line) {
      tell(dispatcher, {
        ...line,
        ...("task" in line && { task: tasks.get(line.task as string) as TaskId }),
        ...("host" in line && { host: hosts.get(line.host as string) as HostId }),
      } as Observation);
    } else if ("start" in line) {
      dispatcher.settle(line.at as Instant);
      const decided = JSON.stringify(roundLine(problem, line.at, dispatcher.decisions));
      dispatcher.decisions.performed();
      if (decided !== JSON.stringify(line)) return { at, differs: { line: i + 2, written: JSON.stringify(line), decided } };
    }
  }
  return { at, differs: null };
}

export interface JournalFile {
  readonly header: JournalHeader;
  readonly lines: readonly JournalLine[];
}

/** Undefined when it is no journal. A last line that was cut off by the end of the program is left out. */
export function parseJournal(text: string): JournalFile | undefined {
  const [first, ...rest] = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  const header = lineOf(first ?? "") as JournalHeader | undefined;
  if (header?.schema !== "drvfleet.journal/1") return undefined;
  return { header, lines: rest.flatMap((line) => (lineOf(line) as JournalLine | undefined) ?? []) };
}

function lineOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
