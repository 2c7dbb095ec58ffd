// What was measured stands in the fleet file, what was not stays, and the file can be read and tells where its figures are from.
import { describe, expect, it } from "vitest";
import type { FleetFile } from "#model/fleet-file.js";
import { readDocument } from "#scenario/document.js";
import { coresOf, measuredFleet } from "#scenario/fleet-measured.js";
import { fleetOf } from "#scenario/fleet-source.js";
import { normalizeFleet } from "#scenario/normalize.js";
import { probed } from "../probed.js";

const FLEET: FleetFile = {
  schema: "drvfleet.fleet/1",
  coordinator: { name: "ai", cores: 1, speed: 1, maxJobs: 0, systems: { "x86_64-linux": "native" } },
  builders: [
    {
      name: "ruby",
      cores: 1,
      speed: 1,
      maxJobs: 2,
      speedFactor: 3,
      systems: { "riscv64-linux": { emulated: 7 }, "x86_64-linux": "native", "aarch64-linux": "native" },
      features: ["benchmark", "kvm"],
      link: { up: "1 Mbit/s", latency: "9 ms" },
      price: 5,
    },
    { name: "kana", cores: 4, speed: 2, maxJobs: 1, systems: { "x86_64-linux": "native" } },
  ],
};
const SYSTEMS = [
  { system: "x86_64-linux", builds: true, emulated: false, slowdown: null },
  { system: "aarch64-linux", builds: true, emulated: true, slowdown: 5 },
  { system: "riscv64-linux", builds: false, emulated: true, slowdown: null },
];
const failed = { step: "connect", verdict: "failed", what: "nobody answers", words: "", hint: "" } as const;
const nothing = { hardware: null, nix: null, systems: [], features: null, speed: null, link: null };
const measured = measuredFleet(
  FLEET,
  [probed("ai", { link: null }), probed("ruby", { systems: SYSTEMS }), probed("kana", { ...nothing, steps: [failed] })],
  "2026-01-02T03:04:05.000Z",
  () => ({ emulated: 11 }),
);

describe("a measured fleet", () => {
  it("says how fast a part of a machine is, in place of how large a part", () => {
    const part = { ...FLEET.builders[0]!, on: "box", quota: 0.5, speed: undefined };
    const fleet = { ...FLEET, builders: [part], machines: { box: { cores: 2 } } } as unknown as FleetFile;
    const [host] = measuredFleet(fleet, [probed("ruby")], "2026-01-02T03:04:05.000Z", () => ({ emulated: 11 })).builders;
    expect([host!.speed, host!.quota, host!.on]).toEqual([1.5, undefined, "box"]);
    const [kept] = measuredFleet(fleet, [probed("ruby", { speed: null })], "2026-01-02T03:04:05.000Z", () => ({ emulated: 11 })).builders;
    expect(kept!.quota).toBe(0.5);
  });

  it("has the figures of the hosts, their systems that build, and the features that they accept", () => {
    expect(measured.builders[0]).toEqual({
      name: "ruby",
      cores: 8,
      speed: 1.5,
      maxJobs: 2,
      speedFactor: 3,
      systems: { "x86_64-linux": "native", "aarch64-linux": { emulated: 11 } },
      features: ["benchmark"],
      memory: "16384 MiB",
      link: { up: "500 Mbit/s", down: "940 Mbit/s", latency: "0.5 ms", connect: "0.2 s" },
      price: 5,
      "x-check": {
        at: "2026-01-02T03:04:05.000Z",
        measured: ["cores", "speed", "memory", "systems", "features", "link.up", "link.down", "link.latency", "link.connect"],
        processors: 8,
        worth: 7.9,
      },
    });
  });

  it("keeps what could not be measured, and says why", () => {
    expect(measured.builders[1]).toEqual({
      ...FLEET.builders[1],
      "x-check": { at: "2026-01-02T03:04:05.000Z", measured: [], failed: "connect: nobody answers" },
    });
  });

  it("can be read, and knows no link of its coordinator", () => {
    const document = readDocument("fleet.json", new TextEncoder().encode(JSON.stringify(measured)));
    const read = document.ok ? fleetOf(document.value) : document;
    const normal = read.ok ? normalizeFleet(read.value) : read;
    expect(normal.ok).toBe(true);
    expect(measured.coordinator.link).toBeUndefined();
  });
});

it.each([
  ["all of them", { processors: 8, load: 0 }, 7.9, 8],
  ["threads that share cores", { processors: 16, load: 0 }, 10.4, 10],
  ["a quota", { processors: 8, load: 0 }, 0.3, 1],
  ["as many as there are, on a busy host", { processors: 8, load: 6 }, 2, 8],
  ["as many as there are, not measured", { processors: 8, load: 0 }, null, 8],
])("cores are %s", (_, hardware, worth, cores) => {
  const host = probed("ruby", { hardware: { ...probed("ruby").hardware!, ...hardware }, speed: { single: 1, worth } });
  expect(coresOf(host)).toBe(cores);
});
