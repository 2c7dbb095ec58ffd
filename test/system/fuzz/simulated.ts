// The same case through the simulator: as a scenario, read and compiled like any other, with the costs that the real run had.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runOne, worldOf } from "#cli/cell.js";
import { experimentOf } from "#cli/experiment.js";
import { type FuzzCase, NATIVE, requested } from "./case.js";
import { LOCAL, type Observed, type Outcome } from "./outcome.js";

/** A sleep of a shell takes that much longer than it says, and writes its output: measured on idle machines. */
const SHELL = 0.008;

/** Other work beside it makes everything less even than on the machines of the recorded runs. */
const NOISE = { connectCv: 0.2, loadCv: 0.15 };

type Costs = Pick<Observed, "connect" | "hook" | "start">;

export function scenarioOf(asked: FuzzCase, version: string, { connect, hook, start }: Costs) {
  const usual = connect.size > 0 ? [...connect.values()].reduce((sum, seconds) => sum + seconds, 0) / connect.size : 0.1;
  const host = { cores: 64, speed: 1 };
  const failing = asked.nodes.filter(({ fails }) => fails).map(({ name }) => name);
  return {
    schema: "drvfleet.scenario/1",
    policies: `nix[version=${version},substitute=${asked.substitute}]`,
    ...(failing.length > 0 && { faults: { buildFailure: { rate: 1, match: failing } } }),
    conduct: {
      reaction: { keepGoing: asked.keepGoing },
      timing: { hookSeconds: hook, startSeconds: start, ...NOISE },
      offering: { kind: "waves", pollSeconds: asked.poll },
    },
    graph: {
      schema: "drvfleet.graph/1",
      name: "fuzz",
      nodes: asked.nodes.map(({ name, seconds, system, features, preferLocal }) => ({
        name,
        system,
        ...(features.length > 0 && { features }),
        ...(preferLocal && { preferLocal }),
        seconds: { "*": seconds + SHELL },
        cpu: 0,
        outputBytes: 0,
      })),
      edges: {
        from: asked.nodes.flatMap(({ needs }) => needs),
        to: asked.nodes.flatMap(({ needs }, i) => needs.map(() => i)),
      },
      roots: requested(asked),
    },
    fleet: {
      schema: "drvfleet.fleet/1",
      coordinator: { ...host, name: LOCAL, maxJobs: asked.local, systems: { [NATIVE]: "native" }, features: [] },
      builders: asked.machines.map(({ name, maxJobs, speedFactor, systems, features, mandatory, connect: least }) => ({
        ...host,
        name,
        maxJobs,
        speedFactor,
        systems: Object.fromEntries(systems.map((system) => [system, "native"])),
        features: [...features, ...mandatory],
        ...(mandatory.length > 0 && { mandatoryFeatures: mandatory }),
        link: { latency: "0 s", connect: `${(connect.get(name) ?? usual + least).toFixed(4)} s` },
      })),
    },
  };
}

/** One outcome per seed. */
export function simulated(asked: FuzzCase, version: string, costs: Costs, worlds: number): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), "drvfleet-fuzz-sim-"));
  try {
    const path = join(folder, "case.json");
    writeFileSync(path, JSON.stringify({ ...scenarioOf(asked, version, costs), seeds: worlds }));
    const ready = experimentOf(path, {});
    if (!ready.ok) throw new Error(ready.faults.map(({ where, what }) => `${where}: ${what}`).join("\n"));
    const { fleets, contenders, seeds } = ready.value.experiment;
    const [compiled] = fleets;
    return seeds.map((seed): Outcome => {
      const { trace } = runOne(compiled!, contenders[0]!, worldOf(compiled!, seed));
      const { graph, hosts } = compiled!.problem;
      const postponed = new Set(trace.spans.filter(({ kind }) => kind === "postponed").map(({ task }) => task));
      const accepted = Array.from({ length: trace.rows }, (_, row) => row).filter((row) => Number.isFinite(trace.accepted[row]));
      const rows = accepted.sort((a, b) => trace.accepted[a]! - trace.accepted[b]! || a - b);
      return {
        builds: rows.map((row) => ({
          name: graph.names[trace.task[row]!]!,
          host: hosts.names[trace.host[row]!]!,
          postponed: postponed.has(trace.task[row]!),
          accepted: trace.accepted[row]! / 1e6,
          begun: trace.started[row]! / 1e6,
          ended: trace.built[row]! / 1e6,
        })),
        makespan: trace.makespan / 1e6,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
