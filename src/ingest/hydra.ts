// Reader of Hydra's JSON: `/build/ID` and `/eval/ID/builds` (builds with name, system, start and stop), and
// `/job/P/J/JOB/build-times`, which has times only, so the package must be said. Hydra tells no machine; a build that
// started and stopped in one second was cached. Shapes: reference section 7.3.
import * as z from "zod";
import { fail, fault, ok, type Result } from "#base/fault.js";
import type { PastBuild } from "#model/past-build.js";

const flag = z.union([z.boolean(), z.number()]).nullish();
const instant = z.number().nullish();
/** The keys that are read; Hydra sends more. */
const BUILD = z.object({
  nixname: z.string().min(1),
  system: z.string().min(1),
  drvpath: z.string().nullish(),
  finished: flag,
  buildstatus: z.number().nullish(),
  starttime: instant,
  stoptime: instant,
});
const TIME = z.object({ timestamp: z.number(), value: z.number().nonnegative() });

export interface HydraPast {
  readonly builds: readonly PastBuild[];
  readonly notes: readonly string[];
}

/** What stands for the machine, which Hydra does not tell. */
export const HYDRA_MACHINE = "hydra";

/** `value`: the parsed JSON. `name`: whose build times they are. */
export function pastOfHydra(value: unknown, file: string, name?: string): Result<HydraPast> {
  const list = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every(isTime)) return timesOf(list, file, name);
  const builds: PastBuild[] = [];
  let unbuilt = 0;
  let cached = 0;
  for (const [i, item] of list.entries()) {
    const read = BUILD.safeParse(item);
    if (!read.success) {
      const issue = read.error.issues[0]!;
      const where = [Array.isArray(value) ? `${file} [${i}]` : file, ...issue.path.map(String)].join(" ");
      return fail(fault("input", where, issue.message, "expected builds as /build/ID or /eval/ID/builds give them, or build-times"));
    }
    const { nixname, system, drvpath, finished, buildstatus, starttime, stoptime } = read.data;
    if (!finished || buildstatus !== 0 || !starttime || !stoptime) unbuilt++;
    else if (stoptime <= starttime) cached++;
    else {
      builds.push({
        ...(drvpath ? { drv: drvpath } : {}),
        name: nixname,
        system,
        machine: HYDRA_MACHINE,
        seconds: stoptime - starttime,
        at: stoptime,
        provenance: "hydra",
      });
    }
  }
  return ok({
    builds,
    notes: [
      ...(unbuilt > 0 ? [`${file}: ${unbuilt} builds are not finished or did not end well and are left out`] : []),
      ...(cached > 0 ? [`${file}: ${cached} builds took no time (cached) and are left out`] : []),
    ],
  });
}

function timesOf(list: readonly unknown[], file: string, name: string | undefined): Result<HydraPast> {
  if (name === undefined)
    return fail(fault("usage", "--name", `${file} holds build times, which name no package`, "--name hello --system x86_64-linux"));
  const builds = list.map((item) => {
    const { timestamp, value } = TIME.parse(item);
    return { name, machine: HYDRA_MACHINE, seconds: value, at: timestamp, provenance: "hydra" };
  });
  return ok({ builds, notes: [] });
}

function isTime(item: unknown): boolean {
  return TIME.safeParse(item).success && !BUILD.safeParse(item).success;
}
