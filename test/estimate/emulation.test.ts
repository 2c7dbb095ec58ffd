import { describe, expect, it } from "vitest";
import { emulationDefault } from "#estimate/emulation.js";
import { WORKLOADS } from "#model/graph-file.js";

describe("emulation defaults", () => {
  it("are the measured slowdowns", () => {
    expect(emulationDefault("aarch64-linux", "compile")).toBe(11.9);
    expect(emulationDefault("riscv64-linux", "float")).toBe(8.8);
  });

  it("never slow a fetch and never speed anything up", () => {
    for (const system of ["aarch64-linux", "riscv64-linux", "s390x-linux"]) {
      expect(emulationDefault(system, "fetch")).toBe(1);
      for (const workload of WORKLOADS) expect(emulationDefault(system, workload)).toBeGreaterThanOrEqual(1);
    }
  });

  it("take tests to be the geometric mean of six kernels", () => {
    const mean = (values: readonly number[]) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
    expect(emulationDefault("aarch64-linux", "test")).toBeCloseTo(mean([2.18, 4.34, 1.18, 5.49, 18.18, 11.75]), 1);
    expect(emulationDefault("riscv64-linux", "test")).toBeCloseTo(mean([1.4, 8.77, 1, 5.65, 15.21, 9.98]), 1);
  });

  it("take a system that was not measured to lie between those that were", () => {
    expect(emulationDefault("powerpc64le-linux", "compile")).toBeCloseTo(Math.sqrt(11.9 * 13), 2);
  });
});
