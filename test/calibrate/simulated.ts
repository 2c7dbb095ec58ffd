// Recorded runs whose parameters are known, because the simulator made them: what calibration must find again. The problem
// that it is given knows work and bytes, but hosts that answer at once, on links without limit, on processors of speed 1.
import { nixConduct } from "#dispatch/conducts.js";
import type { Conduct, Timing } from "#dispatch/conduct.js";
import { nixVersion } from "#model/nix-version.js";
import { UNCERTAIN, type Uncertain } from "#model/hosts.js";
import type { FigureFile, ModelFile } from "#model/model-file.js";
import type { Problem } from "#model/problem.js";
import { quantity } from "#base/units.js";
import type { RecordedRun } from "#calibrate/recorded-run.js";
import { hostsIn } from "#sim/host-truth.js";
import { type ClientSketch, type HostSketch, problemOf, type Sketch, type TaskSketch } from "../problem.js";
import { run } from "../run.js";

export const NIX = nixConduct(nixVersion("2.8")!);

export interface Real {
  readonly tasks: readonly TaskSketch[];
  readonly hosts: readonly HostSketch[];
  readonly timing: Partial<Timing>;
  readonly conduct?: Conduct;
  readonly machines?: Sketch["machines"];
  readonly clients?: readonly ClientSketch[];
  /** How fast all hosts are differs from run to run. */
  readonly speedCv?: number;
}

/** A run of the real parameters in world `seed`, as calibration is given it. */
export function recorded(
  { tasks, hosts, timing, conduct = NIX, machines, clients = [], speedCv = 0 }: Real,
  seed: number,
  name = "real",
): RecordedRun {
  const real = problemOf({ tasks, hosts, clients, ...(machines && { machines }) });
  const truth = { ...real, hosts: hostsIn(real.hosts, uncertain(real.hosts.count, speedCv), seed) };
  const { trace } = run(real, {
    policy: "nix",
    params: { version: "2.8" },
    // On the site of which the figures are.
    conduct: { ...conduct, timing: { ...conduct.timing, siteCv: 0, ...timing } },
    seed,
    truth,
  });
  return { name, problem: blind(real), conduct, trace };
}

function uncertain(count: number, speedCv: number): Uncertain {
  const columns = UNCERTAIN.map((field) => [field, new Float64Array(count).fill(field === "speed" ? speedCv : 0)]);
  return Object.fromEntries(columns) as Uncertain;
}

export function blind(problem: Problem): Problem {
  const { hosts } = problem;
  const all = (value: number): Float64Array => hosts.cores.map(() => value);
  const links = { up: all(Number.POSITIVE_INFINITY), down: all(Number.POSITIVE_INFINITY), latency: all(0), connect: all(0.2) };
  return { ...problem, hosts: { ...hosts, ...links, speed: hosts.machines === null ? all(1) : hosts.machines.share } };
}

/** Layers of six builds, each needing two of the layer before; outputs from 20 kB to 6 MB, work from 0.5 to 4 core-seconds. */
export function layered(layers: number, change: Partial<TaskSketch> = {}): TaskSketch[] {
  return Array.from({ length: layers * 6 }, (_, i): TaskSketch => {
    const before = Math.floor(i / 6) * 6 - 6;
    return {
      name: `b${String(i).padStart(3, "0")}`,
      needs: before < 0 ? [] : [`b${String(before + (i % 6)).padStart(3, "0")}`, `b${String(before + ((i + 1) % 6)).padStart(3, "0")}`],
      work: 0.5 + ((i * 7) % 8) / 2,
      maxCores: 1,
      output: 20_000 * (1 + ((i * i * 5) % 300)),
      ...change,
    };
  });
}

export interface Found {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Figures of a model in base units: of the client by field, of hosts and machines as `ruby connect`. */
export function figures({ conducts = {}, hosts = {}, machines = {}, emulation = {} }: ModelFile): Map<string, Found> {
  const base = (value: number | string): number =>
    typeof value === "number" ? value : (quantity(value, "seconds") ?? quantity(value, "rate") ?? Number.NaN);
  const read = (figure: FigureFile<number | string>): Found => {
    if (typeof figure !== "object") throw new Error("a figure without its basis");
    const { value, low = Number.NaN, high = Number.NaN } = figure;
    return { value: base(value), low: base(low), high: base(high) };
  };
  return new Map([
    ...Object.entries(conducts.nix ?? {}).map(([field, figure]) => [field, read(figure)] as const),
    ...[machines, emulation, hosts]
      .flatMap((groups) => Object.entries(groups))
      .flatMap(([host, fields]) =>
        Object.entries(fields).map(([field, figure]) => [`${host} ${field}`, read(figure as FigureFile<number | string>)] as const),
      ),
  ]);
}
