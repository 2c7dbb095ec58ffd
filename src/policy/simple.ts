// The plain policies that everything is measured against: each an order and a placement, nothing more.
import * as z from "zod";
import { pick } from "#base/random.js";
import { COORDINATOR, type HostId } from "#base/units.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import type { PolicyKind } from "#dispatch/policy.js";
import type { Problem } from "#model/problem.js";
import { byScore, PLACEMENT } from "./placement.js";
import { type Placement, queueing } from "./queueing.js";
import { orderBy } from "./rank.js";

const none = z.strictObject({});
type None = z.infer<typeof none>;

function plain(about: string, source: string, place: (problem: Problem) => Placement): PolicyKind<None> {
  return {
    about,
    source,
    conduct: () => CONDUCTS.run,
    params: none,
    create: (problem) => queueing(problem, orderBy(problem, "fifo"), place(problem)),
  };
}

/** The first host of the fleet file that has room. */
export const fifo = plain("first ready, first served, on the first host of the fleet with room", "first fit", () =>
  byScore((_, host) => host),
);

export const leastLoaded = plain(
  "first ready, on the host with the smallest share of slots taken",
  "join the least loaded queue",
  PLACEMENT["least-loaded"],
);

export const fastestFree = plain(
  "first ready, on the host with room where the build itself is shortest",
  "MET over free machines, Maheswaran et al. 1999",
  PLACEMENT.fastest,
);

export const localFirst = plain(
  "first ready, on the coordinator while it has room, then on the fastest with room",
  "NixOS/nix#2457, what its users ask for",
  () => byScore((task, host, view) => (host === COORDINATOR ? -1 : view.time(task, host))),
);

export const roundRobin = plain("first ready, on the next host in turn with room", "round robin", ({ hosts }) => {
  let last = hosts.count - 1;
  return (task, view) => {
    for (let step = 1; step <= hosts.count; step++) {
      const host = (last + step) % hosts.count;
      if (!view.room(task, host as HostId)) continue;
      last = host;
      return host;
    }
    return -1;
  };
});

export const random: PolicyKind<None> = {
  about: "any ready build, on any host with room",
  source: "the reference that a rule must beat",
  conduct: () => CONDUCTS.run,
  params: none,
  create: (problem, _, roll) => {
    const key = Float64Array.from({ length: problem.graph.count }, () => roll());
    const open: HostId[] = [];
    return queueing(problem, { key, tie: problem.graph.nameRank, stamped: false }, (task, view) => {
      open.length = 0;
      for (let h = 0; h < problem.hosts.count; h++) if (view.room(task, h as HostId)) open.push(h as HostId);
      return open.length === 0 ? -1 : open[pick(roll, open.length)]!;
    });
  },
};
