// The machines file that is printed is read back as the same machines, by every Nix; NixOS's words say the same.
import { describe, expect, it } from "vitest";
import { parseMachines } from "#ingest/machines.js";
import type { HostFile } from "#model/fleet-file.js";
import { nixVersion } from "#model/nix-version.js";
import { buildMachinesText, machinesText } from "#report/nix-machines.js";

const HOSTS: readonly HostFile[] = [
  {
    name: "ruby",
    uri: "ssh-ng://eve@ruby:2222?ssh-key=/etc/nix/a%20key&compress=true",
    cores: 8,
    speed: 1,
    maxJobs: 3,
    systems: { "x86_64-linux": "native", "aarch64-linux": { emulated: 9 } },
    features: ["kvm", "benchmark"],
    mandatoryFeatures: ["benchmark"],
  },
  { name: "kana", cores: 4, speed: 1.44, maxJobs: 1, systems: { "riscv64-linux": "native" } },
];
const input = (version: string) => ({
  builders: HOSTS,
  version: nixVersion(version)!,
  left: [{ name: "opal", why: "connect: nobody answers; ssh://trap" }],
});

describe("the machines file", () => {
  it.each(["2.8.0", "2.26.3", "2.34.8"])("is read back by Nix %s", (version) => {
    const text = machinesText(input(version));
    const read = parseMachines({ text, file: "machines", version: nixVersion(version)!, load: () => undefined });
    expect(
      read.ok &&
        read.value.machines.map(({ uri, systems, maxJobs, speedFactor, features, mandatoryFeatures }) => [
          uri.text,
          systems,
          maxJobs,
          speedFactor,
          features,
          mandatoryFeatures,
        ]),
    ).toEqual([
      [
        "ssh-ng://eve@ruby:2222?ssh-key=/etc/nix/a%20key&compress=true",
        ["x86_64-linux", "aarch64-linux"],
        3,
        1,
        ["kvm", "benchmark"],
        ["benchmark"],
      ],
      ["ssh://kana", ["riscv64-linux"], 1, version === "2.8.0" ? 1 : 1.4, [], []],
    ]);
    expect(text).toContain("# opal is left out: connect: nobody answers, ssh://trap\n");
  });
});

describe("nix.buildMachines", () => {
  it("says the same in NixOS's options", () => {
    expect(buildMachinesText(input("2.34.8"))).toBe(
      `{
  nix.distributedBuilds = true;
  # nixpkgs before the middle of 2026 takes whole speed factors only
  nix.buildMachines = [
    {
      hostName = "ruby:2222?compress=true";
      protocol = "ssh-ng";
      sshUser = "eve";
      sshKey = "/etc/nix/a key";
      systems = [ "x86_64-linux" "aarch64-linux" ];
      maxJobs = 3;
      speedFactor = 1;
      supportedFeatures = [ "kvm" ];
      mandatoryFeatures = [ "benchmark" ];
    }
    {
      hostName = "kana";
      protocol = "ssh";
      systems = [ "riscv64-linux" ];
      maxJobs = 1;
      speedFactor = 1.4;
      supportedFeatures = [ ];
      mandatoryFeatures = [ ];
    }
  ];
  # opal is left out: connect: nobody answers; ssh://trap
}
`.replace("answers; ", "answers, "),
    );
  });

  it("is no way into the expression for a name from a file", () => {
    const quote = "$" + "{b}";
    const evil: HostFile = { ...HOSTS[1]!, name: `a"; evil = ${quote}\\` };
    expect(buildMachinesText({ ...input("2.34"), builders: [evil] })).toContain(`hostName = "a\\"; evil = \\${quote}\\\\";`);
  });
});
