import { describe, expect, it } from "vitest";
import { addition } from "#estimate/history-append.js";
import type { HistoryRow } from "#estimate/history-file.js";
import type { Basis } from "#estimate/history-rows.js";
import type { HostFile } from "#model/fleet-file.js";

const row = (more: Partial<HistoryRow> = {}): HistoryRow => ({
  pname: "x",
  version: "1",
  system: "x86_64-linux",
  host: "localhost",
  emulated: false,
  cores: 1,
  seconds: 10.25,
  at: 100.5,
  provenance: "internal-json",
  ...more,
});
const KANA: HostFile = {
  name: "kana",
  cores: 8,
  speed: 1,
  maxJobs: 2,
  systems: { "x86_64-linux": "native", "riscv64-linux": { emulated: 9 } },
};
const told = (rows: readonly HistoryRow[], basis: Partial<Basis> = {}) => ({
  rows,
  bases: rows.map(() => ({ package: false, host: undefined, ...basis })),
});
const NONE = new Map();

describe("what is new", () => {
  it("a duration left open counts only until an exact one of that package and system is known", () => {
    const open = row({ seconds: 2, "x-between": [1, 3] });
    const exact = row({ at: 7 });
    const other = row({ pname: "y", "x-between": [9, 11] });
    expect(addition(told([open, exact, other]), [])).toEqual({ fresh: [exact, other], known: 0, better: NONE, outdone: 1 });
    expect(addition(told([open]), [])).toEqual({ fresh: [open], known: 0, better: NONE, outdone: 0 });
    expect(addition(told([open]), [exact])).toEqual({ fresh: [], known: 0, better: NONE, outdone: 1 });
    expect(addition(told([exact]), [open])).toEqual({ fresh: [exact], known: 0, better: NONE, outdone: 0 });
  });

  it("a build that it has is not written again; another instant, host, version or duration is another build", () => {
    const first = row({ at: 100 });
    const rows = [
      first,
      row({ at: 101 }),
      row({ at: 100, host: "kana" }),
      row({ at: 100, version: "2" }),
      row({ at: 100, seconds: 77 }),
      first,
    ];
    expect(addition(told(rows), [])).toEqual({ fresh: rows.slice(0, 5), known: 1, better: NONE, outdone: 0 });
    expect(addition(told(rows), rows.slice(0, 2))).toEqual({ fresh: rows.slice(2, 5), known: 3, better: NONE, outdone: 0 });
  });
});

describe("what is known better", () => {
  const assumed = row({ "x-mine": 1 });

  it("a graph corrects package and system of the same build, and nothing else", () => {
    const known = row({ pname: "hello", version: "1", system: "riscv64-linux", cores: 99 });
    const { fresh, better } = addition(told([known], { package: true }), [row({ at: 3.5 }), { ...assumed, pname: "py-hello" }]);
    expect(fresh).toEqual([]);
    expect([...better]).toEqual([[1, { ...assumed, pname: "hello", system: "riscv64-linux" }]]);
  });

  it("a fleet corrects host and cores, and whether the system that is known by then was emulated", () => {
    const known = row({ host: "kana", cores: 4 });
    const riscv = row({ system: "riscv64-linux" });
    expect([...addition(told([known], { host: KANA }), [riscv]).better.values()]).toEqual([
      { ...riscv, host: "kana", cores: 4, emulated: true },
    ]);
  });

  it("assumptions correct nothing, in whatever order the imports come", () => {
    const known = row({ pname: "x", system: "riscv64-linux", host: "kana", cores: 4, emulated: true });
    expect(addition(told([row()]), [known])).toEqual({ fresh: [], known: 1, better: NONE, outdone: 0 });
  });

  it("of whole seconds: on the same host the same build; without an instant only what is equal", () => {
    const system = { system: "riscv64-linux" };
    const second = { at: 100, seconds: 3 };
    expect(addition(told([row({ ...second, ...system })], { package: true }), [row(second)]).better.size).toBe(1);
    expect(addition(told([row({ ...second, ...system, host: "b" })], { package: true }), [row(second)]).fresh).toHaveLength(1);
    expect(addition(told([row({ ...system, at: 0 })], { package: true }), [row({ at: 0 })]).fresh).toHaveLength(1);
  });

  it("two packages that ended at one instant after as long are two builds", () => {
    const { fresh } = addition(told([row({ pname: "y" })], { package: true }), [row()]);
    expect(fresh).toHaveLength(1);
  });

  it("each build is found once: one of two systems is the one that was assumed, the other is new", () => {
    const both = [row({ at: 100 }), row({ at: 100, system: "riscv64-linux" })];
    const { fresh, known } = addition(told(both, { package: true }), [both[0]!]);
    expect([fresh, known]).toEqual([[both[1]], 1]);
  });
});
