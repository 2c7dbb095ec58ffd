// The report of `check`: it fits the terminal, says everything that is wrong with what to change, and how it ends.
import { describe, expect, it } from "vitest";
import { type CheckResult, checkText, findingOf } from "#report/check-text.js";
import { probed } from "../probed.js";

const failed = {
  step: "connect",
  verdict: "failed",
  what: "the machine answers, but nothing listens there",
  words: "ssh: connect to host kana port 22: Connection refused",
  hint: "start sshd there, or correct Port in ssh_config",
} as const;
const kana = probed("a-host-with-a-very-long-name.example.org", {
  steps: [failed],
  hardware: null,
  nix: null,
  systems: [],
  features: null,
  speed: null,
  link: null,
});
const emulating = probed("ruby", {
  systems: [...probed("ruby").systems, { system: "riscv64-linux", builds: true, emulated: true, slowdown: 4.43 }],
});
const RESULT: CheckResult = {
  schema: "drvfleet.check/1",
  version: "0",
  fleet: "book",
  at: "2026-01-02T03:04:05.000Z",
  seconds: 4.2,
  hosts: [emulating, kana],
  findings: [
    findingOf(kana.name, failed)!,
    {
      severity: "warning",
      host: "",
      step: "",
      what: `no ConnectTimeout for ruby\u001b[31m ${"and more ".repeat(20)}`,
      words: "",
      hint: "set it",
    },
  ],
};

describe("the report of a check", () => {
  it("fits 80 columns, with colour and without, and lets no escape through", () => {
    for (const color of [false, true]) {
      const lines = checkText(RESULT, color)
        .split("\n")
        // biome-ignore lint/suspicious/noControlCharactersInRegex: our own styles
        .map((line) => line.replace(/\u001b\[[012]m/g, ""));
      expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
      expect(lines.join("")).not.toContain("\u001b");
    }
    expect(checkText(RESULT, false)).not.toContain("\u001b");
  });

  it("has a line for each host, and one for what it builds", () => {
    const text = checkText(RESULT, false);
    expect(text).toMatch(/^ruby +8 +1\.50 +16\.0 GiB +512 GiB +940 +500 +1\.0 ms +2\.26\.3$/m);
    expect(text).toMatch(/^✗ a-host-.*…\S+ +– +–/m);
    expect(text.replace(/\s+/g, " ")).toContain(
      "ruby builds x86_64-linux; emulates riscv64-linux (×4.43); features benchmark; 8 cores at once are worth 7.9",
    );
  });

  it("tells the step, why, and what to change; then how many", () => {
    const text = checkText(RESULT, false).replace(/\s+/g, " ");
    expect(text).toContain(`connect: ${failed.what} ${failed.words} → ${failed.hint}`);
    expect(text).toMatch(/1 of 2 cannot build as promised; 1 error, 1 warning\.$/);
    expect(checkText({ ...RESULT, hosts: [emulating], findings: [] }, false)).toMatch(/It can build; nothing to say against it\.$/);
  });

  it("makes no finding of what is well", () => {
    expect(findingOf("ruby", { ...failed, verdict: "ok" })).toBeNull();
    expect(findingOf("ruby", { ...failed, verdict: "warning" })?.severity).toBe("warning");
  });
});
