// One recorded run: a testbed of its own is made, becomes the recipe's fleet, Nix builds the graph on it, witnesses look on,
// and all of it is removed again. Phases: hosts, configuration, derivations; then witnesses, clients and faults, evidence.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { derivationName, STORE_DIR } from "#ingest/store-path.js";
import { coreShare } from "#model/fleet-file.js";
import { command } from "../../test/program.js";
import { type Testbed, testbed } from "../../test/system/testbed/testbed.js";
import { builderLines, type Evidence, heldFiles } from "./evidence.js";
import { expressionOf, MACHINES, NATIVE, type Shared, sourcesOf } from "./expression.js";
import { machinesFile, nixConf } from "./machine-files.js";
import { type Client, type FaultKind, type PlannedFault, rate, type Recipe } from "./recipe.js";

/** What all hosts of the testbed see: builders, and the file in which they note when they ran. */
export const SHARED: Shared = { builders: "/srv", log: "/srv/builders.log" };
const GRAPH = "/root/graph";
const KEY = "/root/.ssh/id_ed25519";
const CURRENT_LOAD = "/nix/var/nix/current-load";
/** Weight of a host's processes against everything else on the machine, where Linux's own is 1024. */
const WEIGHT = "65536";

export interface Place {
  /** Names the testbed. */
  readonly id: string;
  /** Root folder with the recipe's Nix; absent: the machine's own. */
  readonly root?: string;
  /** Where cell.* and witness lie, compiled. */
  readonly programs: string;
  /** For the logs. */
  readonly scratch: string;
}

export async function recorded(recipe: Recipe, place: Place): Promise<Evidence> {
  const { id, root } = place;
  const bed = await testbed({ id, hosts: recipe.fleet.builders.length, master: recipe.kept, ...(root !== undefined && { root }) });
  try {
    await configure(bed, recipe, place);
    const drvs = await instantiate(bed, recipe, SHARED);
    return await observe(bed, recipe, drvs, place);
  } finally {
    await bed.down();
  }
}

/** The testbed becomes the recipe's fleet. */
export async function configure(bed: Testbed, { fleet, graph }: Recipe, { programs }: Pick<Place, "programs">): Promise<void> {
  const burns = graph.nodes.some(({ seconds, cpu = 1 }) => seconds === undefined || cpu > 0);
  for (const host of [fleet.coordinator, ...fleet.builders]) {
    outrank(bed.id, host.name);
    await bed.nixconf(host.name, ...nixConf(host));
    if (burns) await bed.cpu(host.name, Math.round(host.cores * coreShare(fleet, host) * 100));
    const link = rate(host.link?.up);
    if (link < Number.POSITIVE_INFINITY) await bed.net(host.name, `${Math.round(link * 8)}bit`);
  }
  bed.write(fleet.coordinator.name, "/etc/nix/machines", machinesFile(fleet, KEY));
  for (const system of new Set(graph.nodes.map((node) => node.system)))
    copyFileSync(
      join(programs, `cell.${MACHINES[system]}`),
      bed.path(fleet.coordinator.name, `${SHARED.builders}/cell.${MACHINES[system]}`),
    );
  if (graph.nodes.some(({ system }) => system !== NATIVE)) await bed.binfmt("on");
}

/** Whatever else runs on the machine gets what the testbed leaves. */
function outrank(id: string, host: string): void {
  const weight = `/sys/fs/cgroup/cpu/tb-${id}-${host}/cpu.shares`;
  if (existsSync(weight)) writeFileSync(weight, WEIGHT);
}

/** Paths of the derivations by name. Another file to note in makes other derivations of the same graph. */
export async function instantiate(bed: Testbed, { graph, fleet }: Recipe, shared: Shared): Promise<ReadonlyMap<string, string>> {
  const ai = fleet.coordinator.name;
  mkdirSync(bed.path(ai, GRAPH), { recursive: true });
  bed.write(ai, `${GRAPH}/graph.nix`, expressionOf(graph, shared, fleet.closure === "transitive"));
  for (const { name, bytes } of sourcesOf(graph)) writeFileSync(bed.path(ai, `${GRAPH}/${name}`), Buffer.alloc(bytes, name));
  const { code, out, err } = await bed.in(ai, ["nix-instantiate", `${GRAPH}/graph.nix`]);
  if (code !== 0) throw new Error(`nix-instantiate: ${err}`);
  const paths = out.split("\n").filter((line) => line !== "");
  return new Map(paths.map((path) => [derivationName(path)!, path]));
}

async function observe(bed: Testbed, recipe: Recipe, drvs: ReadonlyMap<string, string>, place: Place): Promise<Evidence> {
  const ai = recipe.fleet.coordinator.name;
  // 1. Witnesses.
  const nix = (await bed.in(ai, ["nix-store", "--version"])).out.trim();
  writeFileSync(bed.path(ai, SHARED.log), "", { mode: 0o666 });
  mkdirSync(bed.path(ai, CURRENT_LOAD), { recursive: true, mode: 0o777 });
  const slots = spawn(join(place.programs, "witness"), ["slots", bed.path(ai, CURRENT_LOAD)], { stdio: ["ignore", "pipe", "inherit"] });
  const seen: Buffer[] = [];
  slots.stdout.on("data", (chunk: Buffer) => seen.push(chunk));
  await once(slots.stdout, "data");
  // 2. Clients and faults.
  const load = loadavg()[0]!;
  const faults: Evidence["faults"][number][] = [];
  const suffer = async (fault: PlannedFault, began: number) => {
    await until(began + fault.at);
    await INFLICT[fault.how](bed, fault.host);
    faults.push({ host: fault.host, how: fault.how, from: now(), to: began + fault.until });
    if (fault.until === Number.POSITIVE_INFINITY) return;
    await until(began + fault.until);
    await MEND[fault.how](bed, fault.host);
  };
  for (const fault of recipe.faults.filter(({ at }) => at === 0)) await suffer(fault, now());
  const began = now();
  const later = recipe.faults.filter(({ at }) => at > 0).map((fault) => suffer(fault, began));
  const clients = await Promise.all(recipe.clients.map((client) => nixProcess(bed, recipe, client, drvs, place, began)));
  const ended = now();
  await Promise.all(later);
  slots.kill();
  await closed(slots);
  // 3. Evidence.
  return {
    began,
    ended,
    clients,
    builders: builderLines(readFileSync(bed.path(ai, SHARED.log), "utf8")),
    slots: heldFiles(Buffer.concat(seen).toString("utf8"), ended),
    faults,
    sizes: archiveSizes(bed.path(ai, STORE_DIR)),
    load: [load, loadavg()[0]!],
    nix,
  };
}

/** A file's archive is its content, filled up to eights, and 112 bytes around it. */
function archiveSizes(store: string): Record<string, number> {
  const files = readdirSync(store, { withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.endsWith(".lock"));
  return Object.fromEntries(files.map(({ name }) => [name, 112 + 8 * Math.ceil(statSync(join(store, name)).size / 8)]));
}

const INFLICT: Readonly<Record<FaultKind, (bed: Testbed, host: string) => Promise<void>>> = {
  kill: (bed, host) => bed.kill(host),
  cut: (bed, host) => bed.cut(host),
  silence: (bed, host) => bed.silence(host, "on"),
  refuse: (bed, host) => bed.sshd(host, "stop"),
};

const MEND: typeof INFLICT = {
  kill: (bed, host) => bed.revive(host),
  cut: (bed, host) => bed.revive(host),
  silence: (bed, host) => bed.silence(host, "off"),
  refuse: (bed, host) => bed.sshd(host, "start"),
};

async function nixProcess(
  bed: Testbed,
  { fleet, keepGoing, pollSeconds }: Recipe,
  { name, at, roots }: Client,
  drvs: ReadonlyMap<string, string>,
  { programs, scratch }: Place,
  began: number,
): Promise<Evidence["clients"][number]> {
  await until(began + at);
  const log = join(scratch, `${name === "" ? "nix" : name}.log`);
  const options = ["-j", String(fleet.coordinator.maxJobs), "--option", "build-poll-interval", String(pollSeconds)];
  const words = ["nix-store", "-r", "--log-format", "internal-json", "-v", ...options, ...(keepGoing ? ["--keep-going"] : [])];
  // From Nix to the witness without anybody between them who could be late.
  const pipe = `/srv/${name}.pipe`;
  await command("mkfifo", [bed.path(fleet.coordinator.name, pipe)]);
  const out = openSync(log, "w");
  const stamp = spawn(join(programs, "witness"), ["stamp", bed.path(fleet.coordinator.name, pipe)], { stdio: ["ignore", out, "inherit"] });
  const from = now();
  const into = ["sh", "-c", `exec "$@" 2>${pipe}`, "sh"];
  const nix = bed.spawn(fleet.coordinator.name, [...into, ...words, ...roots.map((root) => drvs.get(root)!)]);
  const [{ code }] = await Promise.all([nix.ended, closed(stamp)]);
  closeSync(out);
  return { name, began: from, log, code };
}

async function closed(child: ChildProcess): Promise<void> {
  await once(child, "close");
}

async function until(instant: number): Promise<void> {
  if (instant > now()) await sleep((instant - now()) * 1000);
}

function now(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}
