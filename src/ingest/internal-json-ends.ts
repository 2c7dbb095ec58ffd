// When Nix noticed that a build had ended, and how. Two signs: the counters of the activity Builds go up, then the
// build's own activity stops; but Nix 2.8 stops the activities of what was asked for only at the very end. So a counter
// and the stop that follows it make a pair, and what is left over is matched by downloads and error messages.
// Rule: reference 7.1.
import type { LoggedBuild, LoggedNotice, LoggedOutcome, Seen } from "./logged-build.js";

export interface Ends {
  accepted(build: LoggedBuild): void;
  /** The counters of the outer activity Builds; `seen` is asked for only where they went up. */
  counters(done: number, failed: number, seen: () => Seen): void;
  /** A new activity Builds, which counts from 0. */
  recount(): void;
  stopped(build: LoggedBuild, seen: Seen): void;
  message(text: string): void;
  finish(): void;
  /** All of them, in order. */
  readonly notices: readonly LoggedNotice[];
}

/** A derivation that failed, in the words of every version. */
const FAILED = /(?:builder for|[Bb]uild of|Cannot build|building of) '([^']+\.drv)'/;
/** The machine's own word that the builder failed there; a lost connection is told apart by what follows. */
const OWN_WORD = /build of '([^']+\.drv)' on '[^']*' failed: (.*)/s;
/** What ssh and the remote daemon leave behind when a machine goes. */
const LOST =
  /unexpected end-of-file|Broken pipe|Connection reset|disconnected unexpectedly|connection (?:closed|lost)|failed to read from remote/i;

export function ends(): Ends {
  let done = 0;
  let failed = 0;
  let counted = false;
  let anyFailed = false;
  /** Notices and stops since the last pair. */
  let notices: LoggedNotice[] = [];
  let stops: { readonly build: LoggedBuild; readonly seen: Seen }[] = [];
  const left: LoggedNotice[] = [];
  const all: LoggedNotice[] = [];
  /** Accepted and not yet known to have ended. */
  const unsettled = new Set<LoggedBuild>();
  const stopped = new Map<LoggedBuild, Seen>();
  const named = new Set<string>();
  /** Those whose builder failed, as the machine itself said. */
  const own = new Set<string>();
  let lost = 0;
  let interrupted = false;

  const settle = (build: LoggedBuild, outcome: LoggedOutcome, seen?: Seen) => {
    unsettled.delete(build);
    build.outcome = outcome === "failed" && build.machine !== "" && !own.has(build.drv) && lost > 0 ? "host-lost" : outcome;
    if (build.outcome === "host-lost") lost--;
    if (seen === undefined) return;
    build.noticed = seen.at;
    if (build.machine === "" && build.outcome === "built") build.built = seen;
  };

  /** A single stop belongs to the notice just before it; several at once are an end of run, to be told apart later. */
  const pair = () => {
    const notice = stops.length === 1 ? notices.pop() : undefined;
    for (const { build, seen } of stops) {
      if (notice === undefined) stopped.set(build, seen);
      else settle(build, notice.outcome, notice.seen);
    }
    left.push(...notices);
    notices = [];
    stops = [];
  };

  return {
    notices: all,
    accepted: (build) => {
      if (stops.length > 0) pair();
      unsettled.add(build);
    },
    counters: (nowDone, nowFailed, sight) => {
      counted = true;
      if (nowDone <= done && nowFailed <= failed) return;
      if (stops.length > 0) pair();
      const seen = sight();
      const fresh: LoggedNotice[] = [];
      for (; done < nowDone; done++) fresh.push({ seen, outcome: "built" });
      anyFailed ||= nowFailed > 0;
      for (; failed < nowFailed; failed++) fresh.push({ seen, outcome: "failed" });
      notices.push(...fresh);
      all.push(...fresh);
    },
    recount: () => {
      done = 0;
      failed = 0;
    },
    stopped: (build, seen) => {
      stops.push({ build, seen });
    },
    message: (text) => {
      interrupted ||= text.includes("interrupted by the user");
      const word = OWN_WORD.exec(text);
      if (word !== null && !LOST.test(word[2]!)) own.add(word[1]!);
      const drv = FAILED.exec(text)?.[1];
      if (drv !== undefined) named.add(drv);
      else if (LOST.test(text)) lost++;
    },
    finish: () => {
      pair();
      let unclaimed = 0;
      for (const notice of left) {
        const build = likeliest(notice, [...unsettled], named);
        if (build !== undefined) settle(build, notice.outcome, notice.seen);
        else if (notice.outcome === "built") unclaimed++;
      }
      // The rest ended unseen: fetched back, named as failed, counted as done by nobody knows which notice, or cut short.
      for (const build of [...unsettled]) {
        const seen = stopped.get(build);
        if (named.has(build.drv)) settle(build, "failed", seen);
        else if (build.returned !== undefined) settle(build, "built", counted ? undefined : seen);
        else if (seen === undefined) settle(build, "running");
        else if (!counted && !anyFailed && named.size === 0 && lost === 0 && !interrupted) settle(build, "built", seen);
        else if (unclaimed > 0) {
          settle(build, "built");
          unclaimed--;
        } else settle(build, "cancelled", seen);
      }
    },
  };
}

/** Whom a notice without a stop is about: the named failure, the latest download before it, or the only one there is. */
function likeliest({ seen, outcome }: LoggedNotice, builds: readonly LoggedBuild[], named: ReadonlySet<string>): LoggedBuild | undefined {
  const begun = builds.filter((build) => build.accepted <= seen.at);
  if (outcome === "failed") return begun.find((build) => named.has(build.drv)) ?? onlyOne(begun);
  let best: LoggedBuild | undefined;
  for (const build of begun) {
    if (build.returned === undefined || build.returned.at > seen.at) continue;
    if (best === undefined || build.returned.at > best.returned!.at) best = build;
  }
  return best ?? onlyOne(begun.filter((build) => build.machine === ""));
}

function onlyOne(builds: readonly LoggedBuild[]): LoggedBuild | undefined {
  return builds.length === 1 ? builds[0] : undefined;
}
