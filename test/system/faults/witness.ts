// What is seen after a run, on the hosts themselves: whether all outputs are what the graph says, what was built again
// although it was there, which processes are left, which files. Nothing here believes the program under test.
import { readFileSync } from "node:fs";
import type { StepEvent } from "../run-bed.js";
import type { Testbed } from "../testbed/testbed.js";

/** Paths that a host's store has, with the Unix second of each. */
export type Registered = ReadonlyMap<string, number>;

interface Info {
  readonly path: string;
  readonly registrationTime: number;
}

export async function registered(bed: Testbed, host: string): Promise<Registered> {
  const { out } = await bed.in(host, ["nix", "path-info", "--all", "--json"]);
  // A list up to Nix 2.18, then by path.
  const infos = JSON.parse(out) as Info[] | Record<string, Info>;
  const entries = Array.isArray(infos) ? infos.map((info) => [info.path, info] as const) : Object.entries(infos);
  return new Map(entries.map(([path, { registrationTime }]) => [path, registrationTime]));
}

/** Steps whose output is not on the coordinator, or not what it has to be. */
export function wrongOutputs(
  bed: Testbed,
  home: Registered,
  outputs: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, Buffer>,
): readonly string[] {
  return [...outputs].flatMap(([step, path]) => {
    if (!home.has(path)) return [`${step} is missing`];
    return readFileSync(bed.path("ai", path)).equals(expected.get(step)!) ? [] : [`${step} has other content`];
  });
}

export interface Rebuilt {
  /** Begun again although its output stood in the store of a host that was well, or on the coordinator. */
  readonly again: readonly string[];
  /** Begun again because its output lay only on the host that the fault fell upon. */
  readonly lost: readonly string[];
}

/** Seconds by which clocks of the store and of builders may differ: the store's has no fractions. */
const SLACK = 1.5;

/** `victim`: the host that could not be reached from `from` on. */
export function rebuilt(
  events: readonly StepEvent[],
  outputs: ReadonlyMap<string, string>,
  stores: ReadonlyMap<string, Registered>,
  victim: { readonly host: string; readonly from: number } | null,
): Rebuilt {
  const again = new Set<string>();
  const lost = new Set<string>();
  for (const second of events.filter(({ kind }) => kind === "S")) {
    const path = outputs.get(second.step)!;
    for (const first of events) {
      if (first.kind !== "E" || first.step !== second.step || first.at > second.at) continue;
      // An end that the store never heard of was no success.
      const entered = stores.get(first.host)!.get(path);
      if (entered === undefined || Math.abs(entered - first.at) > SLACK + 1) continue;
      const atHome = (stores.get("ai")!.get(path) ?? Number.POSITIVE_INFINITY) < second.at - SLACK;
      const isLost = victim !== null && first.host === victim.host && second.at > victim.from && !atHome;
      (isLost ? lost : again).add(second.step);
    }
  }
  return { again: [...again], lost: [...lost] };
}

/** What a host's own first processes are, and what looks at them. */
const OWN = /^(init|sshd: \/usr\/sbin\/sshd .*\[listener\].*|\/usr\/sbin\/sshd -f \S+ -E \S+|ps -eo args|COMMAND)$/;

/** Every process that is not the host's own. */
export async function orphans(bed: Testbed, host: string): Promise<readonly string[]> {
  const { out } = await bed.in(host, ["ps", "-eo", "args"]);
  return out
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !OWN.test(line))
    .map((line) => `${host}: ${line.slice(0, 120)}`);
}

/** Files of ours on the coordinator: sockets, FIFOs, folders of hooks and runs, marks. */
export async function leftovers(bed: Testbed): Promise<readonly string[]> {
  const look =
    "ls -d /tmp/drvfleet* 2>/dev/null; find /run/drvfleet -mindepth 1 ! -name hook ! -path '/run/drvfleet/jobs' ! -path /run/drvfleet/ssh 2>/dev/null";
  const { out } = await bed.in("ai", ["sh", "-c", look]);
  return out.split("\n").filter((line) => line !== "");
}
