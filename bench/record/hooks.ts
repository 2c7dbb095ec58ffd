// Which slot file belongs to which build: the process that holds it is the build's hook. A hook holds a slot of its machine
// when its build is accepted, is a child of its client, and has one build only. The same process's upload lock tells when
// its inputs travelled; it waits for the lock with the file open, so what counts is the end of the one before.
import type { LoggedBuild } from "#ingest/logged-build.js";
import type { Held } from "./evidence.js";

/** Seconds since 1970. */
export interface Hook {
  readonly slot: number;
  /** The slot was taken: the hook connects next. */
  readonly taken: number;
  readonly freed: number;
  /** Undefined where it was not seen: the build was lost before. */
  readonly upload: { readonly asked: number; readonly from: number; readonly to: number } | undefined;
}

/** `builds`: of one client, in the order in which they were accepted. Local ones have none. */
export function hooksOf(
  builds: readonly LoggedBuild[],
  held: readonly Held[],
  hostOf: (machine: string) => string,
): ReadonlyMap<LoggedBuild, Hook> {
  const candidates = builds.map(({ machine, accepted }) =>
    held.filter(({ file, from, to }) => slotOf(file, hostOf(machine)) >= 0 && from <= accepted / 1e6 && to > accepted / 1e6),
  );
  const client = commonest(candidates.flatMap((own) => [...new Set(own.map(({ parent }) => parent))]));
  const taken = new Set<number>();
  const hooks = new Map<LoggedBuild, Hook>();
  for (const [i, build] of builds.entries()) {
    const own = candidates[i]!.find(({ process, parent }) => parent === client && !taken.has(process));
    if (own === undefined) continue;
    taken.add(own.process);
    hooks.set(build, { slot: slotOf(own.file, hostOf(build.machine)), taken: own.from, freed: own.to, upload: uploadOf(own, held) });
  }
  return hooks;
}

function uploadOf(slot: Held, held: readonly Held[]): Hook["upload"] {
  const lock = held.filter(({ file }) => file === slot.file.replace(/-\d+$/, ".upload-lock"));
  const own = lock.find(({ process }) => process === slot.process);
  if (own === undefined) return undefined;
  const before = lock.filter((other) => other !== own && other.to < own.to).map(({ to }) => to);
  return { asked: own.from, from: Math.max(own.from, ...before), to: own.to };
}

/** −1: no slot of that host. */
function slotOf(file: string, host: string): number {
  const match = /^ssh:__root@([^-?]+).*-(\d+)$/.exec(file);
  return match !== null && match[1] === host ? Number(match[2]) : -1;
}

function commonest(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
