import { describe, expect, it } from "vitest";
import { LARGE, SMALL } from "#estimate/prior-table.js";
import { namedRow, namedRows, SOURCES } from "#estimate/named.js";
import { compareText } from "#base/order.js";

const largeNames = LARGE.trim()
  .split("\n")
  .map((line) => line.split(" ")[0]);
const smallGroups = SMALL.trim()
  .split("\n")
  .map((line) => line.split(" ").slice(2));

describe("the table", () => {
  it("names each package once", () => {
    const names = [...largeNames, ...smallGroups.flat()];
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(namedRows().size).toBe(names.length);
  });

  it("is sorted, so that a diff shows one row", () => {
    for (const names of [largeNames, ...smallGroups]) expect(names).toEqual(names.toSorted(compareText));
  });

  it("has a positive figure, a known source and sane extras in every row", () => {
    for (const row of namedRows().values()) {
      expect(row.work, row.name).toBeGreaterThan(0);
      expect(row.work, row.name).toBeLessThan(100_000);
      expect(row.sources, row.name).toMatch(/^[a-z]+$/);
      for (const letter of row.sources) expect(SOURCES, row.name).toHaveProperty(letter);
      if (row.cv !== undefined) expect(row.cv >= 0.05 && row.cv <= 1, row.name).toBe(true);
      if (row.memoryBytes !== undefined) expect(row.memoryBytes, row.name).toBeGreaterThan(2 ** 30);
    }
  });

  it("spells names as identity.ts does, so that none is out of reach", () => {
    for (const name of namedRows().keys()) expect(name).toMatch(/^([a-z]+:)?[a-z0-9][a-z0-9+.-]*$/);
  });
});

describe("figures retyped from their sources by hand", () => {
  // wall = SBU × 150 s; work = (wall − 6 s × (1 − 1/c)) ÷ (0.0266 + 0.9734/c), to the rounding of the table
  it.each([
    ["coreutils", 150], // LFS temporary: 0.3 SBU on 4 cores
    ["rust-bindgen", 270], // BLFS: 0.3 SBU on 8 cores
    ["libnice", 240], // BLFS: 1.6 SBU on one core
    ["webkitgtk", 24_200], // BLFS: 24 SBU on 8 cores
    ["guile", 2500], // BLFS: 4.5 SBU on 4 cores
    ["juk", 205], // Gentoo: merges of 99 and 113 s
    ["kolourpaint", 360], // Gentoo: 154 and 198 s
    ["xgcc", 2250], // LFS: gcc pass 2, 4.1 SBU on 4 cores
  ])("%s is %i core-seconds", (name, work) => {
    expect(namedRow("", name)?.work).toBe(work);
  });
});

describe("finding a row", () => {
  const found = (scope: string, base: string) => namedRow(scope, base)?.name;
  it("knows the spellings of one package", () => {
    expect(found("", "firefox-unwrapped")).toBe("firefox");
    expect(found("", "libopus")).toBe("opus");
    expect(found("", "kirigami2")).toBe("kirigami");
    expect(found("", "linux-hardened")).toBe("linux");
    expect(found("", "openldap")).toBe("openldap");
  });

  it("does not take a cross or stage compiler for one that is built with itself", () => {
    expect(found("", "x86-64-unknown-linux-musl-stage-final-gcc-debug")).toBe("xgcc");
    expect(found("", "gcc")).toBe("gcc");
  });

  it("does not take a part, another language's package or a shell for its namesake", () => {
    expect(found("", "libgcc")).toBeUndefined();
    expect(found("", "linux-config")).toBeUndefined();
    expect(found("ruby", "protobuf")).toBeUndefined();
    expect(found("", "no-such-package-anywhere")).toBeUndefined();
  });
});
