// Filled nodes → the columns of Tasks and the sparse rows of measured seconds, under the models that are settled before
// a run: parallelism, memory, fetches, network and preferLocal off leave neutral values. Knows no fleet but its host names.
import type { Demand } from "#model/demand.js";
import type { NodeFile } from "#model/graph-file.js";
import type { Graph } from "#model/graph.js";
import type { Models } from "#model/models.js";
import { PROVENANCES, type Tasks } from "#model/tasks.js";
import type { FilledNode } from "#model/filled-node.js";
import { IGNORED } from "./shape.js";
import { isFetch } from "./split.js";

export interface Prior {
  readonly graph: Graph;
  readonly nodes: readonly NodeFile[];
  readonly filled: readonly FilledNode[];
}

export function tasksOf({ graph, nodes, filled }: Prior, classOf: Int32Array, models: Models, spread: number): Tasks {
  const { count, fileIndex } = graph;
  const fetch = new Uint8Array(count);
  const column = (of: (own: FilledNode, node: NodeFile, task: number) => number) => {
    const values = new Float64Array(count);
    for (let t = 0; t < count; t++) values[t] = of(filled[fileIndex[t]!]!, nodes[fileIndex[t]!]!, t);
    return values;
  };
  for (let t = 0; t < count; t++) fetch[t] = isFetch(nodes[fileIndex[t]!]!) ? 1 : 0;
  const moves = models.network !== "free";
  const isParallel = models.parallelism === "on";
  const isPreferring = models.preferLocal === "on";
  return {
    work: column((own, _, t) => (fetch[t] === 1 ? 0 : own.work)),
    maxCores: column((own) => (isParallel ? own.maxCores : Number.POSITIVE_INFINITY)),
    serial: column((own) => (isParallel ? own.serial : 0)),
    memoryBytes: column((own) => (models.memory === "on" ? own.memoryBytes : 0)),
    outputBytes: column((own) => (moves ? own.outputBytes : 0)),
    sourceBytes: column((own, _, t) => ((fetch[t] === 1 ? models.fetches === "internet" : moves) ? own.sourceBytes : 0)),
    seconds: column((_, node) => node.seconds?.["*"] ?? Number.NaN),
    cpu: column((_, node) => node.cpu ?? 1),
    fetch,
    preferLocal: Uint8Array.from(fileIndex, (index) => (isPreferring && nodes[index]!.preferLocal === true ? 1 : 0)),
    classOf,
    provenance: Uint8Array.from(fileIndex, (index) => PROVENANCES.indexOf(filled[index]!.provenance)),
    // The size of a fetch is known: it is what its hash is of.
    cv: column((own, _, t) => (own.provenance === "given" && fetch[t] === 0 ? spread : own.cv)),
  };
}

/** Rows of hosts that this fleet has; null when there is none. */
export function rowsOf({ graph, nodes }: Prior, hostNames: readonly string[]): Demand["rows"] {
  const hostOf = new Map(hostNames.map((name, h) => [name, h]).filter(([name]) => !String(name).startsWith(IGNORED)) as [string, number][]);
  const rowStart = new Int32Array(graph.count + 1);
  const hosts: number[] = [];
  const seconds: number[] = [];
  for (let t = 0; t < graph.count; t++) {
    const own = nodes[graph.fileIndex[t]!]!.seconds;
    if (own !== undefined) {
      const rows = Object.keys(own).flatMap((name) => (hostOf.has(name) ? [[hostOf.get(name)!, own[name]!] as const] : []));
      for (const [host, value] of rows.sort((a, b) => a[0] - b[0])) {
        hosts.push(host);
        seconds.push(value);
      }
    }
    rowStart[t + 1] = hosts.length;
  }
  return hosts.length === 0 ? null : { rowStart, rowHost: Int32Array.from(hosts), rowSeconds: Float64Array.from(seconds) };
}

/** Names in `seconds` that are no host of the fleet, in order of first mention. */
export function strangersIn(nodes: readonly NodeFile[], hostNames: readonly string[]): string[] {
  const known = new Set([...hostNames, "*"]);
  const strangers = new Set<string>();
  for (const { seconds } of nodes) {
    if (seconds !== undefined)
      for (const name of Object.keys(seconds)) if (!known.has(name) && !name.startsWith(IGNORED)) strangers.add(name);
  }
  return [...strangers];
}
