import { describe, expect, it } from "vitest";
import { Digest, sha256Hex } from "#base/digest.js";

const of = (...values: number[]): string => new Digest().doubles(Float64Array.from(values), 0, values.length).hex();

describe("a digest", () => {
  it("tells values, their order and their number apart", () => {
    const all = [of(), of(0), of(0, 0), of(1), of(1, 2), of(2, 1), of(-1), of(1e-9), of(Number.POSITIVE_INFINITY), of(Number.NaN)];
    expect(new Set(all).size).toBe(all.length);
    for (const digest of all) expect(digest).toMatch(/^[0-9a-f]{16}$/);
  });

  it("is the same whether values come one by one or as columns", () => {
    const column = Float64Array.from({ length: 100 }, (_, i) => i * i);
    const single = new Digest();
    for (const value of column) single.number(value);
    expect(new Digest().doubles(column, 0, 100).hex()).toBe(single.hex());
    expect(new Digest().doubles(column, 0, 40).doubles(column, 40, 100).hex()).toBe(single.hex());
  });

  it("takes every NaN as one", () => {
    const odd = new Float64Array(new BigUint64Array([0x7ff8000000000123n]).buffer);
    expect(new Digest().doubles(odd, 0, 1).hex()).toBe(of(Number.NaN));
  });

  it("has few collisions among near values", () => {
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) seen.add(of(i, 20_000 - i));
    for (let i = 0; i < 20_000; i++) seen.add(new Digest().integers(Int32Array.of(i, -i), 0, 2).hex());
    expect(seen.size).toBe(40_000);
  });

  it("tells texts apart, and where one ends", () => {
    expect(new Digest().text("ab").text("c").hex()).not.toBe(new Digest().text("a").text("bc").hex());
  });

  it("knows SHA-256", () => {
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
