import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { emulationDefault, emulationOnHost, type Kernel, MEASURED, PUBLISHED } from "#estimate/emulation.js";
import { WORKLOADS } from "#model/graph-file.js";

interface Table {
  readonly date: string;
  readonly processor: string;
  readonly qemu: string;
  readonly rows: readonly { readonly system: string; readonly kind: Kernel | "fetch"; readonly ratio: number; readonly digest: string }[];
}

const tables = ["measured", "measured-idle", "measured-third"].map(
  (name): Table => JSON.parse(readFileSync(new URL(`../../bench/emulation/${name}.json`, import.meta.url), "utf8")),
);
const SYSTEMS = ["aarch64-linux", "riscv64-linux"] as const;

const ratioIn = ({ rows }: Table, system: string, kind: string) => rows.find((row) => row.system === system && row.kind === kind)!.ratio;
const logs = (values: readonly number[]) => values.map((value) => Math.log(value));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const geometric = (values: readonly number[]) => Math.exp(mean(logs(values)));
const deviation = (values: readonly number[]) => {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
};
const cvOf = (sigma: number) => Math.sqrt(Math.exp(sigma ** 2) - 1);

describe("emulation defaults", () => {
  it("rest on three committed measurements, which say what they were made with and whose programs gave the same answers", () => {
    for (const { date, processor, qemu, rows } of tables) {
      expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(qemu).toContain("version 7.2");
      expect(processor).not.toBe("");
      const answers = (all: Table["rows"]) => all.map(({ system, kind, digest }) => [system, kind, digest]);
      expect(answers(rows)).toEqual(answers(tables[0]!.rows));
    }
    for (const system of SYSTEMS)
      for (const [kind, figure] of Object.entries(MEASURED[system]!))
        expect(figure / geometric(tables.map((table) => ratioIn(table, system, kind))), `${system} ${kind}`).toBeCloseTo(1, 3);
  });

  it("hold within two spreads on each of these machines", () => {
    for (const table of tables)
      for (const system of SYSTEMS)
        for (const [workload, kernels] of [
          ["compile", ["compiler"]],
          ["shell", ["shell", "fork"]],
          ["float", ["float"]],
          ["memory", ["memory"]],
          ["test", ["integer", "float", "memory", "branchy", "fork", "shell"]],
        ] as const) {
          const { slowdown, cv } = emulationDefault(system, workload);
          const away = Math.log(geometric(kernels.map((kind) => ratioIn(table, system, kind))) / slowdown);
          expect(Math.abs(away), `${system} ${workload}`).toBeLessThan(2 * Math.sqrt(Math.log(1 + cv ** 2)));
        }
  });

  it("are geometric means of measured kinds of work", () => {
    for (const system of SYSTEMS) {
      const { integer, float, memory, branchy, fork, shell, compiler } = MEASURED[system]!;
      const slowdown = (workload: (typeof WORKLOADS)[number]) => emulationDefault(system, workload).slowdown;
      expect(slowdown("compile")).toBeCloseTo(compiler, 0);
      expect(slowdown("shell") / geometric([shell, fork])).toBeCloseTo(1, 2);
      expect(slowdown("float") / float).toBeCloseTo(1, 2);
      expect(slowdown("memory") / Math.max(1, memory)).toBeCloseTo(1, 2);
      expect(slowdown("test") / geometric([integer, float, memory, branchy, fork, shell])).toBeCloseTo(1, 2);
    }
  });

  it("are no one constant: kinds of work differ several times over", () => {
    for (const system of SYSTEMS) {
      const slowdowns = WORKLOADS.map((workload) => emulationDefault(system, workload).slowdown);
      expect(Math.max(...slowdowns) / Math.min(...slowdowns)).toBeGreaterThan(5);
    }
  });

  it("never slow a fetch and never speed anything up", () => {
    for (const system of [...SYSTEMS, "s390x-linux"]) {
      expect(emulationDefault(system, "fetch")).toEqual({ slowdown: 1, cv: 0, provenance: "assumed" });
      for (const workload of WORKLOADS) expect(emulationDefault(system, workload).slowdown).toBeGreaterThanOrEqual(1);
    }
  });

  it("spread as the published pairs do, and hold them", () => {
    const aarch64 = logs(PUBLISHED["aarch64-linux"]);
    const { slowdown, cv } = emulationDefault("aarch64-linux", "compile");
    expect(cvOf(deviation(aarch64))).toBeCloseTo(cv, 2);
    expect(geometric(PUBLISHED["aarch64-linux"])).toBeCloseTo(9, 1);
    const sigma = Math.sqrt(Math.log(1 + cv ** 2));
    const inside = aarch64.filter((value) => Math.abs(value - Math.log(slowdown)) <= 1.645 * sigma);
    expect(inside.length / aarch64.length).toBeGreaterThan(0.7);
    expect(Math.abs(mean(aarch64) - Math.log(slowdown))).toBeLessThan(sigma);
    expect(cvOf(deviation(logs(PUBLISHED["riscv64-linux"])))).toBeCloseTo(emulationDefault("s390x-linux", "compile").cv, 2);
  });

  it("take a system that was not measured to lie between those that were, less surely", () => {
    const { slowdown, cv, provenance } = emulationDefault("powerpc64le-linux", "compile");
    expect(slowdown / geometric(SYSTEMS.map((system) => MEASURED[system]!.compiler))).toBeCloseTo(1, 2);
    expect(provenance).toBe("assumed");
    expect(cv).toBeGreaterThan(emulationDefault("riscv64-linux", "compile").cv);
    expect(emulationDefault("riscv64-linux", "compile").provenance).toBe("measured");
  });

  it("follow the loop that was measured on a host", () => {
    for (const system of SYSTEMS) {
      const { loop } = MEASURED[system]!;
      const same = emulationOnHost(system, loop)!;
      const twice = emulationOnHost(system, 2 * loop)!;
      for (const workload of WORKLOADS) expect(same[workload]).toBe(emulationDefault(system, workload).slowdown);
      expect(twice.compile / same.compile).toBeCloseTo(2, 2);
      expect(twice.fetch).toBe(1);
    }
    expect(emulationOnHost("s390x-linux", 5)).toBeUndefined();
  });
});
