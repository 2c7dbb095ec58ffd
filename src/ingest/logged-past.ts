// A log's builds as past builds: how long each built by itself, without copies. Only what is known well enough: Nix
// prints some lines seconds late (internal-json-poll.ts), and a duration that could be off by more than an eighth is left out.
import type { PastBuild } from "#model/past-build.js";
import type { LoggedRun } from "./logged-build.js";
import { stagesOf } from "./logged-stages.js";

/** Latest minus earliest duration, as a share of their mean; half of it is the largest error. */
const WIDTH_MAX = 0.25;
/** µs; below this a duration is exact enough however short it is. */
const WIDTH_FINE = 50_000;

export interface LoggedPast {
  readonly builds: readonly PastBuild[];
  readonly notes: readonly string[];
}

export function pastOf(run: LoggedRun): LoggedPast {
  const builds: PastBuild[] = [];
  let unbuilt = 0;
  let vague = 0;
  for (const build of run.builds) {
    const { started, built } = stagesOf(build, run.builds);
    if (build.outcome !== "built") unbuilt++;
    else if (started === undefined || built === undefined) vague++;
    else {
      const shortest = Math.max(0, built.from - started.to);
      const longest = built.to - started.from;
      const micros = Math.round((shortest + longest) / 2);
      if (longest - shortest > Math.max(WIDTH_FINE, WIDTH_MAX * micros)) vague++;
      else {
        builds.push({
          drv: build.drv,
          name: build.name,
          machine: build.machine,
          seconds: micros / 1e6,
          at: built.to / 1e6,
          provenance: "internal-json",
        });
      }
    }
  }
  return {
    builds,
    notes: [
      ...(unbuilt > 0 ? [`${unbuilt} builds did not end well and are left out`] : []),
      ...(vague > 0
        ? [`${vague} builds are left out: Nix was busy connecting when they began or ended, so their time is not known well`]
        : []),
    ],
  };
}
