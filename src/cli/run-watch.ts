// Who is told what while builds run: the live view where standard error is a terminal that can be drawn on, lines elsewhere,
// nothing when quiet, and JSON lines for programs beside any of them.
import type { Clock } from "#live/host/clock.js";
import type { JournalLine } from "#live/run/replay.js";
import type { Problem } from "#model/problem.js";
import type { Foretold } from "#report/foretold.js";
import { liveFrame } from "#report/live-frame.js";
import type { Loudness } from "./notes.js";
import { eventWatcher, printEvent } from "./run-events.js";
import { lineWatcher, type Watcher, watchers } from "./run-lines.js";
import { tellPast } from "./run-past.js";
import { Screen } from "./run-screen.js";
import { RunState } from "./run-state.js";

export interface Watch extends Watcher {
  /** Nothing more is placed. */
  stopping(why: string): void;
}

export interface WatchRequest {
  readonly problem: Problem;
  readonly foretold: Foretold;
  readonly loudness: Loudness;
  readonly isEvents: boolean;
  /** The engine's. */
  readonly clock: Pick<Clock, "now">;
  /** Of an interrupted run that goes on. */
  readonly lines: readonly JournalLine[];
}

export function watchOf({ problem, foretold, loudness, isEvents, clock, lines: past }: WatchRequest): Watch {
  const events = isEvents ? [eventWatcher(problem, printEvent)] : [];
  if (loudness === "quiet") return { ...watchers(events), stopping: () => {} };
  if (!canDraw(isEvents)) {
    const line = (text: string): void => void process.stderr.write(`${text}\n`);
    return {
      ...watchers([...events, lineWatcher(problem, true, line)]),
      stopping: (why) => line(`stopping (${why}): what runs ends; Ctrl-C ends it now`),
    };
  }
  const state = new RunState(problem, foretold);
  tellPast(past, problem, state);
  const look = { color: !process.env.NO_COLOR, unicode: isUnicode(process.env) };
  const screen = new Screen(
    {
      get columns() {
        return process.stderr.columns || 80;
      },
      get rows() {
        return process.stderr.rows || 24;
      },
      write: (text) => void process.stderr.write(text),
    },
    { now: () => performance.now(), after: wakeAfter },
    (width, height) => liveFrame(state.frame(clock.now() / 1e6), { width, height, ...look }),
  );
  const stir = (): void => screen.stir();
  const close = (): void => screen.close();
  process.stderr.on("resize", stir);
  process.on("exit", close);
  const lines = lineWatcher(problem, loudness === "verbose", (text) => screen.print(text));
  const all = watchers([...events, state, lines, { seen: stir, end: close }]);
  return {
    seen: all.seen,
    end() {
      all.end();
      process.stderr.off("resize", stir);
      process.off("exit", close);
    },
    stopping(why) {
      state.stopping = why;
      stir();
    },
  };
}

function wakeAfter(milliseconds: number, act: () => void): () => void {
  const timer = setTimeout(act, milliseconds).unref();
  return () => clearTimeout(timer);
}

/** Lines of JSON on the same terminal would be drawn over. */
function canDraw(isEvents: boolean): boolean {
  return process.stderr.isTTY === true && process.env.TERM !== "dumb" && !(isEvents && process.stdout.isTTY === true);
}

function isUnicode({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}
