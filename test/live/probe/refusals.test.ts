// What Nix 2.8, 2.26 and 2.34 have said when they refused, recorded on the testbed, and the reason that is told.
import { describe, expect, it } from "vitest";
import { parseInventory } from "#live/probe/inventory.js";
import { isNative, refusal, storeRefusal, systemRefusal, tells } from "#live/probe/refusals.js";

const host = (...binfmt: string[]) => parseInventory(["kernel Linux", "machine x86_64", ...binfmt.map((line) => `binfmt ${line}`)]);

describe("a store that takes nothing", () => {
  it.each([
    [/disk is full/, "error: setting journal mode: database or disk is full (in '/nix/var/nix/db/db.sqlite')"],
    [/disk is full/, "error: writing to file: No space left on device"],
    [/read-only/, "error: remounting /nix/store writable: Invalid argument"],
    [/read-only/, "error: opening lock file '/nix/var/nix/db/big-lock': Read-only file system"],
    [/may not talk/, "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Permission denied (nix-daemon)"],
    [/does not answer/, "error: cannot connect to daemon at '/nix/var/nix/daemon-socket/socket': Connection refused"],
    [/may not write/, "error: creating directory '/nix/var/nix/temproots': Permission denied"],
    [/takes nothing/, "error: something new"],
  ])("%s", (what, words) => {
    const [told, said, hint] = storeRefusal(words);
    expect(told).toMatch(what);
    expect(said).toBe(words);
    expect(hint).not.toBe("");
  });
});

describe("a system that does not build", () => {
  const formats = "error: executing '/nix/store/9iy5b8r0z5bmms77d7v2764bvxbj75cy-drvfleet-trial-riscv64-linux': Exec format error";

  it.each([
    [/no binfmt handler/, []],
    [/no binfmt handler/, ["tb-aarch64 enabled interpreter /usr/bin/qemu-aarch64-static flags: F"]],
    [/switched off/, ["qemu-riscv64 disabled interpreter /usr/bin/qemu-riscv64-static flags: F"]],
    [/not found in the sandbox/, ["qemu-riscv64 enabled interpreter /usr/bin/qemu-riscv64 flags: OC"]],
    [/does not run programs/, ["qemu-riscv64 enabled interpreter /usr/bin/qemu-riscv64-static flags: F"]],
  ])("%s", (what, handlers) => {
    expect(systemRefusal("riscv64-linux", formats, host(...handlers))[0]).toMatch(what);
  });

  it("is refused by Nix itself, in the words of each version", () => {
    const old =
      "error: a 'riscv64-linux' with features {} is required to build '/nix/store/x-trial.drv', but I am a 'x86_64-linux' with features {kvm}";
    const reason = "Reason: platform mismatch, Required system: 'riscv64-linux', Current system: 'x86_64-linux'";
    for (const words of [old, reason])
      expect(systemRefusal("riscv64-linux", words, host())[0]).toMatch(/does not take builds for riscv64-linux/);
    expect(
      systemRefusal("x86_64-linux", "error: unable to start any build; either increase '--max-jobs' or enable remote builds.", host())[0],
    ).toMatch(/max-jobs is 0/);
  });
});

describe("the line that says why", () => {
  it("is the cause, not the consequence, and without colours", () => {
    const message = "builder for '/nix/store/x-trial.drv' failed with exit code 1";
    const log = "\u001b[31;1merror:\u001b[0m executing '/nix/store/x-trial-riscv64-linux': Exec format error\n";
    expect(refusal(message, log)).toBe("error: executing '/nix/store/x-trial-riscv64-linux': Exec format error");
    expect(tells(message)).toBe(false);
    expect(tells(log)).toBe(true);
  });

  it("has what 2.8 writes for its own eyes", () => {
    const texts = ["Error", "Error", "executing '/nix/store/x-trial-riscv64-linux': Exec format error"];
    const log = texts.map((text) => `${String.fromCharCode(text.length)}${"\0".repeat(7)}${text}\0\0\0`).join("\u0001\0\0\0\0\0\0\0");
    expect(refusal("builder for '/nix/store/x-trial.drv' failed with exit code 1", log)).toBe(texts[2]);
  });

  it("has what 2.34 puts on lines of their own", () => {
    const message = [
      "Cannot build '/nix/store/x-trial.drv'.",
      "       Reason: missing system features",
      "       Required features: {kvm}",
      "       Available features: {benchmark}",
    ].join("\n");
    expect(refusal(message, "")).toBe("Reason: missing system features, Required features: {kvm}, Available features: {benchmark}");
  });

  it("is never empty", () => {
    expect(refusal("", "")).toBe("the connection ended");
    expect(refusal("", "warning: x\nerror: strange\n")).toBe("error: strange");
  });
});

it.each([
  ["x86_64", "i686-linux", true],
  ["x86_64", "x86_64-v3-linux", true],
  ["x86_64", "aarch64-linux", false],
  ["aarch64", "armv7l-linux", true],
  ["riscv64", "riscv64-linux", true],
  ["arm64", "aarch64-darwin", true],
  ["s390x", "s390x-linux", true],
])("a processor %s runs %s itself: %s", (machine, system, native) => {
  expect(isNative(system, { machine } as Parameters<typeof isNative>[1])).toBe(native);
});
