// Why a build is where it is, from what the hosts had to say.
import { describe, expect, it } from "vitest";
import type { HostVerdict } from "#report/explanation.js";
import { placementReason } from "#report/placement-reason.js";

const host = (name: string, fields: Partial<HostVerdict> = {}): HostVerdict => ({
  host: name,
  chosen: false,
  denied: null,
  up: true,
  slotsFree: 1,
  slots: 2,
  memoryShort: false,
  buildSeconds: 10,
  carrySeconds: 0,
  score: null,
  ...fields,
});
const chosen = host("kana", { chosen: true });

describe("the reason of a placement", () => {
  it.each<[string, readonly HostVerdict[]]>([
    ["the only host for its system", [chosen, host("ruby", { denied: "system" })]],
    ["the only host for its system and that it is pinned to", [chosen, host("a", { denied: "system" }), host("b", { denied: "pinned" })]],
    ["the only host that builds", [chosen, host("ai", { slots: 0 })]],
    ["the only free slot; ruby is full", [chosen, host("ruby", { slotsFree: 0 })]],
    ["the only free slot; a, b, c and 1 more are full", [chosen, ...["a", "b", "c", "d"].map((name) => host(name, { up: false }))]],
    ["done soonest: after 10.00 s, on ruby 12.00 s", [chosen, host("ruby", { carrySeconds: 2 }), host("ai", { buildSeconds: 90 })]],
    ["done after 10.00 s, as on ruby", [chosen, host("ruby"), host("ai", { buildSeconds: 90 })]],
    ["by the policy's order; on ruby it would be done after 3.00 s, here 10.00 s", [chosen, host("ruby", { buildSeconds: 3 })]],
  ])("%s", (reason, verdicts) => expect(placementReason(verdicts)).toBe(reason));
});
