// One machine for Nix's own hook, from whatever a fleet file says: its columns, and nothing that could be read as more.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { machineLine, machineTarget } from "#live/agent/machine-words.js";

const line = (uri: string, features: readonly string[] = []): string => {
  const target = machineTarget("ruby", uri);
  return target.ok ? machineLine(target.value, "x86_64-linux", features, 2) : "refused";
};

describe("one machine of the setting builders", () => {
  it.each([
    ["", "ssh://ruby x86_64-linux - 2 1 - - -"],
    ["root@ruby", "ssh://root@ruby x86_64-linux - 2 1 - - -"],
    ["ssh://root@ruby?ssh-key=/root/.ssh/id%20x", "refused"],
    ["ssh://root@ruby?ssh-key=/root/.ssh/id", "ssh://root@ruby x86_64-linux /root/.ssh/id 2 1 - - -"],
    ["ssh-ng://ruby?compress=true&base64-ssh-public-host-key=c3No", "ssh-ng://ruby?compress=true x86_64-linux - 2 1 - - c3No"],
  ])("%s", (uri, expected) => expect(line(uri)).toBe(expected));

  it("carries the features that the build requires", () => {
    expect(line("ruby", ["benchmark", "kvm"])).toBe("ssh://ruby x86_64-linux - 2 1 benchmark,kvm - -");
  });

  it("knows how ssh calls it", () => {
    const target = machineTarget("ruby", "ssh-ng://nix@[fe80::1]:2222");
    expect(target.ok && target.value.ssh).toEqual({ to: "nix@fe80::1", port: "2222" });
    expect(machineTarget("x", "daemon")).toMatchObject({ ok: true, value: { ssh: null } });
  });

  it.each(["ssh://a b", "ssh://a;ssh://b", "ssh://-oProxyCommand=x", "ssh://u@-x", "@/etc/passwd", "ssh://a,b", "ssh://a\nb"])(
    "refuses %j, which would be another machine, column or option",
    (uri) => expect(line(uri)).toBe("refused"),
  );

  it("is one line of eight words, or refused", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (uri) => {
        const made = line(uri);
        expect(made === "refused" || (made.split(" ").length === 8 && !/[\n;]/.test(made))).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
