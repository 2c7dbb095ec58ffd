import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PACKAGE_CV, priorOf, serialShare, workFromWall } from "#estimate/prior.js";
import type { NodeFile } from "#model/graph-file.js";

const node = (name: string, rest: Partial<NodeFile> = {}): NodeFile => ({ name, system: "x86_64-linux", ...rest });

describe("where a guess is found", () => {
  it("takes a published package by name, with its own spread and memory where published", () => {
    expect(priorOf(node("gettext-0.20.1", { pname: "gettext", kind: "build" }))).toMatchObject({
      provenance: "prior-name",
      cv: PACKAGE_CV,
      basis: "gettext: LFS, Buildroot",
      workload: "compile",
    });
    const llvm = priorOf(node("llvm-9.0.1", { kind: "build" }));
    expect(llvm.cv).toBeLessThan(PACKAGE_CV);
    expect(llvm.memoryBytes).toBeGreaterThan(10 * 2 ** 30);
  });

  it("takes a family by the prefix of the name, before the package of that name", () => {
    const module = priorOf(node("python3.8-git-2.1", { pname: "git", kind: "build" }));
    expect(module).toMatchObject({ provenance: "prior-kind", work: 7.5, maxCores: 1, workload: "shell" });
  });

  it("lets native code in a scripting language use all cores", () => {
    const scipy = priorOf(node("python3.8-scipy-1.5.0", { pname: "scipy", kind: "build" }));
    expect(scipy).toMatchObject({ provenance: "prior-name", workload: "compile" });
    expect(scipy.maxCores).toBeUndefined();
  });

  it("takes kind before name: what is called firefox may be a wrapper script", () => {
    expect(priorOf(node("firefox-78.0.1", { pname: "firefox", kind: "trivial" })).work).toBeLessThan(1);
    expect(priorOf(node("firefox-78.0.1", { pname: "firefox", kind: "build" })).work).toBeGreaterThan(5000);
  });

  it("tells a kernel from its modules, configuration and third-party modules", () => {
    const work = (name: string, kind = "build") => priorOf(node(name, { kind })).work;
    expect(work("linux-5.4.53")).toBeGreaterThan(10_000);
    expect(work("linux-5.4.53-modules-shrunk")).toBe(2);
    expect(work("linux-5.4.53-modules", "trivial")).toBe(12);
    expect(work("linux-config-5.4.53")).toBe(15);
    expect(work("exfat-nofuse-2019-09-06-5.4.53")).toBe(40);
  });

  it("takes prebuilt compilers for what they are", () => {
    expect(priorOf(node("rustc-bootstrap-1.43.1", { kind: "build" })).work).toBeLessThan(10);
    expect(priorOf(node("rustc-1.44.1", { kind: "build" })).work).toBeGreaterThan(1000);
  });

  it("uses the tool where no name is known, then the kind, with a spread across packages", () => {
    const cargo = priorOf(node("frobnicate-1.0", { tool: "cargo" }));
    const plain = priorOf(node("frobnicate-1.0"));
    expect(cargo.work).toBeGreaterThan(plain.work);
    expect(plain).toMatchObject({ provenance: "prior-kind", work: 30 });
    expect(plain.cv).toBeGreaterThan(4 * PACKAGE_CV);
  });

  it("says assumed where nothing published was found", () => {
    expect(priorOf(node("gemstone-1.0", { kind: "wrapper" })).provenance).toBe("assumed");
    expect(priorOf(node("openblas-0.3.10", { kind: "build" })).provenance).toBe("assumed");
  });
});

describe("fetches", () => {
  const fetch = (name: string, pname?: string) =>
    priorOf(node(name, { kind: "fetch", fixedOutput: true, ...(pname !== undefined ? { pname } : {}) }));
  it("cost bytes, not work", () => {
    expect(fetch("linux-5.4.53.tar.xz", "linux")).toMatchObject({
      work: 0,
      sourceBytes: 110e6,
      outputBytes: 110e6,
      workload: "fetch",
    });
    expect(fetch("CVE-2020-1.patch").sourceBytes).toBeLessThan(10_000);
    expect(fetch("glibc-reinstate-prlimit64-fallback.patch?id=eab07e", "glibc").sourceBytes).toBeLessThan(10_000);
  });
  it("grow when the fetcher unpacks", () => {
    const unpacked = fetch("source");
    expect(unpacked.outputBytes).toBeGreaterThan(unpacked.sourceBytes);
  });
});

describe("laws", () => {
  const text = fc.string({ maxLength: 30 });
  const anyNode = fc.record(
    {
      name: text,
      system: fc.constant("x86_64-linux"),
      pname: text,
      kind: fc.constantFrom("build", "trivial", "fetch", "hook", "odd", "constructor", "__proto__"),
      tool: text,
      fixedOutput: fc.boolean(),
    },
    { requiredKeys: ["name", "system"] },
  );
  it("every guess is finite, not negative, and the same twice", () => {
    fc.assert(
      fc.property(anyNode, (drawn) => {
        const guess = priorOf(drawn as NodeFile);
        for (const value of [guess.work, guess.cv, guess.serial, guess.memoryBytes, guess.outputBytes, guess.sourceBytes]) {
          expect(Number.isFinite(value) && value >= 0).toBe(true);
        }
        expect(guess.serial).toBeLessThanOrEqual(1);
        expect(guess.maxCores ?? 1).toBeGreaterThanOrEqual(1);
        expect(priorOf(drawn as NodeFile)).toEqual(guess);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it("the version does not matter", () => {
    expect(priorOf(node("gcc-9.3.0", { kind: "build" }))).toEqual(priorOf(node("gcc-14.2.0", { kind: "build" })));
  });

  it("work from wall is the inverse of Amdahl with the serial share", () => {
    for (const work of [20, 100, 1000, 20_000]) {
      for (const cores of [1, 4, 8]) {
        const serial = serialShare(work);
        const wall = work * (serial + (1 - serial) / cores);
        expect(workFromWall(wall, cores) / work).toBeCloseTo(1, 1);
      }
    }
  });
});
