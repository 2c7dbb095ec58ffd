// What `run` is given → a scenario in memory: a scenario file as it is, or a graph read from the local store for
// derivations and installables, on the fleet of --fleet or of the machines file. Nix itself says what an installable is.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import type { FleetFile } from "#model/fleet-file.js";
import type { GraphFile } from "#model/graph-file.js";
import { readDocument } from "#scenario/document.js";
import { fleetsOfFlags } from "#scenario/fleet-source.js";
import type { Flags } from "#scenario/flags.js";
import { loadScenario } from "#scenario/load.js";
import { load } from "./files.js";
import { importFleet } from "./import-fleet.js";
import { importGraph } from "./import-graph.js";
import { KNOWN } from "./known.js";

const MACHINES = "/etc/nix/machines";

export interface RunInput {
  readonly name: string;
  /** The scenario but for graph and fleet. */
  readonly scenario: Readonly<Record<string, unknown>>;
  readonly graph: GraphFile;
  readonly fleet: FleetFile;
  readonly notes: readonly string[];
}

/** Nothing in it is relative to the scenario's folder. `history`: rows of earlier runs, for what brings no scenario. */
export async function runInput(wanted: readonly string[], flags: Flags, history: string | null): Promise<Result<RunInput>> {
  if (wanted.length === 1 && /\.(ya?ml|json)$/.test(wanted[0]!) && existsSync(wanted[0]!)) return ofScenario(wanted[0]!, flags);
  const drvs: string[] = [];
  for (const one of wanted) {
    const found = drvsOf(one);
    if (!found.ok) return found;
    drvs.push(...found.value);
  }
  const graph = await importGraph({ inputs: drvs, roots: [], progress: { bytes: () => {}, count: () => {}, done: () => {} } });
  if (!graph.ok) return graph;
  const fleet = fleetOfFlags(flags.fleets ?? []);
  if (!fleet.ok) return fleet;
  return ok({
    name: graph.value.graph.name,
    scenario: { schema: "drvfleet.scenario/1", ...(history !== null && { history: [history] }) },
    graph: graph.value.graph,
    fleet: fleet.value.fleet,
    notes: [...graph.value.notes, ...fleet.value.notes],
  });
}

function ofScenario(path: string, flags: Flags): Result<RunInput> {
  const loaded = loadScenario(path, load, flags, KNOWN);
  if (!loaded.ok) return loaded;
  const { scenario, graph, fleets, model } = loaded.value;
  if (fleets.length > 1) {
    const names = fleets.map(({ name }) => name).join(", ");
    return fail(fault("usage", "--fleet", `the scenario has several fleets (${names}), expected one`, "--fleet NAME chooses"));
  }
  const bytes = load(path);
  const document = bytes.ok ? readDocument(bytes.value.path, bytes.value.bytes) : bytes;
  if (!document.ok) return document;
  const { fleet, graph: _, ...rest } = document.value.value as Record<string, unknown>;
  void fleet;
  return ok({
    name: scenario.name,
    scenario: {
      ...rest,
      name: scenario.name,
      ...(model !== null && { model }),
      ...(scenario.history.length > 0 && { history: scenario.history.map((one) => resolve(one)) }),
    },
    graph: graph.file,
    fleet: { ...fleets[0]!.file, name: fleets[0]!.name },
    notes: [],
  });
}

/** The derivations that an argument names: a .drv file, or whatever Nix understands. */
function drvsOf(wanted: string): Result<readonly string[]> {
  if (wanted.endsWith(".drv"))
    return existsSync(wanted) ? ok([resolve(wanted)]) : fail(fault("input", wanted, "there is no such derivation"));
  const features = ["--extra-experimental-features", "nix-command flakes"];
  const show = ["derivation show", "show-derivation"].map((command) =>
    spawnSync("nix", [...command.split(" "), ...features, "--", wanted], { encoding: "utf8", maxBuffer: 2 ** 30 }),
  );
  const good = show.find(({ status }) => status === 0);
  if (good === undefined) return fail(notInstallable(wanted, show[1]!));
  const value = JSON.parse(good.stdout) as { readonly derivations?: object };
  const paths = Object.keys(value.derivations ?? value);
  return ok(paths.map((path) => (path.startsWith("/") ? path : `/nix/store/${basename(path)}`)));
}

function notInstallable(wanted: string, { error, stderr }: { error?: Error; stderr: string }): Fault {
  const words = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
  return fault(
    "input",
    wanted,
    `Nix cannot make a derivation of it: ${words}`,
    "expected a scenario file, a .drv file, or an installable such as nixpkgs#hello",
  );
}

function fleetOfFlags(paths: readonly string[]): Result<{ readonly fleet: FleetFile; readonly notes: readonly string[] }> {
  if (paths.length > 1) return fail(fault("usage", "--fleet", `found ${paths.length} fleets, expected one`));
  const [path] = paths;
  if (path !== undefined) {
    const given = fleetsOfFlags([path], load);
    if (given.ok) return ok({ fleet: { ...given.value[0]!.file, name: given.value[0]!.name }, notes: [] });
    const imported = importFleet({ inputs: [path] });
    return imported.ok ? imported : given;
  }
  if (!existsSync(MACHINES))
    return fail(fault("usage", "--fleet", `there is no ${MACHINES} to take the hosts from`, "--fleet FILE names a fleet file"));
  return importFleet({ inputs: [MACHINES] });
}
