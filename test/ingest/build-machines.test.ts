import { describe, expect, it } from "vitest";
import { buildMachinesText } from "#ingest/build-machines.js";
import { parseMachines } from "#ingest/machines.js";
import { nixVersion } from "#model/nix-version.js";

const full = {
  hostName: "kana",
  protocol: "ssh-ng",
  sshUser: "nix",
  system: null,
  systems: ["x86_64-linux", "riscv64-linux"],
  sshKey: "/root/.ssh/id",
  maxJobs: 2,
  speedFactor: 1.5,
  supportedFeatures: ["kvm"],
  mandatoryFeatures: ["benchmark"],
  publicHostKey: "c3NoLWVk",
};

describe("buildMachinesText", () => {
  it("writes the lines that NixOS writes", () => {
    const text = buildMachinesText(
      [full, { hostName: "ruby" }, { hostName: "local", protocol: null, system: "aarch64-linux", speedFactor: 2 }],
      "m.json",
    );
    expect(text).toEqual({
      ok: true,
      value: [
        "ssh-ng://nix@kana x86_64-linux,riscv64-linux /root/.ssh/id 2 1.500000 kvm,benchmark benchmark c3NoLWVk",
        "ssh://ruby - - 1 1 - - -",
        "local aarch64-linux - 1 2 - - -",
      ].join("\n"),
    });
  });

  it("makes a fraction that Nix before 2.20 cannot read", () => {
    const text = buildMachinesText({ buildMachines: [full] }, "m.json");
    const parse = (version: string) =>
      parseMachines({ text: text.ok ? text.value : "", file: "m", version: nixVersion(version)!, load: () => undefined }).ok;
    expect([parse("2.19"), parse("2.20")]).toEqual([false, true]);
  });

  it.each([
    [{}, "m.json", "found no list"],
    [[{ hostname: "a" }], "m.json [0].hostname", "unknown option"],
    [[{ ...full, maxJobs: "4" }], "m.json [0].maxJobs", 'found "4"'],
    [[{ ...full, maxJobs: -1 }], "m.json [0].maxJobs", "found -1"],
    [[full, { systems: [] }], "m.json [1].hostName", "found nothing"],
    [[{ ...full, hostName: "a b" }], "m.json [0].hostName", "without spaces"],
    [[{ ...full, systems: ["a,b"] }], "m.json [0].systems.0", "without commas"],
    [[7], "m.json [0]", "found 7"],
  ])("faults: %j", (value, where, what) => {
    const result = buildMachinesText(value, "m.json");
    expect(result.ok ? [] : result.faults).toContainEqual(
      expect.objectContaining({ code: "input", where, what: expect.stringContaining(what) }),
    );
  });
});
