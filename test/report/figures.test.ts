import { describe, expect, it } from "vitest";
import { bytes, count, percent, plural, ratio, spread } from "#report/figures.js";

describe("figures", () => {
  it.each([
    [0, "0 %"],
    [0.0001, "<0.1 %"],
    [0.0312, "3.1 %"],
    [0.09, "9 %"],
    [0.3121, "31 %"],
    [0.9951, "99.5 %"],
    [0.99999, ">99.9 %"],
    [1, "100 %"],
    [-0.31, "−31 %"],
    [1.4, "140 %"],
  ])("share %s reads %s", (share, text) => {
    expect(percent(share)).toBe(text);
  });

  it("keeps about three digits of a ratio", () => {
    expect([0.687, 9.996, 12.31, 123.4, -0.5].map(ratio)).toEqual(["0.69", "10.0", "12.3", "123", "−0.50"]);
  });

  it("puts sizes in binary units", () => {
    expect([0, 1023, 1024, 4294967296, 1e15].map(bytes)).toEqual(["0 B", "1023 B", "1.00 KiB", "4.00 GiB", "909 TiB"]);
  });

  it("groups digits and counts things", () => {
    expect(count(1234567)).toBe("1\u202f234\u202f567");
    expect([plural(1, "world"), plural(20, "world"), plural(2, "fetch", "fetches")]).toEqual(["1 world", "20 worlds", "2 fetches"]);
  });

  it("shows an interval around its mean", () => {
    expect(spread({ low: 98.2, high: 112.3 }, 100)).toBe("−1.8/+12 %");
    expect(spread({ low: 99.99, high: 100.01 }, 100)).toBe("±0.0 %");
  });
});
