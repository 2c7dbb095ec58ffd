// Why a build was placed where it was, in a few words, from what each host had to say: others may not build it, others had no
// room, or by when it would have been done there. Claims nothing of the policy's mind: only what it saw.
import { duration } from "#base/duration.js";
import type { HostVerdict } from "./explanation.js";

const DENIED: Readonly<Record<string, string>> = {
  system: "for its system",
  feature: "with its features",
  mandatory: "that takes what lacks its features",
  pinned: "that it is pinned to",
  excluded: "that was not excluded",
  memory: "with so much memory",
};

export function placementReason(verdicts: readonly HostVerdict[]): string {
  const chosen = verdicts.find((host) => host.chosen);
  if (chosen === undefined) return "";
  const able = verdicts.filter(({ denied, slots, chosen }) => !chosen && denied === null && slots > 0);
  if (able.length === 0) return onlyOne(verdicts);
  const free = able.filter(({ up, slotsFree, memoryShort }) => up && slotsFree > 0 && !memoryShort);
  if (free.length === 0) return `the only free slot; ${names(able)} ${able.length === 1 ? "is" : "are"} full`;
  const ends = ({ buildSeconds, carrySeconds }: HostVerdict): number => buildSeconds + carrySeconds;
  const next = free.reduce((best, host) => (ends(host) < ends(best) ? host : best));
  const [own, other] = [ends(chosen), ends(next)];
  if (duration(own) === duration(other))
    return `done after ${duration(own)}, as on ${names(free.filter((host) => duration(ends(host)) === duration(own)))}`;
  if (own < other) return `done soonest: after ${duration(own)}, on ${next.host} ${duration(other)}`;
  return `by the policy's order; on ${next.host} it would be done after ${duration(other)}, here ${duration(own)}`;
}

function onlyOne(verdicts: readonly HostVerdict[]): string {
  const reasons = [...new Set(verdicts.flatMap(({ denied }) => denied ?? []))];
  return `the only host ${reasons.length === 0 ? "that builds" : reasons.map((reason) => DENIED[reason] ?? reason).join(" and ")}`;
}

function names(hosts: readonly HostVerdict[]): string {
  const shown = hosts.slice(0, 3).map(({ host }) => host);
  return hosts.length > 3 ? `${shown.join(", ")} and ${hosts.length - 3} more` : shown.join(", ");
}
