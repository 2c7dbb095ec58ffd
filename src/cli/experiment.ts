// A scenario made ready to run: read, compiled for each fleet, its policies and conducts settled. Plain data, so that a
// worker thread gets it whole. Phases: files, history, compile, contenders, name.
import { Digest, sha256Hex } from "#base/digest.js";
import { type Fault, fail, ok, type Result } from "#base/fault.js";
import { stream } from "#base/random.js";
import type { Conduct } from "#dispatch/conduct.js";
import { fillGraph } from "#estimate/fill.js";
import { emulationDefault } from "#estimate/emulation.js";
import { type History, historyOf } from "#estimate/history.js";
import { type HistoryRow, parseHistory } from "#estimate/history-file.js";
import { processorSpeed } from "#model/fleet-file.js";
import { POLICY_NAMES } from "#policy/index.js";
import { compileAll } from "#scenario/compile.js";
import type { Compiled, FleetSource, Load, LoadedScenario } from "#scenario/compiled.js";
import type { Flags } from "#scenario/flags.js";
import { loadScenario } from "#scenario/load.js";
import { conductOf } from "./conduct-of.js";
import { load } from "./files.js";
import { KNOWN } from "./known.js";
import { schemeOf } from "./scheme-of.js";

export interface Contender {
  /** As written: `nix[version=2.8]`. */
  readonly policy: string;
  readonly conduct: Conduct;
}

export interface Experiment {
  readonly name: string;
  readonly about: string;
  /** Names the scenario: of everything that was compiled, and the seeds. */
  readonly digest: string;
  readonly fleets: readonly Compiled[];
  readonly contenders: readonly Contender[];
  readonly seeds: readonly number[];
  readonly baseline: string;
}

/** What compiling needs besides the scenario: kept for what-if fleets. */
export interface Kit {
  readonly loaded: LoadedScenario;
  compile(fleets: readonly FleetSource[]): Result<readonly Compiled[]>;
}

const BASELINE = "nix";

/** `policies`: instead of the scenario's. Seeds: the scenario's unless flags say otherwise. `read`: where the scenario itself may be in memory. */
export function experimentOf(path: string, flags: Flags, read: Load = load): Result<{ experiment: Experiment; kit: Kit }> {
  const loaded = loadScenario(path, read, flags, KNOWN);
  if (!loaded.ok) return loaded;
  const history = historyOfFiles(loaded.value.scenario.history, loaded.value.fleets);
  if (!history.ok) return history;
  const kit: Kit = {
    loaded: loaded.value,
    compile: (fleets) => compileAll({ ...loaded.value, fleets }, (nodes) => fillGraph(nodes, history.value), emulationDefault),
  };
  const fleets = kit.compile(loaded.value.fleets);
  if (!fleets.ok) return fleets;
  const { scenario } = loaded.value;
  const contenders = contendersOf(
    scenario.policies.length > 0 ? scenario.policies : POLICY_NAMES,
    scenario.baseline ?? BASELINE,
    fleets.value[0]!,
  );
  if (!contenders.ok) return contenders;
  return ok({
    experiment: {
      name: scenario.name,
      about: scenario.about,
      digest: digestOf(fleets.value, contenders.value, scenario.seeds),
      fleets: fleets.value,
      contenders: contenders.value,
      seeds: scenario.seeds,
      baseline: baselineOf(contenders.value, scenario.baseline ?? BASELINE),
    },
    kit,
  });
}

/** The baseline by its name, or the first policy where it does not run. */
function baselineOf(contenders: readonly Contender[], wanted: string): string {
  return (
    contenders.find(({ policy }) => policy === wanted) ??
    contenders.find(({ policy }) => policy.startsWith(`${wanted}[`)) ??
    contenders[0]!
  ).policy;
}

/** The baseline runs too, where the scenario names one that is not among the policies. */
function contendersOf(policies: readonly string[], baseline: string, { scenario }: Compiled): Result<readonly Contender[]> {
  const names = scenario.baseline !== null && !policies.includes(baseline) ? [...policies, baseline] : policies;
  const faults: Fault[] = [];
  const contenders: Contender[] = [];
  for (const policy of names) {
    const scheme = schemeOf(policy);
    const conduct = scheme.ok ? conductOf(scenario.conduct, scheme.value.conduct, scenario.model) : scheme;
    if (conduct.ok) contenders.push({ policy, conduct: conduct.value });
    else faults.push(...conduct.faults);
  }
  // A conduct that all of them would run under is wrong once.
  const once = new Map(faults.map((found) => [`${found.where} ${found.what}`, found]));
  return faults.length > 0 ? fail(...once.values()) : ok(contenders);
}

/** What the history files say, read with the speeds of these fleets' hosts; null = there are none. */
export function historyOfFiles(paths: readonly string[], fleets: LoadedScenario["fleets"]): Result<History | null> {
  if (paths.length === 0) return ok(null);
  const rows: HistoryRow[] = [];
  const faults: Fault[] = [];
  for (const path of paths) {
    const file = load(path);
    const read = file.ok ? parseHistory(new TextDecoder().decode(file.value.bytes), path) : file;
    if (read.ok) rows.push(...read.value);
    else faults.push(...read.faults);
  }
  const speeds = new Map(
    fleets.flatMap(({ file }) => [file.coordinator, ...file.builders].map((host) => [host.name, processorSpeed(file, host)] as const)),
  );
  return faults.length > 0 ? fail(...faults) : ok(historyOf(rows, (host) => speeds.get(host)));
}

/** Twelve hexadecimal digits over every column that a run can depend on; a copy elsewhere is the same scenario. */
function digestOf(fleets: readonly Compiled[], contenders: readonly Contender[], seeds: readonly number[]): string {
  const digest = new Digest();
  for (const { problem } of fleets) {
    const { graph, tasks, hosts, demand } = problem;
    const all = {
      ...graph,
      ...tasks,
      ...hosts,
      ...demand,
      ...within("machines", { ...hosts.machines }),
      ...within("uncertain", { ...hosts.uncertain }),
    };
    for (const value of Object.values(all)) {
      if (value instanceof Float64Array) digest.doubles(value, 0, value.length);
      else if (value instanceof Int32Array || value instanceof Uint8Array) digest.integers(value, 0, value.length);
    }
    for (const name of [...graph.keys, ...hosts.names]) digest.text(name);
  }
  const asked = fleets.map(({ scenario, models, prefer, problem }) => ({
    scenario: { ...scenario, name: "", about: "", history: [], model: null },
    models,
    prefer,
    transport: problem.transport.route,
    closure: problem.transport.closure,
  }));
  // Where a wish was written, file or flag, changes no run, nor does a beginning of no length, nor what varies by nothing.
  const isNothing = (key: string, value: unknown): boolean =>
    key === "from" || (["beginSeconds", "configurationCv", "siteCv"].includes(key) && value === 0);
  const text = JSON.stringify([digest.hex(), asked, contenders, seeds], (key, value: unknown) =>
    isNothing(key, value) ? undefined : value,
  );
  return sha256Hex(text).slice(0, 12);
}

/** Under names that no other column has; nothing where there are none. */
function within(name: string, columns: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).map(([field, column]) => [`${name}.${field}`, column]));
}

/** A stream for the statistics of this experiment. */
export function statisticsStream(experiment: Experiment): () => number {
  return stream(1, `statistics/${experiment.digest}`);
}
