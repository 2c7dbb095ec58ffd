// Whose fault a failed build is, by Nix's own statuses and words.
import { expect, it } from "vitest";
import { verdictOn } from "#live/host/failure.js";

const result = (status: number, message = "") => ({ status, message, startTime: 0, stopTime: 0 });

it.each([
  ["built", 0, "", "", "built"],
  ["already there", 2, "", "", "built"],
  ["a builder's exit code", 3, "builder for 'x' failed with exit code 1", "boom", "build"],
  ["a timeout", 8, "timed out", "", "build"],
  ["a full disk, in Nix's message", 3, "writing to file: No space left on device", "", "host"],
  ["a full disk, in the log alone", 3, "failed with exit code 8", "sh: write error: No space left on device", "host"],
  [
    "a full disk, as Nix suspects it",
    3,
    "failed with exit code 8;\n note: build failure may have been caused by lack of free disk space",
    "",
    "host",
  ],
  ["a full disk, in SQLite's words", 9, "database or disk is full (in '/nix/var/nix/db/db.sqlite')", "", "host"],
  ["a system that the host does not have", 9, "a 'riscv64-linux' with features {} is required to build 'x'", "", "host"],
  ["a passing failure", 6, "", "", "host"],
  ["anything else", 9, "some error", "", "build"],
])("%s", (_, status, message, tail, kind) => {
  expect(verdictOn(result(status, message), tail).kind).toBe(kind);
});

it("a full host is told apart from one that refuses, and colours go", () => {
  expect(verdictOn(result(3, "No space left on device"), "")).toMatchObject({ isFull: true });
  expect(verdictOn(result(6, ""), "")).toMatchObject({ isFull: false });
  expect(verdictOn(result(3, "builder for '\u001b[35;1mx\u001b[0m' failed"), "")).toEqual({ kind: "build", why: "builder for 'x' failed" });
});
