import { describe, expect, it } from "vitest";
import type { HostId, TaskId } from "#base/units.js";
import { aloneSeconds } from "#model/problem.js";
import type { Compiled } from "#scenario/compiled.js";
import { FLEET, GRAPH, HEAD, one } from "./files.js";

const split = (line: string, flags = {}, files = {}) => one(`${HEAD}split: ${line}`, flags, files);
const inputsOf = ({ problem: { graph } }: Compiled, name: string) => {
  const t = graph.names.indexOf(name);
  return [...graph.pred.subarray(graph.predStart[t]!, graph.predStart[t + 1]!)].map((p) => graph.names[p]);
};
const column = ({ problem: { graph, tasks } }: Compiled, key: "work" | "serial" | "outputBytes" | "cv", name: string) =>
  tasks[key][graph.names.indexOf(name)]!;

describe("splitLargest", () => {
  const whole = one(HEAD);
  const parts = split("{parts: 4, overhead: 0.2}");

  it("makes parts that inherit the inputs, and a join of no work that keeps the name and the dependents", () => {
    const names = ["gcc-13~1of4", "gcc-13~2of4", "gcc-13~3of4", "gcc-13~4of4"];
    expect(inputsOf(parts, "gcc-13")).toEqual(names);
    for (const name of names) expect(inputsOf(parts, name)).toEqual(["src.tar.gz"]);
    expect(inputsOf(parts, "linux-6.9")).toEqual(["gcc-13"]);
    expect(column(parts, "work", "gcc-13")).toBe(0);
    expect(parts.problem.graph.keys).toContain("gcc-13");
    expect(parts.assumptions.at(-1)).toBe("split: gcc-13 in 4 parts each, 0.2 more work; a serial share is not shortened");
  });

  it("keeps work × (1 + overhead), outputs, and the time of the serial share", () => {
    expect(column(parts, "work", "gcc-13~2of4")).toBeCloseTo((1000 * 1.2) / 4, 9);
    expect(column(parts, "outputBytes", "gcc-13~2of4")).toBe(5e8 / 4);
    expect(column(parts, "outputBytes", "gcc-13")).toBe(5e8);
    expect(column(parts, "serial", "gcc-13~2of4") * column(parts, "work", "gcc-13~2of4")).toBeCloseTo(0.1 * 1000, 9);
    const alone = (of: Compiled, name: string) => aloneSeconds(of.problem, of.problem.graph.names.indexOf(name) as TaskId, 0 as HostId, 8);
    expect(alone(parts, "gcc-13~1of4")).toBeLessThan(alone(whole, "gcc-13"));
    expect(alone(parts, "gcc-13~1of4")).toBeGreaterThan((0.1 * 1000) / 1.6);
  });

  it("caps the serial share at the work of a part", () => {
    expect(column(split("{parts: 64}"), "serial", "gcc-13~1of64")).toBe(1);
  });

  it("takes the largest first, and never a fetch", () => {
    const all = split("{parts: 2, largest: 99}").problem.graph.names;
    expect(all).toContain("linux-6.9~1of2");
    expect(all.some((name) => name.startsWith("src.tar.gz~"))).toBe(false);
    expect(
      split("{parts: 2, largest: 2}")
        .problem.graph.names.filter((name) => name.includes("~1of2"))
        .sort(),
    ).toEqual(["gcc-13~1of2", "linux-6.9~1of2"]);
  });

  it("splits only what is requested", () => {
    const book = one(`${HEAD}split: {parts: 2, largest: 2}\nrequests: [{roots: [test-vm, hello]}]`);
    expect(book.problem.graph.names.some((name) => name.startsWith("linux"))).toBe(false);
    expect(book.problem.graph.names).toContain("test-vm~1of2");
  });

  it("scales measured seconds too, and lets a pin of the build hold its parts", () => {
    const book = split("{parts: 2, overhead: 0, largest: 4}", { pins: ["hello=kana"] });
    const { graph, demand, tasks } = book.problem;
    const part = graph.names.indexOf("hello~1of2");
    expect(tasks.seconds[part]).toBe(1);
    expect(demand.labels[tasks.classOf[part]!]).toContain("pinned to kana");
    expect(inputsOf(book, "hello")).toEqual(["hello~1of2", "hello~2of2"]);
  });

  it("copies the bytes of edges to every part", () => {
    const graph = GRAPH.replace("[null,100,null]", "[7,100,null]");
    const { problem } = split("{parts: 2}", {}, { "s/graph.json": graph, "s/fleet.yaml": FLEET });
    expect([...problem.graph.predBytes!].filter((bytes) => !Number.isNaN(bytes)).sort()).toEqual([100, 7, 7]);
  });
});
