import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisLabels, nameLines, printable, shortened } from "#report/name-lines.js";

describe("names that fit", () => {
  it("breaks policy names after brackets and commas", () => {
    expect(nameLines("list[priority=critical-path,placement=earliest-finish]", 28)).toEqual([
      "list[priority=critical-path,",
      "placement=earliest-finish]",
    ]);
  });

  it("never exceeds the width and loses nothing", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "[", ",", "-", "é", "𝕏"), maxLength: 80 }),
        fc.integer({ min: 4, max: 30 }),
        (name, width) => {
          const lines = nameLines(name, width);
          expect(lines.every((line) => [...line].length <= width)).toBe(true);
          expect(lines.join("")).toBe(name);
        },
      ),
    );
  });

  it("shortens in the middle and keeps both ends", () => {
    expect(shortened("python3.12-very-long-package-name-1.2.3", 15)).toBe("python3.1…1.2.3");
  });

  it("keeps labels apart that would read the same", () => {
    const long = "x".repeat(200);
    const labels = axisLabels([`${long}1`, `${long}2`, "short"], 20, 1);
    expect(new Set(labels).size).toBe(3);
  });

  it("lets no control character through", () => {
    expect(printable("a\u001b[31mb\u202ec\nd")).toBe("a\ufffd[31mb\ufffdc\ufffdd");
  });
});
