// Each lint finds its mistake, names the host and says what to change; a good fleet is left in peace.
import { describe, expect, it } from "vitest";
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import type { ProbedHost } from "#model/probed-host.js";
import { lintFleet } from "#scenario/fleet-lint.js";
import { measuredFleet } from "#scenario/fleet-measured.js";
import { probed } from "../probed.js";

const host = (name: string, changes: Partial<HostFile> = {}): HostFile => ({
  name,
  cores: 8,
  speed: 1.5,
  maxJobs: 4,
  systems: { "x86_64-linux": "native" },
  features: ["benchmark"],
  ...changes,
});
const fleet = (...builders: HostFile[]): FleetFile => ({ schema: "drvfleet.fleet/1", coordinator: host("ai"), builders });
const here = probed("ai", { destination: "", ssh: null, link: null, identity: { node: "ai", client: "", server: "" } });

const found = (file: FleetFile, ...hosts: ProbedHost[]) => lintFleet(file, [here, ...hosts], "written");

it("says nothing against a good fleet, probed or not", () => {
  expect(found(fleet(host("ruby"), host("aquamarine")), probed("ruby"), probed("aquamarine"))).toEqual([]);
  const modest = { coresPerBuild: 2 };
  expect(lintFleet({ ...fleet(host("ruby", modest)), coordinator: host("ai", modest) }, [], "written")).toEqual([]);
});

it("warns where guests of one machine promise more than it has", () => {
  const guests = ["ruby", "kana"].map((name) => host(name, { on: "box", cores: 8, maxJobs: 2, speed: 1 }));
  const on = (cores: number): FleetFile => ({ ...fleet(...guests), machines: { box: { cores } } });
  expect(lintFleet(on(8), [], "written").map(({ what }) => what)).toContain(
    "ruby, kana can keep 16 cores of the machine box busy, which has 8",
  );
  expect(
    lintFleet(on(16), [], "written")
      .map(({ what }) => what)
      .join(),
  ).not.toContain("machine box");
});

describe("a mistake of the file", () => {
  it.each([
    ["maxJobs 0", { maxJobs: 0 }, /its maxJobs is 0/],
    ["itself", { uri: "ssh://localhost" }, /this very machine/],
    ["itself by address", { uri: "ssh-ng://root@127.0.0.1?x=y" }, /this very machine/],
    ["itself by IPv6", { uri: "ssh://[::1]" }, /this very machine/],
    ["wrong cores", { cores: 16 }, /cores 16, it has 8/],
    ["wrong speed", { speed: 3 }, /speed 3, measured 1.50/],
    ["fraction for an old Nix", { speedFactor: 1.5 }, null],
    ["an unused feature", { features: ["kvm"] }, /also accepts benchmark/],
  ])("%s", (_, changes, what) => {
    const findings = found(fleet(host("ruby", changes)), probed("ruby"));
    if (what === null) expect(findings).toEqual([]);
    else
      expect(findings).toEqual([
        expect.objectContaining({ host: "ruby", what: expect.stringMatching(what), hint: expect.stringMatching(/\w/) }),
      ]);
  });

  it("that only an error is one", () => {
    expect(found(fleet(host("ruby", { uri: "ssh://localhost" })), probed("ruby"))[0]!.severity).toBe("error");
    expect(found(fleet(host("ruby", { maxJobs: 0 })), probed("ruby"))[0]!.severity).toBe("warning");
  });

  it("that the coordinator's old Nix cannot read it", () => {
    const old = { ...here, nix: { ...here.nix!, version: "2.8.0" } };
    const wrong = fleet(host("ruby", { speedFactor: 1.5, uri: "ssh://root@ruby:2222" }));
    const whats = lintFleet(wrong, [old, probed("ruby")], "written").map(({ what }) => what);
    expect(whats).toEqual([expect.stringMatching(/before 2.20.*1.5/), expect.stringMatching(/before 2.31.*port/)]);
  });
});

describe("a mistake that only the hosts show", () => {
  it("one machine under two names, and this one under another", () => {
    const twin = { node: "ruby", client: "10.0.0.1", server: "10.0.0.4 22" };
    const two = found(fleet(host("ruby"), host("ruby.lan")), probed("ruby", { identity: twin }), probed("ruby.lan", { identity: twin }));
    expect(two).toEqual([expect.objectContaining({ host: "ruby.lan", what: expect.stringMatching(/same machine as ruby/) })]);
    const self = { node: "ai", client: "10.0.0.1", server: "10.0.0.1 22" };
    expect(found(fleet(host("alias")), probed("alias", { identity: self }))[0]!.what).toMatch(/this very machine/);
  });

  it("cores and speed in a fleet as check has written it are none", () => {
    const shared = probed("ruby", { speed: { single: 1.2, worth: 3.1 } });
    const written = measuredFleet(fleet(host("ruby")), [shared], "2026-01-02T03:04:05.000Z", () => "native");
    expect(written.builders[0]!.cores).toBe(3);
    expect(found(written, shared)).toEqual([]);
  });

  it("builds × cores, by what the host's own nix.conf says", () => {
    const all = probed("ruby", { nix: { ...probed("ruby").nix!, cores: 0 } });
    const [finding] = found(fleet(host("ruby")), all);
    expect(finding).toMatchObject({ host: "ruby", hint: expect.stringMatching(/cores = 2/) });
    expect(finding!.what).toMatch(/4 builds at once that each use 8 cores make 32 processes for 8 cores/);
  });

  it("speedFactor that the measured speed contradicts", () => {
    const slow = probed("ruby", { speed: { single: 0.75, worth: null } });
    const file = fleet(host("ruby", { speedFactor: 2, speed: 0.75 }), host("kana", { speedFactor: 1 }));
    expect(found(file, slow, probed("kana", { identity: null }))).toEqual([
      expect.objectContaining({ host: "", what: "speedFactor contradicts the measured speed: ruby 2, measured 1.0; kana 1, measured 2.0" }),
    ]);
  });

  it("ssh that waits for ever, and links that do", () => {
    const ssh = { ...probed("ruby").ssh!, connectTimeout: null, aliveInterval: 0 };
    const whats = found(fleet(host("ruby")), probed("ruby", { ssh })).map(({ what }) => what);
    expect(whats).toEqual([expect.stringMatching(/no ConnectTimeout for ruby/), expect.stringMatching(/no ServerAliveInterval for ruby/)]);
  });

  it("an almost full disk, and a busy host, whose speed is then not held against the file", () => {
    const hardware = { ...probed("ruby").hardware!, diskFreeBytes: 2 ** 29, load: 12 };
    const findings = found(fleet(host("ruby", { speed: 9 })), probed("ruby", { hardware }));
    expect(findings.map(({ what }) => what)).toEqual([
      expect.stringMatching(/512 MiB left/),
      expect.stringMatching(/busy: ruby \(load 12, 8 cores\)/),
    ]);
  });

  it("native that is emulated, and the other way round", () => {
    const systems = [
      { system: "x86_64-linux", builds: true, emulated: false, slowdown: null },
      { system: "riscv64-linux", builds: true, emulated: true, slowdown: 5 },
    ];
    const file = fleet(host("ruby", { systems: { "x86_64-linux": { emulated: 3 }, "riscv64-linux": "native" } }));
    expect(found(file, probed("ruby", { systems })).map(({ what }) => what)).toEqual([
      expect.stringMatching(/x86_64-linux emulated there, but its processor runs it/),
      expect.stringMatching(/riscv64-linux native there, but its processor emulates it/),
    ]);
  });
});

it("holds no assumed figure against what was measured", () => {
  expect(lintFleet(fleet(host("ruby", { cores: 3, speed: 9 })), [here, probed("ruby")], "assumed")).toEqual([]);
});
