// What a hook asked for, as the agent keeps it, and what can be told of the question alone.
import type { Instant } from "#base/units.js";
import type { HookSession } from "#live/hook/session.js";
import type { Question } from "#live/hook/wire.js";

export interface Job {
  readonly key: string;
  readonly session: HookSession;
  readonly question: Question;
  barred: Set<string>;
  readonly since: Instant;
  /** Placed, and waiting for its inputs to be named. */
  placed: number;
  running: boolean;
  /** That it is expected to take where it is placed. */
  seconds: number;
  /** Ends what we build of it ourselves. */
  cancel: () => void;
  /** Attempts that were lost with their host. */
  losses: number;
}

/** The name of a derivation, for people. */
export function nameOf(drv: string): string {
  return drv.replace(/^.*\/[0-9a-z]{32}-/, "").replace(/\.drv$/, "");
}

/** Whether Nix could build it itself: by the settings that it told. */
export function isLocal(settings: ReadonlyMap<string, string>, { system, features }: Question): boolean {
  const list = (name: string) => (settings.get(name) ?? "").split(/\s+/);
  const systems = ["builtin", ...list("system"), ...list("extra-platforms")];
  return systems.includes(system) && features.every((feature) => list("system-features").includes(feature));
}
