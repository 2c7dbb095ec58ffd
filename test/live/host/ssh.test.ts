// The words of ssh: names can be no options and no commands, and what quoting gives a shell reads back.
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { quoted, sshWords } from "#live/host/ssh.js";

it("a quoted word is one word with the same text for a POSIX shell", () => {
  const word = fc.string({ maxLength: 12, unit: fc.constantFrom("a", " ", "'", '"', "$", "`", "\\", ";", "&", "\n", "*", "é", "-") });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const out = execFileSync("sh", ["-c", `printf '%s\\0' ${words.map(quoted).join(" ")}`], { encoding: "utf8" });
      expect(out.split("\0").slice(0, -1)).toEqual(words);
    }),
    { numRuns: 40, seed: 7 },
  );
});

it("a host stands after --, alone, and nothing turns host-key checking off", () => {
  const address = {
    name: "x",
    ssh: { host: "-oProxyCommand=id", user: "u", port: 22, keyFile: null, knownHosts: null },
    store: null,
    program: "nix-store",
  };
  const words = sshWords(address, { kind: "guest", socket: "/run/s" }, ["true", "a b"]);
  expect(words.slice(-3)).toEqual(["--", "-oProxyCommand=id", "true 'a b'"]);
  expect(words.join(" ")).not.toMatch(/StrictHostKeyChecking|CheckHostIP|known_hosts|\/dev\/null/);
});

it("this machine needs no ssh", () => {
  expect(sshWords({ name: "ai", ssh: null, store: null, program: "nix-store" }, { kind: "alone" }, ["nix-store", "--serve"])).toEqual([
    "nix-store",
    "--serve",
  ]);
});
