// Builds that several of the given records tell: a log named twice on the command line, a copy of it, or one that was copied before
// the run was over. A build is the same when it was accepted, or ended, at the same instant on the same machine. Within one record
// nothing is dropped: that a log is appended to itself its reader finds (internal-json.ts).
import type { PastBuild } from "#model/past-build.js";
import type { LoggedBuild, LoggedRun } from "./logged-build.js";

/** Each build in one of the logs only: the longest that knows how it ended. For traces. */
export function runsOnce(runs: readonly LoggedRun[]): { readonly runs: readonly LoggedRun[]; readonly twice: number } {
  const longestFirst = runs.toSorted((a, b) => b.ended - b.began - (a.ended - a.began));
  const owner = new Map<string, { readonly run: LoggedRun; readonly build: LoggedBuild }>();
  const asker = new Map<string, LoggedRun>();
  for (const run of longestFirst) {
    for (const build of run.builds) {
      const before = owner.get(buildKey(build));
      if (before === undefined || (before.build.outcome === "running" && before.run !== run)) owner.set(buildKey(build), { run, build });
    }
    for (const ask of run.refused) if (!asker.has(JSON.stringify(ask))) asker.set(JSON.stringify(ask), run);
  }
  const once = runs.map((run) => ({
    ...run,
    builds: run.builds.filter((build) => owner.get(buildKey(build))!.run === run),
    refused: run.refused.filter((ask) => asker.get(JSON.stringify(ask)) === run),
  }));
  return { runs: once, twice: total(runs) - total(once) };
}

/** Each build in the first of the records that tells it. For histories. */
export function pastOnce(records: readonly (readonly PastBuild[])[]): { readonly builds: readonly PastBuild[]; readonly twice: number } {
  const seen = new Set<string>();
  const builds: PastBuild[] = [];
  let twice = 0;
  for (const record of records) {
    const fresh = record.filter((build) => !seen.has(pastKey(build)));
    for (const build of fresh) seen.add(pastKey(build));
    builds.push(...fresh);
    twice += record.length - fresh.length;
  }
  return { builds, twice };
}

export function twiceNotes(twice: number): readonly string[] {
  return twice === 0 ? [] : [`${twice} builds are in several of the inputs, with the same times, and are counted once`];
}

function buildKey({ drv, machine, accepted }: LoggedBuild): string {
  return `${drv} ${machine} ${accepted}`;
}

function pastKey({ drv, name, system, machine, at, seconds }: PastBuild): string {
  return JSON.stringify([drv ?? name, system ?? null, machine, at, seconds]);
}

function total(runs: readonly LoggedRun[]): number {
  return runs.reduce((sum, { builds }) => sum + builds.length, 0);
}
