// What a host lacks when a build gets its upload lock.
import { describe, expect, it } from "vitest";
import type { GraphFile } from "#model/graph-file.js";
import { sentWith } from "../../bench/record/travelled.js";

const node = (name: string, sourceBytes = 0) => ({ name, system: "x86_64-linux", work: 1, sourceBytes });
/** a → b → c, and c has a source. */
const CHAIN: GraphFile = {
  schema: "drvfleet.graph/1",
  name: "chain",
  nodes: [node("a"), node("b"), node("c", 10)],
  edges: { from: [0, 1], to: [1, 2] },
};

describe("sentWith", () => {
  const uploads = [
    { node: "c", host: "ruby", from: 9 },
    { node: "b", host: "kana", from: 3 },
  ];
  const sent = (refer: boolean, made: { node: string; host: string; at: number }[]) => [...sentWith(CHAIN, refer, uploads, made).values()];

  it("sends direct inputs and sources, and with references all that they refer to", () => {
    expect(sent(false, [])).toEqual([["a"], ["b", "source-c"]]);
    expect(sent(true, [])).toEqual([["a"], ["b", "a", "source-c"]]);
  });

  it("sends nothing that was built or sent there before, but what is built there later", () => {
    expect(sent(true, [{ node: "a", host: "ruby", at: 2 }])).toEqual([["a"], ["b", "source-c"]]);
    expect(sent(false, [{ node: "b", host: "ruby", at: 10 }])).toEqual([["a"], ["b", "source-c"]]);
    expect(sent(false, [{ node: "a", host: "kana", at: 3 }])).toEqual([[], ["b", "source-c"]]);
  });

  it("does not send twice", () => {
    const twice = [
      { node: "b", host: "ruby", from: 1 },
      { node: "c", host: "ruby", from: 2 },
    ];
    expect([...sentWith(CHAIN, true, twice, []).values()]).toEqual([["a"], ["b", "source-c"]]);
  });
});
