import { describe, expect, it } from "vitest";
import type { Derivation } from "#ingest/derivation.js";
import { nodeOf } from "#ingest/derivation-node.js";

const HASH = "0123456789abcdfghijklmnpqrsvwxyz";
function plain(name: string, env: Record<string, string> = {}, more: Partial<Derivation> = {}): Derivation {
  return {
    path: `/nix/store/${HASH}-${name}.drv`,
    outputs: [{ name: "out", kind: "input-addressed" }],
    inputDrvs: [],
    dynamicInputs: 0,
    inputSrcs: [],
    system: "riscv64-linux",
    builder: "/bin/bash",
    attributes: { form: "plain", values: env },
    ...more,
  };
}
const structured = (name: string, values: Record<string, unknown>) => plain(name, {}, { attributes: { form: "structured", values } });
function node(derivation: Derivation) {
  const result = nodeOf(derivation, "here");
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value;
}

describe("names", () => {
  it.each([
    ["gcc-wrapper-12.3.0", "gcc-wrapper", "12.3.0"],
    ["hello-2.12.1", "hello", "2.12.1"],
    ["bash44-001", "bash44", "001"],
    ["Python-3.8.3.tar.xz", "Python", "3.8.3.tar.xz"],
    ["stdenv-linux", "stdenv-linux", undefined],
    ["bootstrap-stage0-binutils-wrapper-", "bootstrap-stage0-binutils-wrapper-", undefined],
    ["a-_b-1", "a", "_b-1"],
  ])("%s", (name, pname, version) => {
    const { pname: p, version: v } = node(plain(name));
    expect([p, v]).toEqual([pname, version]);
  });

  it("prefers the attributes, plain or structured", () => {
    expect(node(plain("linux-6.1", { pname: "linux-config", version: "6" }))).toMatchObject({ pname: "linux-config", version: "6" });
    expect(node(structured("linux-6.1", { version: "6.1.9" }))).toMatchObject({ pname: "linux", version: "6.1.9" });
    expect(node(plain("x-1", { pname: "x" }))).not.toHaveProperty("version");
  });

  it.each(["hello", "/nix/store/short-x.drv", `/nix/store/${HASH}-x`, `/nix/store/${HASH}-.drv`])("%s is no derivation", (path) => {
    expect(nodeOf({ ...plain("x"), path }, "here")).toMatchObject({ ok: false });
  });
});

describe("flags", () => {
  it("reads Nix's booleans of an environment: only 1 is true", () => {
    expect(node(plain("a", { preferLocalBuild: "1", allowSubstitutes: "", enableParallelBuilding: "" }))).toMatchObject({
      preferLocal: true,
      allowSubstitutes: false,
      maxCores: 1,
    });
    expect(node(plain("a", { preferLocalBuild: "true", allowSubstitutes: "1", enableParallelBuilding: "1" }))).toEqual({
      name: "a",
      pname: "a",
      system: "riscv64-linux",
      kind: "build",
    });
  });

  it("sorts features and takes each once", () => {
    expect(node(plain("a", { requiredSystemFeatures: "kvm\tbig-parallel  kvm\n" })).features).toEqual(["big-parallel", "kvm"]);
  });

  it("is a fetch only with exactly one fixed output named out", () => {
    const fixed = (name: string) => ({ name, kind: "fixed" as const });
    expect(node(plain("a.tar.gz", {}, { outputs: [fixed("out")] }))).toMatchObject({ fixedOutput: true, kind: "fetch", workload: "fetch" });
    expect(node(plain("a.tar.gz", {}, { outputs: [fixed("src")] }))).not.toHaveProperty("fixedOutput");
    expect(node(plain("a", {}, { outputs: [fixed("out"), fixed("dev")] }))).not.toHaveProperty("fixedOutput");
  });
});

describe("guesses", () => {
  it.each([
    ["fix-paths.patch", {}, "patch"],
    ["autoreconf-hook", {}, "hook"],
    ["python-setup-hook.sh", {}, "hook"],
    ["gcc-wrapper-9.3.0", {}, "wrapper"],
    ["etc-hosts", { preferLocalBuild: "1", allowSubstitutes: "" }, "trivial"],
    ["unit.service", { text: "x", buildCommand: "y" }, "trivial"],
    ["bootstrap-stage3-stdenv-linux", {}, "trivial"],
    ["rust-bindgen-unwrapped-0.72.1", {}, "build"],
    ["bash-5.2", {}, "build"],
  ])("%s", (name, env, kind) => {
    expect(node(plain(name, env as Record<string, string>)).kind).toBe(kind);
  });

  it("sees the build tool among the native inputs", () => {
    const paths = ["pkg-config-wrapper-0.29.2", "cmake-3.29.0", "ninja-1.12"].map((name) => `/nix/store/${HASH}-${name}`);
    expect(node(plain("a-1", { nativeBuildInputs: paths.join(" ") })).tool).toBe("cmake");
    expect(node(structured("a-1", { nativeBuildInputs: [...paths, `/nix/store/${HASH}-cargo-build-hook.sh`] })).tool).toBe("cargo");
    expect(node(plain("a-1"))).not.toHaveProperty("tool");
  });
});

describe("the attribute drvfleet", () => {
  it("overrides what was inferred, as text or as structured JSON", () => {
    const word = { work: 600, maxCores: 4, kind: "build", seconds: { "*": 3 }, cpu: 0, features: [], "x-note": 1 };
    const { "x-note": _, ...fields } = word;
    expect(node(plain("a-hook", { drvfleet: JSON.stringify(word), requiredSystemFeatures: "kvm" }))).toMatchObject(fields);
    expect(node(structured("a-hook", { drvfleet: word }))).toMatchObject(fields);
  });

  it.each([
    ["not json", "not json", "drvfleet", "expected a JSON object"],
    ["a list", "[]", "drvfleet", "expected a JSON object"],
    ["unknown key", '{"wrok": 3}', "drvfleet.wrok", "unknown graph-node field"],
    ["the key", '{"drv": "/x"}', "drvfleet.drv", "unknown graph-node field"],
    ["wrong type", '{"work": "3"}', "drvfleet.work", 'found "3"'],
    ["negative", '{"outputBytes": -1}', "drvfleet.outputBytes", "found -1"],
    ["absurd", '{"serial": 1.5}', "drvfleet.serial", "found 1.5"],
    ["unknown workload", '{"workload": "games"}', "drvfleet.workload", 'found "games"'],
    ["nested", '{"seconds": {"kana": null}}', "drvfleet.seconds.kana", "found null"],
  ])("faults: %s", (_, drvfleet, where, what) => {
    const result = nodeOf(plain("a", { drvfleet }), "here");
    expect(result).toMatchObject({
      ok: false,
      faults: [{ code: "input", where: expect.stringContaining(where), what: expect.stringContaining(what) }],
    });
  });

  it("suggests the nearest field", () => {
    expect(nodeOf(plain("a", { drvfleet: '{"maxCore": 3}' }), "here")).toMatchObject({ faults: [{ hint: "did you mean maxCores?" }] });
  });
});
