import { describe, expect, it } from "vitest";
import { derivationGraph } from "#ingest/derivation-graph.js";
import { readDerivationJson } from "#ingest/derivation-json.js";
import { collectGraph } from "#ingest/graph-of.js";
import { bytes, cut, fixture, graphFromDrvs, graphFromJson } from "./fixture-files.js";

const VERSIONS = ["2.8.0", "2.26.3", "2.34.8"];

describe("the same expression through every version", () => {
  it.each(VERSIONS)("%s shows the graph that the .drv files hold", async (version) => {
    for (const [name, skip] of [
      ["zoo", ["ca-1"]],
      ["mixed44", []],
    ] as const) {
      const shown = await graphFromJson(`${version}/${name}.derivation-show.json`);
      expect(shown).toEqual(graphFromDrvs(`${name}.drvs`, skip));
    }
  });

  it.each(VERSIONS)("%s shows content-addressed outputs", async (version) => {
    const { graph } = await graphFromJson(`${version}/zoo-ca.derivation-show.json`);
    expect(graph.nodes.map((node) => [node.name, node.features])).toEqual([
      ["ca-1", ["ca-derivations"]],
      ["useca-1", ["ca-derivations"]],
    ]);
    expect(graph.edges).toEqual({ from: [0], to: [1] });
  });

  it("keeps what a scheduler must know", async () => {
    const { graph } = await graphFromJson("2.34.8/zoo.derivation-show.json");
    expect(graph.nodes.find((node) => node.name === "structured-0.3")).toEqual({
      name: "structured-0.3",
      pname: "structured",
      version: "0.3",
      system: "x86_64-linux",
      features: ["big-parallel"],
      kind: "build",
      drv: "/nix/store/40k014dqp7lkcs343kzm2skc92axdxn2-structured-0.3.drv",
    });
    expect(graph.nodes.find((node) => node.name === "localonly-1")).toMatchObject({ preferLocal: true, allowSubstitutes: false });
    expect(graph.nodes.find((node) => node.name === "fixed.txt")).toMatchObject({ fixedOutput: true, kind: "fetch", workload: "fetch" });
  });
});

/** The shapes of versions that were not recorded, written after reference section 6.3: one derivation, one input. */
const HASH_A = "a".repeat(32);
const HASH_B = "b".repeat(32);
const dep = {
  outputs: { out: { path: `/nix/store/${HASH_A}-dep` } },
  inputSrcs: [],
  inputDrvs: {},
  system: "riscv64-linux",
  builder: "/bin/sh",
  args: [],
  env: { out: `/nix/store/${HASH_A}-dep` },
};
const main = {
  ...dep,
  outputs: { out: { path: `/nix/store/${HASH_B}-main` } },
  env: { out: `/nix/store/${HASH_B}-main`, requiredSystemFeatures: " kvm\n big-parallel " },
};
const [depPath, mainPath] = [`${HASH_A}-dep.drv`, `${HASH_B}-main.drv`];
const full = (base: string) => `/nix/store/${base}`;
const bare = (derivation: typeof dep) => ({ ...derivation, outputs: { out: { path: derivation.outputs.out.path.slice(11) } } });
const v4 = ({ inputDrvs: _d, inputSrcs: _s, ...rest }: typeof dep, drvs: object) => ({
  ...bare(rest as typeof dep),
  version: 4,
  inputs: { srcs: [], drvs },
});
const SHAPES: Record<string, object> = {
  "2.8": { [full(depPath)]: dep, [full(mainPath)]: { ...main, inputDrvs: { [full(depPath)]: ["out"] } } },
  "2.15": {
    [full(depPath)]: { ...dep, name: "dep" },
    [full(mainPath)]: { ...main, name: "main", inputDrvs: { [full(depPath)]: ["out"] } },
  },
  "2.18": { [full(depPath)]: dep, [full(mainPath)]: { ...main, inputDrvs: { [full(depPath)]: { dynamicOutputs: {}, outputs: ["out"] } } } },
  "2.30": {
    [full(depPath)]: dep,
    [full(mainPath)]: {
      ...main,
      env: { out: main.env.out, requiredSystemFeatures: "ignored" },
      structuredAttrs: { requiredSystemFeatures: ["kvm", "big-parallel"] },
      inputDrvs: { [full(depPath)]: { dynamicOutputs: {}, outputs: ["out"] } },
    },
  },
  "2.32": {
    [depPath]: { ...bare(dep), version: 3 },
    [mainPath]: { ...bare(main as typeof dep), version: 3, inputDrvs: { [depPath]: { dynamicOutputs: {}, outputs: ["out"] } } },
  },
  "2.33": {
    version: 4,
    derivations: { [mainPath]: v4(main as typeof dep, { [depPath]: { outputs: ["out"], dynamicOutputs: {} } }), [depPath]: v4(dep, {}) },
  },
  "2.33 as published": { derivations: { [mainPath]: v4(main as typeof dep, { [depPath]: ["out"] }), [depPath]: v4(dep, {}) }, version: 4 },
};

async function read(text: string | Uint8Array, size = 1 << 20, roots: string[] = []) {
  const collector = collectGraph();
  const sink = derivationGraph(collector);
  const data = typeof text === "string" ? bytes(text) : text;
  const broken = await readDerivationJson(cut(data, size), "f.json", sink.add);
  if (broken !== undefined) return broken;
  const result = collector.finish({ name: "x", roots });
  return result.ok ? { ...result.value, notes: [...sink.notes(), ...result.value.notes] } : result.faults[0]!;
}

describe("every shape of reference section 6.3", () => {
  it.each(Object.keys(SHAPES))("%s", async (shape) => {
    expect(await read(JSON.stringify(SHAPES[shape]))).toEqual({
      notes: [],
      graph: {
        schema: "drvfleet.graph/1",
        name: "x",
        nodes: [
          { name: "dep", pname: "dep", system: "riscv64-linux", kind: "build", drv: `/nix/store/${depPath}` },
          {
            name: "main",
            pname: "main",
            system: "riscv64-linux",
            features: ["big-parallel", "kvm"],
            kind: "build",
            drv: `/nix/store/${mainPath}`,
          },
        ],
        edges: { from: [0], to: [1] },
      },
    });
  });

  it("finds another store directory from the environment when paths lack it", async () => {
    const text = JSON.stringify(SHAPES["2.33"]).replaceAll("/nix/store/", "/gnu/store/");
    expect(await read(text)).toMatchObject({ graph: { nodes: [{ drv: `/gnu/store/${depPath}` }, { drv: `/gnu/store/${mainPath}` }] } });
  });

  it("notes dynamic derivations", async () => {
    const text = JSON.stringify(SHAPES["2.18"]).replace(
      '"dynamicOutputs":{}',
      '"dynamicOutputs":{"out":{"outputs":["x"],"dynamicOutputs":{}}}',
    );
    expect(await read(text)).toMatchObject({ notes: [expect.stringContaining("1 inputs are outputs of derivations that do not exist")] });
  });
});

describe("reading in pieces", () => {
  it.each([1, 2, 3, 7, 64, 1000])("pieces of %i bytes change nothing", async (size) => {
    const whole = fixture("2.34.8/zoo.derivation-show.json");
    expect(await read(whole, size)).toEqual(await read(whole));
  });

  it("accepts a byte order mark, spaces and a final newline", async () => {
    const marked = Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes(` \n${JSON.stringify(SHAPES["2.8"])}\n\n`)]);
    for (const size of [1, 2, 1000])
      expect(await read(marked, size)).toMatchObject({ graph: { nodes: [{ name: "dep" }, { name: "main" }] } });
  });
});

describe("broken input is one clear fault", () => {
  const good = JSON.stringify(SHAPES["2.8"]);
  const table: [string, string | Uint8Array, string, string][] = [
    ["empty", "", "f.json:1:1 (byte 0)", "found the end of the file"],
    ["a list", "[]", "f.json:1:1 (byte 0)", 'found "[", expected a JSON object'],
    ["text", "\n  hello", "f.json:2:3 (byte 3)", 'found "h", expected a JSON object'],
    ["cut off in a string", good.slice(0, 200), "f.json:1:201 (byte 200)", "found the end of the file"],
    ["something after", `${good} x`, `f.json:1:${good.length + 2}`, 'found "x", expected nothing more'],
    ["UTF-16", Uint8Array.from([0xff, 0xfe, 0x7b, 0]), "f.json", "found UTF-16 text"],
    ["comma missing", good.replace('"args":[],', '"args":[]'), "f.json:1:", 'found "\\"", expected "," or "}"'],
    ["wrong bracket", good.replace('"args":[]', '"args":[}'), "f.json:1:", 'found "}", expected a JSON value'],
    ["bad escape", good.replace("/bin/sh", "/bin\\qsh"), "f.json:1:", 'found "\\\\", expected one of'],
    ["raw newline in a string", good.replace("/bin/sh", "/bin\nsh"), "f.json:1:", "expected no control character"],
    ["no system", good.replace('"system":"riscv64-linux",', ""), ".system", "found nothing, expected a string"],
    ["system a number", good.replace('"system":"riscv64-linux"', '"system":5'), ".system", "found 5, expected a string"],
    ["env not text", good.replace('"env":{"out":', '"env":{"x":[1],"out":'), "env.x", "found [1], expected a string"],
    ["inputs a list", good.replace('"inputDrvs":{}', '"inputDrvs":[]'), "inputDrvs", "found [], expected an object"],
    ["a derivation that is a number", `{"/nix/store/${depPath}": 5}`, depPath, "found 5, expected an object: a derivation"],
    ["a key that is no derivation", good.replaceAll(depPath, "hello"), "hello", "expected the store path of a derivation"],
    ["twice the same key", `{"a": ${JSON.stringify(dep)}, "a": 1}`.replaceAll('"a":', `"${full(depPath)}":`), depPath, "a second time"],
    ["twice derivations", '{"derivations":{},"derivations":{}}', "f.json:1:", 'found a second member "derivations"'],
    ["version 5", JSON.stringify({ derivations: {}, version: 5 }), '"version"', "found format version 5, expected 4"],
    ["deep nesting", `{"x":${"[".repeat(100_000)}`, "f.json:1:262 (byte 261)", "nested deeper than 256"],
    [
      "an input is missing",
      JSON.stringify({ [full(mainPath)]: { ...main, inputDrvs: { [full(depPath)]: ["out"] } } }),
      "inputDrvs",
      `no derivation for an input: ${depPath}`,
    ],
    [
      "__json is broken",
      good.replace('"env":{"out"', '"env":{"__json":"{\\"a\\":}","out"'),
      "env.__json:1:6",
      'found "}", expected a JSON value',
    ],
    [
      "flag of a wrong type",
      good.replace('"args":[]', '"args":[],"structuredAttrs":{"preferLocalBuild":"1"}'),
      "preferLocalBuild",
      'found "1", expected a boolean',
    ],
    [
      "features of a wrong type",
      good.replace('"args":[]', '"args":[],"structuredAttrs":{"requiredSystemFeatures":"kvm"}'),
      "requiredSystemFeatures",
      'found "kvm", expected a list',
    ],
  ];

  it.each(table)("%s", async (_, text, where, what) => {
    for (const size of [1, 13, 1 << 20]) {
      const broken = await read(text, size);
      expect(broken).toMatchObject({ code: "input", where: expect.stringContaining(where), what: expect.stringContaining(what) });
    }
  });

  it("names the byte that is not UTF-8", async () => {
    const damaged = bytes(good);
    const at = good.indexOf("riscv64") + 2;
    damaged[at] = 0xff;
    expect(await read(damaged)).toMatchObject({ where: `f.json:1:${at + 1} (byte ${at})`, what: expect.stringContaining("0xff") });
  });

  it("finds the place in a text of several lines, whatever the pieces", async () => {
    const text = JSON.stringify(SHAPES["2.8"], null, 2).replace('"builder": "/bin/sh"', '"builder": oops');
    const line = text.slice(0, text.indexOf("oops")).split("\n").length;
    for (const size of [1, 10, 1 << 20])
      expect(await read(text, size)).toMatchObject({ where: expect.stringContaining(`f.json:${line}:16`) });
  });

  it("never gives half a graph from any truncation", async () => {
    const whole = fixture("2.34.8/zoo-ca.derivation-show.json");
    for (let length = 0; length < whole.length - 2; length += 7) {
      expect(await read(whole.subarray(0, length))).toMatchObject({ code: "input" });
    }
  });
});
