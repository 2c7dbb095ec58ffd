// The prior against real graphs, which lie beside the repository and are not part of it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type Filled, fillGraph } from "#estimate/fill.js";
import type { GraphFile } from "#model/graph-file.js";

const FOLDER = resolve(import.meta.dirname, "../../../shared/data/graphs");
const present = existsSync(FOLDER);
const read = (name: string): GraphFile => JSON.parse(gunzipSync(readFileSync(`${FOLDER}/${name}.json.gz`)).toString());
const names = present
  ? readdirSync(FOLDER)
      .filter((file) => file.endsWith(".json.gz"))
      .map((file) => file.slice(0, -".json.gz".length))
  : [];

describe.skipIf(!present)("real graphs (skipped where ../shared/data/graphs is absent)", () => {
  it("get a finite guess for every node", () => {
    for (const name of names) {
      for (const filled of fillGraph(read(name).nodes, null)) {
        const values = [filled.work, filled.cv, filled.serial, filled.memoryBytes, filled.outputBytes, filled.sourceBytes];
        expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      }
    }
  });

  it("have nine tenths of a system's work guessed by the name of its package, or assumed by name", () => {
    for (const name of names.filter((name) => /minimal|plasma|stdenv|toolchain|ekaos/.test(name))) {
      const filled = fillGraph(read(name).nodes, null);
      expect(
        share(filled, (node) => node.provenance === "prior-kind"),
        name,
      ).toBeLessThan(0.1);
      expect(
        share(filled, (node) => node.provenance === "prior-name"),
        name,
      ).toBeGreaterThan(0.85);
    }
  });

  it("rank the packages of a minimal system as whoever built one would", () => {
    const { nodes } = read("n2020-nixos-minimal-x86");
    const filled = fillGraph(nodes, null);
    const longest = nodes.map((node, i) => ({ name: node.pname ?? "", work: filled[i].work })).toSorted((a, b) => b.work - a.work);
    expect(longest.slice(0, 3).map((row) => row.name)).toEqual(["linux", "llvm", "gcc"]);
    const at = (pname: string) => longest.findIndex((row) => row.name === pname);
    const order = ["linux", "gcc", "glibc", "python3", "perl", "openssl", "zlib", "unit-dbus.socket"].map(at);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const hours = filled.reduce((sum, node) => sum + node.work, 0) / 3600;
    expect(hours).toBeGreaterThan(10);
    expect(hours).toBeLessThan(40);
  });
});

function share(filled: readonly Filled[], is: (node: Filled) => boolean): number {
  const sum = (nodes: readonly Filled[]) => nodes.reduce((total, node) => total + node.work, 0);
  return sum(filled.filter(is)) / sum(filled);
}
