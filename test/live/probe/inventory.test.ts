// The inventory's script in shells of this machine, and its lines as hosts with Nix 2.8, 2.26 and 2.34 have printed them.
import { describe, expect, it } from "vitest";
import { INVENTORY_SCRIPT, parseInventory } from "#live/probe/inventory.js";
import { command } from "../../program.js";

const RECORDED = `kernel Linux
machine x86_64
user root
path /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
node kana
ssh 10.77.0.10 45678 10.77.0.13 22
processors 2
load 15.77
memory 24683620
disk /dev/vda         264212084 26922752  79468160      26% /nix
inodes /dev/vda       16777216 501618 16275598    3% /nix
binfmt tb-aarch64 enabled interpreter /usr/bin/qemu-aarch64-static flags: F offset 0 magic 7f454c46 mask ffffffff
binfmt qemu-riscv64 disabled interpreter /usr/bin/qemu-riscv64 flags: OC offset 0 magic 7f454c46 mask ffffffff
nix nix-store (Nix) 2.34.8
conf-cores 1
conf-extra-platforms aarch64-linux i686-linux riscv64-linux x86_64-linux
conf-max-jobs auto
conf-system x86_64-linux
conf-system-features benchmark big-parallel nixos-test uid-range`;

describe("an inventory", () => {
  it("is read as it was recorded", () => {
    const inventory = parseInventory(RECORDED.split("\n"));
    expect(inventory.hardware).toEqual({
      kernel: "Linux",
      machine: "x86_64",
      processors: 2,
      load: 15.77,
      memoryBytes: 24683620 * 1024,
      diskBytes: 264212084 * 1024,
      diskFreeBytes: 79468160 * 1024,
      inodesFree: 16275598,
    });
    expect(inventory.nix).toEqual({
      version: "2.34.8",
      protocol: null,
      system: "x86_64-linux",
      extraPlatforms: ["aarch64-linux", "i686-linux", "riscv64-linux", "x86_64-linux"],
      features: ["benchmark", "big-parallel", "nixos-test", "uid-range"],
      maxJobs: 2,
      cores: 1,
      daemon: false,
    });
    expect(inventory.handlers).toEqual([
      { name: "tb-aarch64", enabled: true, interpreter: "/usr/bin/qemu-aarch64-static", fixed: true },
      { name: "qemu-riscv64", enabled: false, interpreter: "/usr/bin/qemu-riscv64", fixed: false },
    ]);
    expect(inventory.identity).toEqual({ node: "kana", client: "10.77.0.10", server: "10.77.0.13 22" });
    expect(inventory.kvm).toBe(false);
  });

  it("knows a host without Nix, and one whose PATH does not name it", () => {
    expect(parseInventory(["kernel Linux", "machine riscv64"]).nix).toBeNull();
    const { nix, elsewhere } = parseInventory(["kernel Linux", "elsewhere /nix/var/nix/profiles/default/bin/nix-store"]);
    expect({ nix, elsewhere }).toEqual({ nix: null, elsewhere: "/nix/var/nix/profiles/default/bin/nix-store" });
  });

  it("takes no error for a version: Nix 2.8 opens its store before it tells one", () => {
    expect(parseInventory(["nix error: remounting /nix/store writable: Invalid argument"]).nix?.version).toBe("");
    expect(parseInventory(["nix nix-store (Nix) 2.8.0", "daemon yes"]).nix).toMatchObject({
      version: "2.8.0",
      daemon: true,
      features: null,
    });
  });

  it("reads a file system without inodes, a disk with blanks in its name, and memory of another kernel", () => {
    const { hardware } = parseInventory([
      "disk //nas/my share 1000 400 600 40% /nix",
      "inodes zfs/nix 0 0 0 - /nix",
      "memory-bytes 17179869184",
      "processors ",
    ]);
    expect(hardware).toMatchObject({ diskFreeBytes: 600 * 1024, inodesFree: null, memoryBytes: 2 ** 34, processors: 1, load: null });
  });

  it.each(["dash", "bash"])("is printed by %s", async (shell) => {
    const { out, code } = await command(shell, ["-s"], { input: INVENTORY_SCRIPT });
    const { hardware, path } = parseInventory(out.split("\n"));
    expect(code).toBeLessThan(2);
    expect(hardware.kernel).toBe("Linux");
    expect(hardware.processors).toBeGreaterThan(0);
    expect(hardware.memoryBytes).toBeGreaterThan(2 ** 20);
    expect(hardware.diskFreeBytes).not.toBeNull();
    expect(path).not.toBe("");
  });
});
