import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fault } from "#base/fault.js";
import { printBug, printFaults } from "#cli/exit.js";

let said = "";
beforeEach(() => {
  said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

describe("how the program ends", () => {
  it("with 70 for a bug of ours: the message, and the stack only for --debug", () => {
    const bug = new Error("nix[version=2.8], seed 3: a slot was taken twice");
    expect(printBug(bug, false)).toBe(70);
    expect(said).toMatch(/^drvfleet: a bug of ours: nix\[version=2\.8\], seed 3/);
    expect(said).not.toMatch(/^\s+at /m);
    expect(said).toMatch(/--debug/);
    printBug(bug, true);
    expect(said).toMatch(/^\s+at /m);
  });

  it("with the gravest of several faults: input before what nobody builds before hosts", () => {
    const [input, unbuildable, host] = (["input", "unbuildable", "host"] as const).map((code) => fault(code, "here", "found it"));
    expect(printFaults([host!, unbuildable!, input!])).toBe(2);
    expect(printFaults([host!, unbuildable!])).toBe(4);
    expect(printFaults([host!])).toBe(5);
  });

  it("counts what it does not show", () => {
    expect(printFaults(Array.from({ length: 25 }, (_, i) => fault("input", `line ${i}`, "found it")))).toBe(2);
    expect(said.match(/^error: line/gm)).toHaveLength(20);
    expect(said).toMatch(/^error: and 5 more$/m);
  });

  it("never passes control characters on to the terminal", () => {
    printFaults([fault("input", "a\u001b[2Jb", "found \u0007 and \u202e", "hint\u009b")]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
    expect(said.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(said).toContain("\\u001b[2Jb");
  });
});
