import { describe, expect, it } from "vitest";
import { fillGraph, fillNode } from "#estimate/fill.js";
import { historyOf } from "#estimate/history.js";
import type { NodeFile } from "#model/graph-file.js";

const nix: NodeFile = { name: "gcc-9.3.0", pname: "gcc", version: "9.3.0", system: "x86_64-linux", kind: "build" };

describe("what the graph states", () => {
  it("is kept, certain and marked", () => {
    const stated = {
      ...nix,
      work: 12,
      serial: 0.5,
      maxCores: 3,
      memoryBytes: 1,
      outputBytes: 2,
      sourceBytes: 3,
      workload: "float",
    } as const;
    expect(fillNode(stated, null)).toEqual({
      work: 12,
      cv: 0,
      serial: 0.5,
      maxCores: 3,
      memoryBytes: 1,
      outputBytes: 2,
      sourceBytes: 3,
      workload: "float",
      provenance: "given",
      basis: "given",
    });
  });

  it("is kept where only a size is given", () => {
    expect(fillNode({ ...nix, outputBytes: 7 }, null)).toMatchObject({ outputBytes: 7, provenance: "prior-name" });
  });

  it("of a textbook node is all there is: no invented bytes, memory or serial share", () => {
    const textbook = fillNode({ name: "T1", system: "x86_64-linux", work: 3 }, null);
    expect(textbook).toMatchObject({
      work: 3,
      cv: 0,
      serial: 0,
      memoryBytes: 0,
      outputBytes: 0,
      sourceBytes: 0,
      maxCores: Number.POSITIVE_INFINITY,
    });
  });

  it("counts for seconds as for work", () => {
    expect(fillNode({ ...nix, seconds: { "*": 40 }, cpu: 2 }, null)).toMatchObject({
      provenance: "given",
      cv: 0,
      work: 80,
    });
  });

  it("of a fetch is its size", () => {
    const fetch: NodeFile = { name: "a.tar.gz", system: "builtin", kind: "fetch", fixedOutput: true };
    expect(fillNode({ ...fetch, sourceBytes: 9 }, null)).toMatchObject({
      provenance: "given",
      work: 0,
      cv: 0,
      sourceBytes: 9,
    });
    expect(fillNode(fetch, null)).toMatchObject({ provenance: "assumed", work: 0 });
  });
});

describe("history before prior", () => {
  const history = historyOf([
    {
      pname: "gcc",
      system: "x86_64-linux",
      host: "ai",
      emulated: false,
      cores: 8,
      seconds: 900,
      workCoreSeconds: 5000,
      memoryBytes: 3e9,
      at: 1,
      provenance: "live",
    },
  ]);
  it("takes as long as it took, on the same cores, whatever the prior had thought", () => {
    for (const [pname, seconds] of [
      ["llvm", 2.7],
      ["hello-of-mine", 2.7],
      ["hello-of-mine", 900],
    ] as const) {
      const past = historyOf([
        { pname, system: "x86_64-linux", host: "ai", emulated: false, cores: 4, seconds, at: 0, provenance: "live" },
      ]);
      const { work, serial } = fillNode({ name: `${pname}-1`, pname, system: "x86_64-linux", drv: `/nix/store/x-${pname}-1.drv` }, past);
      expect(work * (serial + (1 - serial) / 4)).toBeCloseTo(seconds, 6);
    }
  });

  it("where the package was built, with the memory that it needed", () => {
    expect(fillNode(nix, history)).toMatchObject({ provenance: "history", work: 5000, memoryBytes: 3e9 });
    expect(fillNode({ ...nix, work: 1 }, history).provenance).toBe("given");
    expect(fillNode({ ...nix, system: "aarch64-linux" }, history).provenance).toBe("prior-name");
  });

  it("never for a fetch: its bytes decide", () => {
    const source: NodeFile = {
      name: "gcc-9.3.0.tar.xz",
      pname: "gcc",
      system: "x86_64-linux",
      kind: "fetch",
      fixedOutput: true,
    };
    expect(fillNode(source, history).work).toBe(0);
  });
});

it("a whole graph is filled as each node alone", () => {
  const nodes: NodeFile[] = [
    nix,
    { ...nix, kind: "wrapper" },
    { ...nix, name: "python3.8-gcc-1", kind: "build" },
    { name: "x", system: "s" },
    nix,
  ];
  expect(fillGraph(nodes, null)).toEqual(nodes.map((node) => fillNode(node, null)));
});
