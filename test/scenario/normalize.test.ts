import { describe, expect, it } from "vitest";
import type { FleetFile } from "#model/fleet-file.js";
import type { FleetSource } from "#scenario/compiled.js";
import { normalizeFleet } from "#scenario/normalize.js";
import { FLEET, faults, HEAD, load, value } from "./files.js";

const fleet = (change: (text: string) => string = (text) => text) =>
  normalizeFleet(value(load(HEAD, {}, { "s/fleet.yaml": change(FLEET) })).fleets[0]!);

const host = { cores: 2, speed: 1, maxJobs: 1, systems: { "x86_64-linux": "native" } } as const;
const source = (file: Omit<FleetFile, "schema">): FleetSource => ({
  name: "f",
  file: { schema: "drvfleet.fleet/1", ...file },
  where: (path) => `f ${path.join(".")}`,
});

describe("normalizeFleet", () => {
  it("turns quantities into bytes, bytes per second and seconds", () => {
    const { hosts } = value(fleet());
    expect(hosts.names).toEqual(["ai", "kana", "board"]);
    expect([hosts.memoryBytes[1], hosts.up[1], hosts.down[1], hosts.latency[1], hosts.connect[1], hosts.internet[1]]).toEqual([
      16 * 2 ** 30,
      12.5e6,
      50e6,
      0.002,
      0.4,
      10 * 2 ** 20,
    ]);
    expect(hosts.outages).toEqual([{ host: 1, from: 600e6, to: 630e6 }]);
    expect([...hosts.coresPerBuild]).toEqual([14, 8, 4]);
    expect([...hosts.speedFactor]).toEqual([1, 2, 1]);
    expect(hosts.uris).toEqual(["", "ssh://kana", "ssh://board"]);
  });

  it("uses the defaults and tells each, with the hosts it was used for", () => {
    const { hosts, assumptions } = value(fleet());
    expect([hosts.up[2], hosts.latency[2], hosts.connect[2], hosts.internet[2], hosts.memoryBytes[2]]).toEqual([
      125e6,
      0.0003,
      0.235,
      12.5e6,
      Number.POSITIVE_INFINITY,
    ]);
    expect(hosts.connect[0]).toBe(0);
    expect(assumptions).toEqual([
      "ai, board: memory never short (assumed)",
      "ai, board: link rate 1 Gbit/s (a wired home or office network)",
      "ai, board: latency 0.3 ms (one switch between the hosts)",
      "board: SSH connect 0.235 s, ± 40 % (measured: Nix 2.8, OpenSSH 9.2, quiet machine)",
      "ai, board: internet 100 Mbit/s (assumed)",
      "ai: features nixos-test, benchmark, big-parallel (Nix's default system-features, kvm left out)",
      "only the outputs of direct dependencies travel (assumed: runtime closures are not in the graph)",
    ]);
  });

  it("counts mandatory features as supported, and gives builders none by default", () => {
    const { abilities } = value(fleet());
    expect(abilities.map((ability) => [...ability.features].sort())).toEqual([
      ["benchmark", "big-parallel", "nixos-test"],
      ["benchmark", "big-parallel", "kvm"],
      ["native"],
    ]);
    expect(abilities[2]!.mandatory).toEqual(["native"]);
  });

  it("refuses one name for two hosts", () => {
    expect(faults(fleet((text) => text.replace("name: board", "name: kana")))).toEqual([
      {
        code: "input",
        where: "s/fleet.yaml:22:11 builders[1].name",
        what: "found the host name kana a second time (first: builders[0]), expected each once",
        hint: "two lines of a machines file for one host are one host with several systems here",
      },
    ]);
    expect(faults(fleet((text) => text.replace("name: board", "name: ai")))).toMatchObject([
      { what: "found the host name ai a second time (first: coordinator), expected each once" },
    ]);
  });

  it("warns of one URI for two hosts", () => {
    const { warnings } = value(
      normalizeFleet(
        source({
          coordinator: { name: "c", ...host },
          builders: [
            { name: "a", uri: "ssh://x", ...host },
            { name: "b", uri: "ssh://x", ...host },
          ],
        }),
      ),
    );
    expect(warnings).toEqual(["b has the same URI as a (ssh://x): Nix would let them share slots, here each has its own"]);
  });

  it("takes bare numbers from importers in base units, merges outages, reads 0 as Nix does", () => {
    const outages = [{ at: 10, for: 5 }, { at: 0, for: 2 }, { at: 12, for: 10 }, { at: 30, for: 0 }, { at: "1 min" }];
    const { hosts } = value(
      normalizeFleet(source({ coordinator: { name: "c", ...host, memory: 5, coresPerBuild: 0, speedFactor: 0, outages }, builders: [] })),
    );
    expect(hosts.memoryBytes[0]).toBe(5);
    expect([hosts.coresPerBuild[0], hosts.speedFactor[0]]).toEqual([2, 1]);
    expect(hosts.outages).toEqual([
      { host: 0, from: 0, to: 2e6 },
      { host: 0, from: 10e6, to: 22e6 },
      { host: 0, from: 60e6, to: Number.POSITIVE_INFINITY },
    ]);
  });
});

describe("hosts of one machine", () => {
  const on = (name: string, more: object = {}) => ({ name, ...host, ...more });

  it("take of its cores as many as their speed says", () => {
    const builders = [on("kana", { on: "box", speed: 0.5, link: { copyUp: "8 MB/s" } }), on("ruby", { on: "box" }), on("ai2")];
    const { hosts } = value(
      normalizeFleet(source({ coordinator: on("ai"), builders, machines: { box: { cores: 4, speed: 2, shareCv: 0.1 } } })),
    );
    expect(hosts.machines).toEqual({
      names: ["box"],
      on: Int32Array.of(-1, 0, 0, -1),
      cores: Float64Array.of(4),
      workCv: Float64Array.of(0),
      shareCv: Float64Array.of(0.1),
      contention: Float64Array.of(0),
      share: Float64Array.of(1, 0.25, 0.5, 1),
      copyUp: Float64Array.of(Number.POSITIVE_INFINITY, 8e6, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
      copyDown: new Float64Array(4).fill(Number.POSITIVE_INFINITY),
    });
  });

  it("are as fast as their part of its cores, or as those where they say nothing", () => {
    const builders = [on("kana", { on: "box", quota: 0.3, speed: undefined }), on("ruby", { on: "box", speed: undefined })];
    const { hosts } = value(normalizeFleet(source({ coordinator: on("ai"), builders, machines: { box: { cores: 4, speed: 2 } } })));
    expect([...hosts.speed]).toEqual([1, 0.6, 2]);
    expect([...hosts.machines!.share]).toEqual([1, 0.3, 1]);
    const told = ({ assumptions }: { readonly assumptions: readonly string[] }) =>
      assumptions.filter((text) => text.includes("reference core"));
    const known = value(normalizeFleet(source({ coordinator: on("ai"), builders, machines: { box: { cores: 4, speed: 2 } } })));
    expect(told(known)).toEqual([]);
    // A quota is a part of processors of which nobody says how fast they are.
    const unknown = value(normalizeFleet(source({ coordinator: on("ai"), builders, machines: { box: { cores: 4 } } })));
    expect([...unknown.hosts.speed]).toEqual([1, 0.3, 1]);
    expect(told(unknown)).toEqual(["kana, ruby: processors as fast as the reference core (assumed)"]);
  });

  it("have a quota of a machine or a speed, not both", () => {
    const machines = { box: { cores: 4 } };
    const wrong = (host: object) => faults(normalizeFleet(source({ coordinator: on("ai"), builders: [on("kana", host)], machines })));
    expect(wrong({ on: "box", quota: 0.5, speed: 1 })).toMatchObject([
      { where: "f builders.0.quota", what: "found a quota for kana and a speed besides, expected one of the two" },
    ]);
    expect(wrong({ quota: 0.5, speed: undefined })).toMatchObject([
      { what: "found a quota for kana and no machine that it is a part of, expected on: MACHINE beside it" },
    ]);
  });

  it("are none where no host names a machine", () => {
    const { hosts } = value(normalizeFleet(source({ coordinator: on("ai"), builders: [on("kana")], machines: { box: { cores: 4 } } })));
    expect(hosts.machines).toBeNull();
  });

  it("need a machine that is there", () => {
    const machines = { box: { cores: 4 } };
    const lost = (known: typeof machines | undefined) =>
      faults(normalizeFleet(source({ coordinator: on("ai"), builders: [on("kana", { on: "bos" })], ...(known && { machines: known }) })));
    expect(lost(machines)).toMatchObject([
      { where: "f builders.0.on", what: 'found kana on the unknown machine "bos", expected one of box' },
    ]);
    expect(lost(undefined)[0]!.what).toContain("expected machines: {NAME: {cores: 2}} beside builders");
  });
});
