// A log's builds as past builds: how long each built by itself, without copies. Nix prints some lines seconds late
// (internal-json-poll.ts), and some logs have whole seconds; a duration that could be off by more than an eighth is given with
// its bounds, unless it is exact however short it is.
import type { PastBuild } from "#model/past-build.js";
import { EXACT } from "./log-clock.js";
import type { LoggedRun } from "./logged-build.js";
import { stagesOf } from "./logged-stages.js";

/** Latest minus earliest duration, as a share of their mean; half of it is the largest error. */
const WIDTH_MAX = 0.25;

export interface LoggedPast {
  readonly builds: readonly PastBuild[];
  readonly notes: readonly string[];
}

export function pastOf(run: LoggedRun): LoggedPast {
  const builds: PastBuild[] = [];
  let unbuilt = 0;
  let unseen = 0;
  for (const build of run.builds) {
    const { started, built } = stagesOf(build, run);
    if (build.outcome !== "built") unbuilt++;
    else if (started === undefined || built === undefined) unseen++;
    else {
      const shortest = Math.max(0, built.from - started.to);
      const longest = built.to - started.from;
      const micros = Math.round((shortest + longest) / 2);
      const isOpen = longest - shortest > Math.max(EXACT, WIDTH_MAX * micros);
      builds.push({
        drv: build.drv,
        name: build.name,
        machine: build.machine,
        seconds: micros / 1e6,
        ...(isOpen && { between: [shortest / 1e6, longest / 1e6] as const }),
        at: built.to / 1e6,
        provenance: "internal-json",
      });
    }
  }
  return {
    builds,
    notes: [
      ...(unbuilt > 0 ? [`${unbuilt} builds did not end well and are left out`] : []),
      ...(unseen > 0 ? [`${unseen} builds are left out: the log does not show when they began or ended`] : []),
    ],
  };
}
