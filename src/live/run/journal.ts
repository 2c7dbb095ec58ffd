// The journal of a run: a header with the prediction, then every observation and every round of decisions as one JSON
// line, in the order in which they were told and made. Names, not ids, so that it can be read alone. It is written
// before anything is dispatched, and outlives us; the disk has it a moment later, as after every end, and nothing that has ended by
// then is lost. Nothing secret goes in. Rule: product.md, "run".
import { fsync, fsyncSync, openSync, writeSync, closeSync } from "node:fs";
import type { Decisions } from "#dispatch/executor.js";
import type { Problem } from "#model/problem.js";
import type { Observation } from "./observation.js";

export interface Prediction {
  /** Seconds: the median of the simulated worlds, and where 90 of 100 lie. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly worlds: number;
}

export interface JournalHeader {
  readonly schema: "drvfleet.journal/1";
  /** Begins the marks of its processes. */
  readonly run: string;
  readonly version: string;
  /** Of scenario, policy and seed. */
  readonly digest: string;
  readonly policy: string;
  readonly seed: number;
  readonly keepGoing: boolean;
  readonly hosts: readonly string[];
  /** Instant 0 in seconds since 1970. */
  readonly began: number;
  readonly prediction: Prediction;
  /** The history that its builds are added to: an absolute path. */
  readonly history: string;
}

/** A decision as it is written: task, host, cores. */
export type StartLine = readonly [task: string, host: string, cores: number];

export interface RoundLine {
  readonly at: number;
  readonly start: readonly StartLine[];
  readonly retry?: readonly (readonly [task: string, at: number])[];
  readonly wake?: number;
  /** Outputs sent ahead of the builds that need them: task, host. */
  readonly ahead?: readonly (readonly [task: string, host: string])[];
}

/** An observation as it is written: names in place of ids. */
export type SeenLine = { readonly at: number; readonly see: string } & Readonly<Record<string, unknown>>;

/** Marks that belong to neither: the run was stopped, resumed, is done. */
export interface MarkLine {
  readonly at: number;
  readonly mark: "stopped" | "resumed" | "done";
  readonly why?: string;
}

export class Journal {
  private syncing = false;

  private constructor(
    private readonly file: number,
    private readonly problem: Problem,
  ) {}

  /** A new one. */
  static begin(path: string, header: JournalHeader, problem: Problem): Journal {
    const journal = new Journal(openSync(path, "wx", 0o644), problem);
    journal.line(header);
    journal.sync();
    return journal;
  }

  /** One that goes on. */
  static resume(path: string, problem: Problem): Journal {
    return new Journal(openSync(path, "a"), problem);
  }

  seen(seen: Observation): void {
    const { graph, hosts } = this.problem;
    const { at, see, ...rest } = seen;
    this.line({
      at,
      see,
      ...rest,
      ...("task" in rest && { task: graph.keys[rest.task]! }),
      ...("host" in rest && { host: hosts.names[rest.host]! }),
    });
    if (see === "ended" || see === "failed") this.sync();
  }

  round(at: number, decisions: Decisions): void {
    this.line(roundLine(this.problem, at, decisions));
  }

  mark(line: MarkLine): void {
    this.line(line);
    this.sync();
  }

  close(): void {
    fsyncSync(this.file);
    closeSync(this.file);
  }

  private line(value: object): void {
    writeSync(this.file, `${JSON.stringify(value)}\n`);
  }

  /** In the background, one at a time: nobody waits for the disk. */
  private sync(): void {
    if (this.syncing) return;
    this.syncing = true;
    fsync(this.file, () => {
      this.syncing = false;
    });
  }
}

export function roundLine({ graph, hosts }: Problem, at: number, decisions: Decisions): RoundLine {
  const { count, task, host, cores, retry, retryAt, retryCount, wakeAt, stageTask, stageHost, stageCount } = decisions;
  return {
    at,
    start: Array.from({ length: count }, (_, i) => [graph.keys[task[i]!]!, hosts.names[host[i]!]!, cores[i]!]),
    ...(retryCount > 0 && { retry: Array.from({ length: retryCount }, (_, i) => [graph.keys[retry[i]!]!, retryAt[i]!] as const) }),
    ...(wakeAt !== Number.POSITIVE_INFINITY && { wake: wakeAt }),
    ...(stageCount > 0 && {
      ahead: Array.from({ length: stageCount }, (_, i) => [graph.keys[stageTask[i]!]!, hosts.names[stageHost[i]!]!] as const),
    }),
  };
}
