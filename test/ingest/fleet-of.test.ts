import { describe, expect, it } from "vitest";
import { fleetOf } from "#ingest/fleet-of.js";
import { parseMachines } from "#ingest/machines.js";
import { parseNixConf } from "#ingest/nix-conf.js";
import { nixVersion } from "#model/nix-version.js";

function fleet(machinesText: string, conf?: string, nix = "2.34") {
  const version = nixVersion(nix)!;
  const machines = parseMachines({ text: machinesText, file: "machines", version, load: () => undefined });
  const settings = conf === undefined ? undefined : parseNixConf(conf, "nix.conf", () => undefined);
  if (!machines.ok || settings?.ok === false) throw new Error("bad example");
  return fleetOf({
    name: "f",
    machines: machines.value.machines,
    version,
    ...(settings !== undefined && { settings: settings.value.settings }),
  });
}

const BOOK = `ssh://aquamarine x86_64-linux,aarch64-linux,riscv64-linux /root/.ssh/id 3 1 benchmark,big-parallel,kvm - -
ssh://ruby x86_64-linux,aarch64-linux,riscv64-linux - 2 1 benchmark,big-parallel,kvm
ssh://kana x86_64-linux,aarch64-linux,riscv64-linux - 2 1 benchmark,big-parallel,kvm
`;

describe("fleetOf", () => {
  it("makes the book's fleet", () => {
    const { fleet: file, notes } = fleet(
      BOOK,
      "system = x86_64-linux\nmax-jobs = 20\nextra-platforms = aarch64-linux\nbuilders-use-substitutes = true\nsystem-features = kvm",
    );
    expect(file.coordinator).toEqual({
      name: "coordinator",
      cores: 20,
      speed: 1,
      maxJobs: 20,
      features: ["kvm"],
      systems: { "x86_64-linux": "native", "aarch64-linux": { emulated: {} } },
    });
    expect(file.builders.map(({ name, uri, maxJobs, cores }) => [name, uri, maxJobs, cores])).toEqual([
      ["aquamarine", "ssh://aquamarine?ssh-key=/root/.ssh/id", 3, 3],
      ["ruby", "ssh://ruby", 2, 2],
      ["kana", "ssh://kana", 2, 2],
    ]);
    expect(file.builders[1]).toMatchObject({
      speed: 1,
      speedFactor: 1,
      features: ["benchmark", "big-parallel", "kvm"],
      systems: { "x86_64-linux": "native", "riscv64-linux": { emulated: {} } },
    });
    expect(notes.join("\n")).toMatch(/assumed: ruby emulates aarch64-linux, riscv64-linux/);
    expect(notes.join("\n")).toMatch(/assumed of every builder: as many cores as maxJobs/);
    expect(notes.join("\n")).toMatch(/builders-use-substitutes is on/);
    expect(file["x-import"].notes).toEqual(notes);
    expect(notes.join("\n")).not.toMatch(/substitute is on/);
    expect(fleet(BOOK, "max-jobs = 1", "2.26").notes.join("\n")).toMatch(/substitute is on: before Nix 2.30/);
    expect(fleet(BOOK, "substitute = false", "2.26").notes.join("\n")).not.toMatch(/substitute is on/);
  });

  it("takes the first system's family for the host's own", () => {
    const systems = (list: string) => fleet(`a ${list}`).fleet.builders[0]!.systems;
    expect(systems("x86_64-linux,i686-linux,x86_64-v3-linux,builtin")).toEqual({
      "x86_64-linux": "native",
      "i686-linux": "native",
      "x86_64-v3-linux": "native",
    });
    expect(systems("aarch64-linux,armv7l-linux,x86_64-linux")).toEqual({
      "aarch64-linux": "native",
      "armv7l-linux": "native",
      "x86_64-linux": { emulated: {} },
    });
    expect(systems("riscv64-linux")).toEqual({ "riscv64-linux": "native" });
  });

  it("offers the coordinator's system where a line names none", () => {
    expect(fleet("a", "system = riscv64-linux").fleet.builders[0]!.systems).toEqual({ "riscv64-linux": "native" });
  });

  it("makes one host of lines that share slots", () => {
    const { fleet: file, notes } = fleet("ssh://a x86_64-linux - 1 2\na riscv64-linux - 2 1 kvm\nssh-ng://a x86_64-linux");
    expect(file.builders).toHaveLength(2);
    expect(file.builders[0]).toMatchObject({
      name: "a",
      maxJobs: 2,
      speedFactor: 2,
      features: ["kvm"],
      systems: { "x86_64-linux": "native" },
    });
    expect(file.builders[1]).toMatchObject({ name: "a-2", uri: "ssh-ng://a" });
    expect(notes.join("\n")).toMatch(/2 lines share the slots of a/);
    expect(notes.join("\n")).toMatch(/a appears under 2 URIs/);
  });

  it("tells URIs apart by their text to 2.22, by their meaning since", () => {
    const text = "ssh://a?x=1&y=2\nssh://a?y=2&x=1";
    expect(fleet(text, undefined, "2.8").fleet.builders).toHaveLength(2);
    expect(fleet(text, undefined, "2.34").fleet.builders).toHaveLength(1);
  });

  it("keeps mandatory features only if every line of the host has one", () => {
    expect(fleet("a - - 1 1 - benchmark").fleet.builders[0]).toMatchObject({ features: ["benchmark"], mandatoryFeatures: ["benchmark"] });
    expect(fleet("a - - 1 1 - benchmark\na - - 1").fleet.builders[0]).not.toHaveProperty("mandatoryFeatures");
  });

  it("gives hosts of one name apart names, none of them the coordinator's", () => {
    expect(fleet("coordinator\nssh://u@x\nssh://v@x\nssh://v@x:22").fleet.builders.map((host) => host.name)).toEqual([
      "coordinator-2",
      "x",
      "v@x",
      "x-2",
    ]);
  });

  it("warns of ports that old Nix ignores", () => {
    expect(fleet("ssh://a:22", undefined, "2.8").notes.join("\n")).toMatch(/ignores the port/);
    expect(fleet("ssh://a:22").notes.join("\n")).not.toMatch(/ignores the port/);
  });

  it("stands without any machine or nix.conf", () => {
    expect(fleet("").fleet).toMatchObject({ builders: [], coordinator: { maxJobs: 1, cores: 8, systems: { "x86_64-linux": "native" } } });
    expect(fleet("", "max-jobs = auto\ncores = 2").fleet.coordinator).toMatchObject({ maxJobs: 8, cores: 8, coresPerBuild: 2 });
  });
});
