import { describe, expect, it } from "vitest";
import { emulationDefault } from "#estimate/emulation.js";
import type { HistoryRow } from "#estimate/history-file.js";
import { compareVersions, historyOf, workOf } from "#estimate/history.js";
import { PACKAGE_CV } from "#estimate/prior.js";

const build = (rest: Partial<HistoryRow>): HistoryRow => ({
  pname: "frob",
  system: "x86_64-linux",
  host: "ai",
  emulated: false,
  cores: 1,
  seconds: 100,
  at: 0,
  provenance: "live",
  ...rest,
});
const node = { name: "frob-1.0", pname: "frob", version: "1.0", system: "x86_64-linux" };

describe("what the same host says", () => {
  it("is the median of its builds, and of no other host's", () => {
    const rows = [10, 30, 20].map((seconds, at) => build({ seconds, at }));
    const history = historyOf([...rows, build({ host: "ruby", seconds: 9000 })]);
    expect(history.estimate({ node, host: "ai" })).toMatchObject({ seconds: 20, work: 20, builds: 3 });
  });

  it("is the last ten: the same version first, then newer versions, then newer builds", () => {
    const old = Array.from({ length: 20 }, (_, at) => build({ version: "0.9", seconds: 1000, at }));
    const same = Array.from({ length: 6 }, (_, at) => build({ version: "1.0", seconds: 50, at }));
    const newer = Array.from({ length: 4 }, (_, at) => build({ version: "0.10", seconds: 60, at }));
    const past = historyOf([...old, ...same, ...newer]).estimate({ node, host: "ai" });
    expect(past).toMatchObject({ builds: 10, seconds: 50 });
    expect(historyOf([...old, ...newer]).estimate({ node, host: "ai" })).toMatchObject({ builds: 10, seconds: 1000 });
    expect(historyOf([...old.slice(0, 3), ...newer]).estimate({ node, host: "ai" })?.seconds).toBe(60);
  });
});

describe("what other hosts say", () => {
  it("is scaled by their speed", () => {
    const history = historyOf([build({ host: "ruby", seconds: 100 })], (host) => (host === "ruby" ? 2 : undefined));
    const past = history.estimate({ node, host: "ai" });
    expect(past?.work).toBe(200);
    expect(past?.seconds).toBeUndefined();
  });

  it("is the measured work where there is one", () => {
    const history = historyOf([build({ seconds: 100, cores: 8, workCoreSeconds: 640 })]);
    expect(history.estimate({ node })?.work).toBe(640);
  });

  it("leaves emulated builds out where there are native ones, and divides them by the slowdown where not", () => {
    const slow = build({ emulated: true, system: "riscv64-linux", seconds: 100 * emulationDefault("riscv64-linux", "compile").slowdown });
    expect(workOf(slow, 1)).toBeCloseTo(100);
    const native = { ...node, system: "riscv64-linux" };
    const both = historyOf([slow, build({ system: "riscv64-linux", host: "board", seconds: 80 })]);
    expect(both.estimate({ node: native })).toMatchObject({ work: 80, builds: 1 });
  });

  it("counts only as many cores as the package can use", () => {
    const rows = (pname: string) => build({ pname, cores: 8, seconds: 60 });
    expect(workOf(rows("python3.8-frob"), 1)).toBe(60);
    expect(workOf(rows("frob"), 1)).toBeGreaterThan(300);
  });
});

describe("uncertainty", () => {
  it("is the package's usual one after one build and shrinks with equal ones", () => {
    const one = historyOf([build({})]).estimate({ node });
    const ten = historyOf(Array.from({ length: 10 }, (_, at) => build({ at }))).estimate({ node });
    expect(one?.cv).toBeCloseTo(PACKAGE_CV);
    expect(ten?.cv).toBeLessThan(PACKAGE_CV / 3);
  });

  it("grows with the spread", () => {
    const cv = (seconds: readonly number[]) => historyOf(seconds.map((value, at) => build({ seconds: value, at }))).estimate({ node })!.cv;
    expect(cv([50, 100, 150, 400])).toBeGreaterThan(cv([90, 100, 110, 105]));
  });
});

describe("whose history it is", () => {
  const history = historyOf([build({ pname: "protobuf" }), build({ pname: "python3.8-protobuf", seconds: 3 })]);
  it("keeps a library and a language's package of that name apart", () => {
    const ask = (name: string) => history.estimate({ node: { name, pname: "protobuf", system: "x86_64-linux" } })?.work;
    expect(ask("protobuf-3.12")).toBe(100);
    expect(ask("python3.8-protobuf-3.12")).toBe(3);
    expect(ask("perl5.30-protobuf-1")).toBeUndefined();
  });

  it("keeps systems apart", () => {
    expect(historyOf([build({})]).estimate({ node: { ...node, system: "aarch64-linux" } })).toBeUndefined();
  });

  it("does not depend on the order of the rows", () => {
    const rows = Array.from({ length: 25 }, (_, i) =>
      build({ at: i % 3, version: `1.${i % 4}`, seconds: 10 + ((i * 7) % 25), host: `h${i % 5}` }),
    );
    const forward = historyOf(rows).estimate({ node });
    expect(historyOf(rows.toReversed()).estimate({ node })).toEqual(forward);
  });
});

it("orders versions as Nix does", () => {
  const sorted = ["1.10", "1.9", "1.0pre1", "1.0", "2.3.1", "2.3", "1.0a"].toSorted(compareVersions);
  expect(sorted).toEqual(["1.0pre1", "1.0", "1.0a", "1.9", "1.10", "2.3", "2.3.1"]);
});
