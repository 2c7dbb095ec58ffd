import { describe, expect, it } from "vitest";
import { atLeast, nixVersion } from "#model/nix-version.js";

describe("a Nix version", () => {
  it.each([
    ["2.8", 2, 8, 0],
    ["2.35.0pre20260101", 2, 35, 0],
    ["nix (Nix) 2.26.3", 2, 26, 3],
    ["nix (Determinate Nix 3.8.0) 2.30.1", 2, 30, 1],
    ["nix (Lix, like Nix) 2.91.1", 2, 18, 0],
    ["2.93.0", 2, 18, 0],
  ])("%s is read, and Lix as the Nix that it left", (text, major, minor, patch) => {
    expect(nixVersion(text)).toEqual({ major, minor, patch });
  });

  it.each(["", "two", "2", "2.x", "2.8 and more"])("%j is none", (text) => {
    expect(nixVersion(text)).toBeUndefined();
  });

  it("2.20 is later than 2.8", () => {
    expect(atLeast(nixVersion("2.20")!, "2.8")).toBe(true);
    expect(atLeast(nixVersion("2.35.1")!, "2.35.2")).toBe(false);
  });
});
