import fc from "fast-check";
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { withoutIgnored } from "#scenario/check.js";
import { isGraphFile } from "#scenario/graph-check.js";
import { graphSpec } from "#scenario/graph-spec.js";

const sound = {
  schema: "drvfleet.graph/1",
  name: "g",
  source: { repo: "somewhere" },
  nodes: [
    { name: "a-1.0", pname: "a", version: "1.0", kind: "build", tool: "cmake", drv: "/nix/store/h-a.drv", system: "x86_64-linux" },
    { name: "b", system: "builtin", features: ["kvm"], preferLocal: true, fixedOutput: true, allowSubstitutes: false, workload: "fetch" },
    {
      name: "c",
      system: "riscv64-linux",
      work: 60,
      maxCores: 4,
      serial: 0.1,
      memoryBytes: 1e9,
      outputBytes: 5,
      sourceBytes: 6,
      seconds: { "*": 4, kana: 5 },
      cpu: 0,
    },
  ],
  edges: { from: [0, 1], to: [2, 2], bytes: [null, 7] },
  roots: [2],
};

const odd = fc.constantFrom<unknown>(
  null,
  undefined,
  true,
  "",
  "x",
  "drvfleet.graph/1",
  "compile",
  "a\nb",
  "x".repeat(5000),
  -1,
  0,
  0.5,
  1,
  2.5,
  1e13,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  [],
  [1],
  [null],
  [-1],
  [0.5],
  ["kvm"],
  [""],
  {},
  { x: 1 },
  { "*": -1 },
  { "x-a": "b", "*": 1 },
);
const key = fc.constantFrom(
  "name",
  "pname",
  "version",
  "kind",
  "drv",
  "system",
  "features",
  "preferLocal",
  "workload",
  "work",
  "maxCores",
  "serial",
  "memoryBytes",
  "sourceBytes",
  "seconds",
  "cpu",
  "nodes",
  "edges",
  "from",
  "to",
  "bytes",
  "roots",
  "schema",
  "source",
  "x-note",
  "nmae",
  "toString",
  "0",
  "kana",
  "*",
);

/** Replaces, adds or removes a key of some object of the graph, chosen by `path`. */
function mutated(path: readonly number[], at: string, value: unknown, drop: boolean): unknown {
  const copy = structuredClone(sound) as unknown;
  let part = copy as Record<string, unknown>;
  for (const step of path) {
    const inner = Object.values(part).filter((child) => typeof child === "object" && child !== null) as Record<string, unknown>[];
    if (inner.length === 0) break;
    part = inner[step % inner.length]!;
  }
  if (Array.isArray(part) && !/^\d+$/.test(at)) return copy;
  if (drop && Array.isArray(part)) part.splice(Number(at), 1);
  else if (drop) delete part[at];
  else part[at] = value;
  return copy;
}

describe("isGraphFile", () => {
  it("accepts every key of a node", () => {
    expect(graphSpec.safeParse(sound).success).toBe(true);
    expect(isGraphFile(sound)).toBe(true);
    const known = Object.keys(graphSpec.shape.nodes.element.shape);
    expect(new Set(sound.nodes.flatMap((node) => Object.keys(node)))).toEqual(new Set(known));
  });

  it("agrees with the schema on mutated graphs", () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(10), { maxLength: 3 }), key, odd, fc.boolean(), (path, at, value, drop) => {
        const graph = mutated(path, at, value, drop);
        const expected = graphSpec.safeParse(withoutIgnored(graph)).success;
        expect(isGraphFile(graph)).toBe(expected);
        if (!expected) refused++;
      }),
      { seed: 6, numRuns: 5000 },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  it.each([null, 5, "x", [], undefined])("refuses %j", (value) => {
    expect(isGraphFile(value)).toBe(false);
  });

  const real = "../shared/data/graphs/n2020-fleet-mixed.json.gz";
  it.skipIf(!existsSync(real))("accepts a real graph of 12,448 nodes, as the schema does", () => {
    const graph: unknown = JSON.parse(gunzipSync(readFileSync(real)).toString());
    expect(isGraphFile(graph)).toBe(true);
    expect(graphSpec.safeParse(graph).success).toBe(true);
  });
});
