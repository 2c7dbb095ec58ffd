// `drvfleet agent`: makes the agent of this user and machine, and ends it. Phases: fleet and choices, runtime directory, door
// and control socket, hooks that an earlier agent left, then whatever comes.
import { join } from "node:path";
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import type { Instant } from "#base/units.js";
import { fillGraph } from "#estimate/fill.js";
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import { Agent } from "#live/agent/agent.js";
import { Choices, type PinWish, pinOf } from "#live/agent/choices.js";
import { listenTo, tellAgent } from "#live/agent/control.js";
import { agentFolder, type AgentFolder, hold, holder, leftHooks, letGo, notSilent, readyMaker, openFolder } from "#live/agent/folder.js";
import type { FleetHost } from "#live/agent/hosts.js";
import { linesFrom } from "#live/hook/fifo.js";
import { hookScript } from "#live/hook/script.js";
import { HookSession } from "#live/hook/session.js";
import { machineTarget } from "#live/agent/machine-words.js";
import { derivationName } from "#ingest/store-path.js";
import type { LoadedScenario } from "#scenario/compiled.js";
import { matchesNode } from "#scenario/glob.js";
import { loadScenario } from "#scenario/load.js";
import { runtimeOf, type Status } from "./agent-words.js";
import { agentHistory } from "./agent-history.js";
import { agentBuilder } from "./agent-builder.js";
import { plannerOf } from "./agent-plan.js";
import { goalsIn } from "./client-goals.js";
import { EXIT, printFaults } from "./exit.js";
import { load } from "./files.js";
import { importFleet } from "./import-fleet.js";
import { KNOWN } from "./known.js";
import type { Loudness } from "./notes.js";
import { historyFile } from "./run-place.js";
import { nixProgram, ownHook } from "./nix-program.js";
import { schemeOf } from "./scheme-of.js";

export interface AgentRequest {
  readonly fleet?: string;
  readonly policy: string;
  readonly history?: string;
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  readonly prefer: readonly string[];
  readonly pin: readonly string[];
  readonly runtime?: string;
  readonly nix?: string;
  readonly state: string;
  readonly loudness: Loudness;
}

const MACHINES = "/etc/nix/machines";

/** Runs until it is stopped; returns the exit code. */
export async function runAgent(request: AgentRequest): Promise<number> {
  const folder = agentFolder(runtimeOf(request));
  const world = worldOf(request, folder);
  if (!world.ok) return printFaults(world.faults);
  const uid = process.getuid?.() ?? 0;
  const broken = openFolder(folder, uid);
  if (broken !== null) return printFaults([broken]);
  const other = holder(folder);
  if (other !== null && (await tellAgent(folder.control, { do: "status" })) !== undefined)
    return printFaults([fault("usage", folder.path, `found a running agent, process ${other}`, "drvfleet agent stop ends it")]);

  const { agent, policy, choices, rehearse } = world.value;
  rehearse();
  const end = agent.begin();
  const left = leftHooks(folder);
  const ready = readyMaker(folder);
  const welcome = (name: string) => {
    try {
      agent.welcome(new HookSession(join(folder.jobs, name), agent));
    } catch (error) {
      // The hook was killed before we looked, and its files with it; anything else is our bug.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      if (request.loudness === "verbose") process.stderr.write(`hook ${name}: ${String(error)}\n`);
    }
    ready.make();
  };
  const door = linesFrom(
    folder.door,
    true,
    (line) => /^p?\d+$/.test(line) && welcome(line),
    () => {},
  );
  return new Promise((resolve) => {
    const stop = () => {
      ready.close();
      door.close();
      closeControl();
      end();
      letGo(folder);
      resolve(EXIT.fine);
    };
    const closeControl = listenTo(folder.control, {
      status: () =>
        ({ schema: "drvfleet.agent/1", pid: process.pid, policy, ...agent.describe(), pins: choices.pinned.map(pinText) }) satisfies Status,
      stop: () => {
        setImmediate(stop);
        return {};
      },
      pin: ({ pins }) => {
        const wrong = setPins(choices, Array.isArray(pins) ? pins.map(String) : [], agent.hostNames);
        if (wrong !== null) return { error: wrong };
        agent.rechoose();
        return { pins: choices.pinned.map(pinText) };
      },
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.removeAllListeners(signal);
      process.on(signal, stop);
    }
    hold(
      folder,
      process.pid,
      hookScript({ runtime: folder.path, path: process.env.PATH ?? "/usr/bin:/bin", own: ownHook(nixProgram(request.nix)) }),
    );
    for (const name of left) welcome(name);
    ready.make();
    if (request.loudness !== "quiet") process.stderr.write(`agent: ready; build-hook = ${folder.script}\n`);
  });
}

interface World {
  readonly agent: Agent;
  readonly policy: string;
  readonly choices: Choices;
  /** Plans for a build that nobody wants: the first question that counts need not wait until all that plans is loaded. */
  rehearse(): void;
}

function worldOf(request: AgentRequest, folder: AgentFolder): Result<World> {
  const loaded = loadedFleet(request);
  const scheme = schemeOf(request.policy);
  if (!loaded.ok || !scheme.ok) return fail(...(loaded.ok ? [] : loaded.faults), ...(scheme.ok ? [] : scheme.faults));
  const { file } = loaded.value.fleets[0]!;
  const goals = goalsIn(request.state);
  const history = agentHistory(request.history ?? historyFile(), loaded.value.fleets, goals);
  if (!history.ok) return history;
  const fleet = fleetHosts(file, folder);
  if (!fleet.ok) return fleet;
  const names = fleet.value.map(({ name }) => name);
  const pins: PinWish[] = [];
  for (const text of request.pin) {
    const pin = pinOf(text);
    const wrong = pin === null ? `found ${JSON.stringify(text)}, expected GLOB=host[,host]` : unknownIn(pin.hosts, names);
    if (wrong !== null) return fail(fault("usage", "--pin", wrong));
    pins.push(pin!);
  }
  const flat = (lists: readonly string[]) => lists.flatMap((list) => list.split(",")).filter((name) => name !== "");
  const wishes = { only: flat(request.only), exclude: flat(request.exclude), pins };
  const wrong = unknownIn([...wishes.only, ...wishes.exclude, ...flat(request.prefer)], names);
  if (wrong !== null) return fail(fault("usage", "--only, --exclude, --prefer", wrong));
  const choices = new Choices(wishes, (glob, drv) => matchesNode(glob, derivationName(drv) ?? drv, drv));
  const ports = { ...portsOf(request.loudness), still: () => notSilent(folder) };
  const plan = plannerOf({
    loaded: loaded.value,
    scheme: scheme.value,
    policyName: request.policy,
    goals,
    fill: (nodes) => fillGraph(nodes, history.value.current()),
    isAble: (system, features) => agent.isAble(system, features),
  });
  const agent: Agent = new Agent(
    fleet.value,
    plan,
    choices,
    ports,
    agentBuilder(file, fleet.value, folder, nixProgram(request.nix), history.value.built),
  );
  const [system] = Object.keys(file.builders[0]?.systems ?? {});
  const unwanted = { key: "rehearsal", drv: "rehearsal", system: system ?? "builtin", features: [], barred: [], client: 0 };
  return ok({ agent, policy: request.policy, choices, rehearse: () => void plan([unwanted]) });
}

/** Instants count from here. */
function portsOf(loudness: Loudness) {
  const start = performance.now();
  const now = () => Math.round((performance.now() - start) * 1000) as Instant;
  return {
    now,
    at: (instant: Instant, call: () => void) => void setTimeout(call, Math.max(0, (instant - now()) / 1000)).unref(),
    log: (line: string) => {
      if (loudness !== "quiet") process.stderr.write(`${(now() / 1e6).toFixed(3)} ${line.replace(/[\p{Cc}\p{Cf}]/gu, " ")}\n`);
    },
  };
}

/** The fleet as a scenario without a graph, so that one reader checks it. Nix alone builds on the coordinator. */
function loadedFleet({ fleet, prefer }: AgentRequest): Result<LoadedScenario> {
  const file = fleet === undefined ? machinesFleet() : ok(fleet);
  if (!file.ok) return file;
  const document = { schema: "drvfleet.scenario/1", graph: { generate: { kind: "chain", nodes: 1 } }, fleet: file.value };
  const loaded = loadScenario(
    "agent",
    (path) => (path === "agent" ? ok({ path, bytes: new TextEncoder().encode(JSON.stringify(document)) }) : load(path)),
    { prefer },
    KNOWN,
  );
  if (!loaded.ok) return loaded;
  const fleets = loaded.value.fleets.map((source) => ({
    ...source,
    file: { ...source.file, coordinator: { ...source.file.coordinator, maxJobs: 0 } },
  }));
  return ok({ ...loaded.value, fleets });
}

function machinesFleet(): Result<FleetFile> {
  const imported = importFleet({ inputs: [MACHINES], format: "machines" });
  if (imported.ok) return ok(alike(imported.value.fleet));
  return fail(...imported.faults.map((one): Fault => ({ ...one, hint: one.hint === "" ? "--fleet FILE names another fleet" : one.hint })));
}

/** Nix's machines say nothing of cores: a build takes one, and nobody's builds are in each other's way. */
function alike(fleet: FleetFile): FleetFile {
  return { ...fleet, builders: fleet.builders.map((host) => ({ ...host, coresPerBuild: 1 })) };
}

function fleetHosts({ coordinator, builders }: FleetFile, folder: AgentFolder): Result<readonly FleetHost[]> {
  const faults: Fault[] = [];
  const hosts = [coordinator, ...builders].flatMap((host, id) => {
    const target = machineTarget(host.name, host.uri ?? "");
    if (!target.ok) {
      faults.push(...target.faults);
      return [];
    }
    return [{ ...abilityOf(host), target: target.value, socket: folder.link(id) }];
  });
  if (faults.length > 0) return fail(...faults);
  if (builders.length === 0) return fail(fault("input", "fleet", "found no builders, expected at least one"));
  return ok(hosts);
}

function abilityOf(host: HostFile) {
  const mandatory = host.mandatoryFeatures ?? [];
  return {
    name: host.name,
    systems: Object.keys(host.systems),
    features: [...new Set([...(host.features ?? []), ...mandatory])],
    mandatory,
    slots: host.maxJobs,
  };
}

function setPins(choices: Choices, texts: readonly string[], names: readonly string[]): string | null {
  const pins: PinWish[] = [];
  for (const text of texts) {
    const pin = text.endsWith("=") ? { glob: text.slice(0, -1), hosts: [] } : pinOf(text);
    const wrong = pin === null ? `found ${JSON.stringify(text)}, expected GLOB=host[,host]` : unknownIn(pin.hosts, names);
    if (wrong !== null) return wrong;
    pins.push(pin!);
  }
  for (const pin of pins) {
    const rest = choices.pinned.filter(({ glob }) => glob !== pin.glob);
    choices.pinned.splice(0, choices.pinned.length, ...rest, ...(pin.hosts.length > 0 ? [pin] : []));
  }
  return null;
}

function unknownIn(hosts: readonly string[], names: readonly string[]): string | null {
  const stranger = hosts.find((host) => !names.includes(host));
  if (stranger === undefined) return null;
  return `found the unknown host ${JSON.stringify(stranger)}; ${suggest(stranger, names)}`;
}

function pinText({ glob, hosts }: PinWish): string {
  return `${glob}=${hosts.join(",")}`;
}
