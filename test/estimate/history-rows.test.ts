import { describe, expect, it } from "vitest";
import { rowsOf } from "#estimate/history-rows.js";
import type { FleetFile } from "#model/fleet-file.js";
import type { PastBuild } from "#model/past-build.js";

const FLEET: FleetFile = {
  schema: "drvfleet.fleet/1",
  coordinator: { name: "ai", cores: 14, speed: 1.6, maxJobs: 4, systems: { "x86_64-linux": "native" } },
  builders: [
    {
      name: "kana",
      cores: 8,
      coresPerBuild: 4,
      speed: 1.25,
      maxJobs: 2,
      systems: { "x86_64-linux": "native", "riscv64-linux": { emulated: 9 } },
    },
  ],
};
const DRV = (name: string, hash = "a") => `/nix/store/${hash.repeat(32)}-${name}.drv`;
const NODES = [
  { name: "hello-2.12", pname: "hello", version: "2.12", system: "riscv64-linux", drv: DRV("hello-2.12") },
  { name: "source", system: "x86_64-linux", fixedOutput: true, drv: DRV("source") },
  { name: "twice-1", system: "x86_64-linux", drv: DRV("twice-1") },
  { name: "twice-1", system: "riscv64-linux", drv: DRV("twice-1", "b") },
];
const around = { nodes: NODES, fleet: FLEET, hostOf: (machine: string) => machine || "ai", system: "x86_64-linux", cores: 1 };
const past = (build: Partial<PastBuild>): PastBuild => ({ name: "x-1", machine: "", seconds: 10, at: 100, provenance: "nom", ...build });

describe("past builds become rows", () => {
  it("package and system from the graph, cores and emulation from the fleet", () => {
    const { rows, notes } = rowsOf([past({ drv: DRV("hello-2.12"), name: "hello-2.12", machine: "kana", coreSeconds: 30 })], around);
    expect(rows).toEqual([
      {
        pname: "hello",
        version: "2.12",
        system: "riscv64-linux",
        host: "kana",
        emulated: true,
        cores: 4,
        seconds: 10,
        at: 100,
        provenance: "nom",
      },
    ]);
    expect(notes).toEqual([]);
  });

  it("measured CPU becomes work at speed 1 where the host runs the system itself", () => {
    const { rows } = rowsOf([past({ name: "zlib-1.3", system: "x86_64-linux", machine: "kana", coreSeconds: 30 })], around);
    expect(rows[0]).toMatchObject({ pname: "zlib", version: "1.3", emulated: false, workCoreSeconds: 37.5 });
  });

  it("what neither record, graph nor fleet says is assumed, and counted in notes; fetches are left out", () => {
    const { fleet: _, ...alone } = around;
    const { rows, notes } = rowsOf(
      [past({ name: "go-1.22" }), past({ drv: DRV("source"), name: "source" }), past({ name: "twice-1", machine: "k" })],
      alone,
    );
    expect(rows).toMatchObject([
      { pname: "go", version: "1.22", system: "x86_64-linux", host: "ai", emulated: false, cores: 1 },
      { pname: "twice", version: "1", host: "k" },
    ]);
    expect(notes).toEqual([
      "1 fetches are left out: their time is the network's",
      "2 builds are taken for x86_64-linux: neither record nor graph says their system (--graph, --system)",
      "2 builds are taken to have had 1 core (--fleet, --cores)",
      "no fleet tells whether ai, k emulated: taken as native (--fleet)",
    ]);
  });

  it("what took over thirty years is left out: no history that holds it could be read", () => {
    const { rows, bases, notes } = rowsOf(
      [past({ seconds: 2e9, system: "x86_64-linux" }), past({ seconds: 1e9, system: "x86_64-linux" })],
      around,
    );
    expect([rows.map(({ seconds }) => seconds), bases.length]).toEqual([[1e9], 1]);
    expect(notes).toEqual(["1 builds are left out: they took over 1000000000 s, are their times in seconds?"]);
  });

  it("a node of the same name under another store path is another derivation: nothing is taken from it", () => {
    const { rows, notes } = rowsOf([past({ drv: DRV("hello-2.12", "z"), name: "hello-2.12", machine: "kana" })], around);
    expect(rows).toMatchObject([{ pname: "hello", version: "2.12", system: "x86_64-linux", emulated: false }]);
    expect(notes).toEqual([expect.stringContaining("1 builds are taken for x86_64-linux")]);
  });

  it("a name decides where record or graph has no store path", () => {
    const drawn = { ...around, nodes: [{ name: "hello-2.12", system: "riscv64-linux" }] };
    expect(rowsOf([past({ drv: DRV("hello-2.12"), name: "hello-2.12" })], drawn).rows[0]!.system).toBe("riscv64-linux");
    expect(rowsOf([past({ name: "hello-2.12" })], around).rows[0]!.system).toBe("riscv64-linux");
  });

  it("a store path decides between nodes of one name, whatever the store's directory", () => {
    const { rows } = rowsOf([past({ drv: `/home/store/${DRV("twice-1", "b").slice(11)}`, name: "twice-1" })], around);
    expect(rows[0]!.system).toBe("riscv64-linux");
  });
});
