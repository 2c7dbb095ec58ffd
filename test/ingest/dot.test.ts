import { describe, expect, it } from "vitest";
import { addDot } from "#ingest/dot.js";
import { collectGraph } from "#ingest/graph-of.js";
import { decodeText } from "#ingest/source-text.js";
import { fixture, graphFromDrvs } from "./fixture-files.js";

function read(text: string, system = "x86_64-linux") {
  const collector = collectGraph();
  const notes = addDot(text, "g.dot", system, collector);
  const result = collector.finish({ name: "fixture" });
  return { notes, graph: result.ok ? result.value.graph : undefined };
}

describe("addDot", () => {
  it("has the names and edges that the .drv files hold", () => {
    const text = decodeText(fixture("mixed44.q-graph.dot"), "g.dot");
    const { graph, notes } = read(text.ok ? text.value : "");
    const { graph: real } = graphFromDrvs("mixed44.drvs");
    expect(graph!.edges).toEqual(real.edges);
    expect(graph!.nodes.map((node) => node.drv)).toEqual(real.nodes.map((node) => node.drv));
    expect(notes).toEqual({
      ok: true,
      value: [expect.stringContaining("every derivation is taken as x86_64-linux"), "3 source files are left out"],
    });
  });

  it("reads the full paths of older versions and a tarball as a fetch", () => {
    const [a, b] = ["a", "b"].map((letter) => letter.repeat(32));
    const { graph } = read(
      `digraph G {\n"/nix/store/${a}-x.tar.gz.drv" -> "/nix/store/${b}-x-1.drv" [color = "red"];\n}\n`,
      "riscv64-linux",
    );
    expect(graph).toMatchObject({
      nodes: [
        { name: "x-1", system: "riscv64-linux" },
        { name: "x.tar.gz", kind: "fetch", workload: "fetch" },
      ],
      edges: { from: [1], to: [0] },
    });
  });

  it.each([
    ["hello", "g.dot:1", "expected digraph"],
    ["digraph G {\nnonsense\n}", "g.dot:2", 'expected "from" -> "to"'],
    ["digraph G {\n}\nmore", "g.dot:3", "expected nothing more"],
    ['digraph G {\n"a" -> "b"', "g.dot:2", "found the end of the file"],
    ['digraph G {\n"a" -> "b" [x = 1];\n}', "g.dot", "found no derivations"],
    ["", "g.dot:1", "found the end of the file"],
  ])("faults: %j", (text, where, what) => {
    expect(read(text).notes).toMatchObject({ ok: false, faults: [{ where, what: expect.stringContaining(what) }] });
  });
});
