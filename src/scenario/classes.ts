// Tasks → classes, and classes × hosts → slowdown or the reason why not. A class is system × features × pin, and
// workload where some host would emulate the system. Few, so that queues and tables stay small. Knows no durations.
import { compareText } from "#base/order.js";
import type { NodeFile, Workload } from "#model/graph-file.js";
import { DENIALS, type Demand, type Denial } from "#model/demand.js";
import type { Hosts } from "#model/hosts.js";
import { emulatedKind } from "#model/model-file.js";
import type { Choice } from "./choice.js";
import type { EmulationDefault } from "./compiled.js";
import type { Ability, NormalFleet } from "./normalize.js";

export interface TaskClass {
  readonly system: string;
  /** Sorted, each once. */
  readonly features: readonly string[];
  /** "" where it makes no difference. */
  readonly workload: Workload | "";
  /** Index of the pin that counts, −1 without. */
  readonly pin: number;
}

export interface Classes {
  readonly list: readonly TaskClass[];
  /** By TaskId. */
  readonly classOf: Int32Array;
}

/** Runs on any host, natively. */
const BUILTIN = "builtin";

/** `each` is asked for every task, in order. */
export function classesOf(
  count: number,
  fleet: NormalFleet,
  each: (task: number) => { node: NodeFile; workload: Workload; pin: number },
): Classes {
  const emulated = new Set(fleet.abilities.flatMap(({ systems }) => Object.keys(systems).filter((system) => systems[system] !== "native")));
  const indexOf = new Map<string, number>();
  const list: TaskClass[] = [];
  const classOf = new Int32Array(count);
  for (let task = 0; task < count; task++) {
    const { node, workload, pin } = each(task);
    const features =
      node.features === undefined || node.features.length === 0 ? NO_FEATURES : [...new Set(node.features)].sort(compareText);
    const own = emulated.has(node.system) ? workload : "";
    const key = `${node.system} ${features.join(" ")}\n${own} ${pin}`;
    let index = indexOf.get(key);
    if (index === undefined) {
      index = list.push({ system: node.system, features, workload: own, pin }) - 1;
      indexOf.set(key, index);
    }
    classOf[task] = index;
  }
  return sorted({ list, classOf });
}

const NO_FEATURES: readonly string[] = [];

/** Classes in an order that does not depend on the tasks': by label, then pin. */
function sorted({ list, classOf }: Classes): Classes {
  const order = [...list.keys()].sort((a, b) => compareText(labelOf(list[a]!), labelOf(list[b]!)) || list[a]!.pin - list[b]!.pin);
  const rank = new Int32Array(list.length);
  for (const [r, index] of order.entries()) rank[index] = r;
  return { list: order.map((index) => list[index]!), classOf: classOf.map((index) => rank[index]!) };
}

export function labelOf({ system, workload, features }: TaskClass): string {
  return [system, ...(workload === "" ? [] : [workload]), ...features].join(" ");
}

export interface DemandInput {
  readonly classes: Classes;
  readonly fleet: NormalFleet;
  readonly choice: Choice;
  readonly emulation: "on" | "off";
  readonly emulationDefault: EmulationDefault;
  readonly rows: Demand["rows"];
}

export function demandOf({ classes, fleet, choice, emulation, emulationDefault, rows }: DemandInput): Demand {
  const { list } = classes;
  const hosts = fleet.hosts.count;
  const slowdown = new Float64Array(list.length * hosts).fill(1);
  const slowdownCv = new Float64Array(list.length * hosts);
  const denied = new Uint8Array(list.length * hosts);
  for (const [c, task] of list.entries()) {
    for (let h = 0; h < hosts; h++) {
      denied[c * hosts + h] = DENIALS.indexOf(denialOf(task, h, fleet.abilities[h]!, fleet.hosts, choice));
      if (emulation === "off") continue;
      const known = slowdownOf(task, fleet.abilities[h]!, emulationDefault);
      slowdown[c * hosts + h] = known.slowdown;
      slowdownCv[c * hosts + h] = known.cv;
    }
  }
  return {
    classes: list.length,
    hosts,
    slowdown,
    slowdownCv: slowdownCv.some((cv) => cv > 0) ? slowdownCv : null,
    denied,
    labels: list.map((task) => (task.pin < 0 ? labelOf(task) : `${labelOf(task)} pinned to ${choice.pins[task.pin]!.pin.hosts.join(",")}`)),
    systems: list.map((task) => task.system),
    workloads: list.map((task) => task.workload),
    features: list.map((task) => task.features),
    rows,
  };
}

/** The first reason that holds. A host without slots counts as excluded: nobody can choose it. */
function denialOf(task: TaskClass, h: number, ability: Ability, hosts: Hosts, choice: Choice): Denial {
  if (task.system !== BUILTIN && !Object.hasOwn(ability.systems, task.system)) return "system";
  if (!task.features.every((feature) => ability.features.has(feature))) return "feature";
  if (!ability.mandatory.every((feature) => task.features.includes(feature))) return "mandatory";
  if (task.pin >= 0 && choice.pins[task.pin]!.allowed[h] === 0) return "pinned";
  return choice.excludedBy[h] !== "" || hosts.maxJobs[h] === 0 ? "excluded" : "ok";
}

/** Systems whose slowdown the fleet file leaves open for some class that it may build, for the assumptions. */
export function assumedSlowdowns(classes: Classes, fleet: NormalFleet, emulationDefault: EmulationDefault): string[] {
  const open = new Set<string>();
  for (const { system, workload } of classes.list) {
    for (const { systems } of fleet.abilities) {
      const ability = systems[system];
      if (ability === undefined || ability === "native" || workload === "" || typeof ability.emulated === "number") continue;
      if (ability.emulated[workload] !== undefined) continue;
      const { slowdown, cv } = emulationDefault(system, workload);
      open.add(`${system} ${workload} × ${slowdown}${cv === 0 ? "" : ` (CV ${cv})`}`);
    }
  }
  if (open.size === 0) return [];
  return [`emulation of ${[...open].join(", ")}: measured elsewhere, with qemu-user on three x86_64 machines; each world draws its own`];
}

function slowdownOf(
  { system, workload }: TaskClass,
  { systems, uncertain }: Ability,
  byDefault: EmulationDefault,
): ReturnType<EmulationDefault> {
  const ability = systems[system];
  if (ability === undefined || ability === "native" || workload === "") return { slowdown: 1, cv: 0 };
  const stated = typeof ability.emulated === "number" ? ability.emulated : ability.emulated[workload];
  return stated === undefined ? byDefault(system, workload) : { slowdown: stated, cv: uncertain[emulatedKind(system, workload)] ?? 0 };
}
