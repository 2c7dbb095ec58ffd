// What no host may build, found before anything is simulated: one fault per class, with the first few derivations by
// name and the reason of every host. Flags that shut out a host which could build it are named.
import { type Fault, fault } from "#base/fault.js";
import { DENIALS, type Demand } from "#model/demand.js";
import type { Graph } from "#model/graph.js";
import type { Tasks } from "#model/tasks.js";
import type { Choice } from "./choice.js";
import type { Classes, TaskClass } from "./classes.js";
import type { NormalFleet } from "./normalize.js";

const FAULTS_MAX = 8;
const NAMES_MAX = 3;

export interface Placement {
  readonly graph: Graph;
  readonly tasks: Tasks;
  readonly demand: Demand;
  readonly classes: Classes;
  readonly fleet: NormalFleet;
  readonly choice: Choice;
}

/** Empty when every task may run somewhere. */
export function unbuildable(placement: Placement): Fault[] {
  const { graph, tasks, demand, classes, fleet, choice } = placement;
  if (choice.excludedBy.length > 0 && choice.excludedBy.every((flag) => flag !== "")) return [nobodyLeft(fleet, choice)];
  const room = roomOf(demand, fleet);
  const lost = new Map<number, number[]>();
  for (let t = 0; t < graph.count; t++) {
    const c = tasks.classOf[t]!;
    if (tasks.memoryBytes[t]! <= room[c]!) continue;
    const list = lost.get(c);
    if (list === undefined) lost.set(c, [t]);
    else list.push(t);
  }
  const faults = [...lost].sort(([a], [b]) => a - b).map(([c, list]) => faultOf(placement, c, classes.list[c]!, list));
  if (faults.length <= FAULTS_MAX) return faults;
  return [
    ...faults.slice(0, FAULTS_MAX),
    fault("unbuildable", fleet.name, `found ${faults.length - FAULTS_MAX} more kinds of derivation that no host may build, expected none`),
  ];
}

function nobodyLeft({ name, hosts }: NormalFleet, { excludedBy }: Choice): Fault {
  const flags = [...new Set(excludedBy)];
  const reasons = hosts.names.map((host, h) => `${host}: shut out by ${excludedBy[h]}`);
  return fault("unbuildable", flags.join(", "), `found no host of the fleet ${name} left, expected at least one`, reasons.join("; "));
}

/** Memory of the largest host that may build the class, −1 when none may. */
function roomOf(demand: Demand, fleet: NormalFleet): Float64Array {
  const room = new Float64Array(demand.classes).fill(-1);
  for (let c = 0; c < demand.classes; c++) {
    for (let h = 0; h < demand.hosts; h++) {
      if (demand.denied[c * demand.hosts + h] === 0) room[c] = Math.max(room[c]!, fleet.hosts.memoryBytes[h]!);
    }
  }
  return room;
}

function faultOf(placement: Placement, c: number, task: TaskClass, list: readonly number[]): Fault {
  const { graph, tasks, fleet } = placement;
  const byName = [...list].sort((a, b) => graph.nameRank[a]! - graph.nameRank[b]!);
  const shown = byName.slice(0, NAMES_MAX).map((t) => graph.names[t]!);
  const more = list.length > NAMES_MAX ? ` and ${list.length - NAMES_MAX} more` : "";
  const least = list.reduce((low, t) => Math.min(low, tasks.memoryBytes[t]!), Number.POSITIVE_INFINITY);
  const needs = [`system ${task.system}`, ...(task.features.length > 0 ? [`features ${task.features.join(" ")}`] : [])].join(", ");
  const what = `found no host for ${shown.join(", ")}${more} (${needs}), expected one for every derivation`;
  const reasons = fleet.hosts.names.map((name, h) => `${name}: ${reasonOf(placement, c, task, h, least)}`);
  return fault("unbuildable", `fleet ${fleet.name}`, what, reasons.join("; "));
}

function reasonOf({ demand, fleet, choice }: Placement, c: number, task: TaskClass, h: number, memory: number): string {
  const ability = fleet.abilities[h]!;
  switch (DENIALS[demand.denied[c * demand.hosts + h]!]!) {
    case "system":
      return `builds ${Object.keys(ability.systems).join(" ")} only`;
    case "feature":
      return `lacks ${task.features.filter((feature) => !ability.features.has(feature)).join(" ")}`;
    case "mandatory":
      return `takes only what requires ${ability.mandatory.filter((feature) => !task.features.includes(feature)).join(" ")}`;
    case "pinned":
      return `shut out by ${choice.pins[task.pin]!.pin.from}`;
    case "excluded":
      return choice.excludedBy[h] !== "" ? `shut out by ${choice.excludedBy[h]}` : "its maxJobs is 0";
    default:
      return `has ${gib(fleet.hosts.memoryBytes[h]!)} of memory, it needs ${gib(memory)}`;
  }
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
