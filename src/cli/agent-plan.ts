// Problems for the agent's queue: what Nix has asked for and what its processes are known to ask for next become a graph, and
// that is compiled like any scenario, with the same estimates and the same fleet. Inputs that are built already are no part of
// it; what no builder may build is Nix's own business and left out.
import { stream } from "#base/random.js";
import { assert } from "#base/assert.js";
import type { FilledNode } from "#model/filled-node.js";
import type { NodeFile } from "#model/graph-file.js";
import { emulationDefault } from "#estimate/emulation.js";
import type { Plan, Planner, Request } from "#live/agent/queue.js";
import type { Scheme } from "#policy/index.js";
import { compileAll } from "#scenario/compile.js";
import type { LoadedScenario } from "#scenario/compiled.js";
import { derivationName } from "#ingest/store-path.js";
import type { Goals } from "./client-goals.js";

export interface PlannerParts {
  /** Fleet, choices and models; its graph is not looked at. */
  readonly loaded: LoadedScenario;
  readonly scheme: Scheme;
  readonly policyName: string;
  readonly goals: Goals;
  fill(nodes: readonly NodeFile[]): readonly FilledNode[];
  /** Whether some builder may build it. */
  isAble(system: string, features: readonly string[]): boolean;
}

interface Draft {
  readonly keys: string[];
  readonly nodes: NodeFile[];
  readonly inputs: (readonly string[])[];
  /** Whether somebody has asked for it. */
  readonly isAsked: boolean[];
}

export function plannerOf(parts: PlannerParts): Planner {
  return (requests) => planOf(requests, draftOf(requests, parts), parts);
}

function draftOf(requests: readonly Request[], { goals, isAble }: PlannerParts): Draft {
  const draft: Draft = { keys: [], nodes: [], inputs: [], isAsked: [] };
  const seen = new Set<string>();
  for (const { key, drv, system, features } of requests) {
    seen.add(key);
    draft.keys.push(key);
    draft.nodes.push({ ...(goals.derivation(drv)?.node ?? { name: derivationName(drv) ?? drv }), drv: key, system, features });
    // Nix asks once all that it needs is there.
    draft.inputs.push([]);
    draft.isAsked.push(true);
  }
  // Nix makes its goals level by level, while it asks already: what they need is known from their derivations.
  const queue = [...new Set(requests.map(({ client }) => client))].flatMap((client) => goals.of(client));
  for (let drv = queue.pop(); drv !== undefined; drv = queue.pop()) {
    const known = seen.has(drv) ? undefined : goals.derivation(drv);
    seen.add(drv);
    if (known === undefined || goals.isBuilt(drv)) continue;
    queue.push(...known.inputs);
    if (!isAble(known.node.system, known.node.features ?? [])) continue;
    draft.keys.push(drv);
    draft.nodes.push(known.node);
    draft.inputs.push(known.inputs);
    draft.isAsked.push(false);
  }
  return draft;
}

function planOf(requests: readonly Request[], draft: Draft, { loaded, scheme, policyName, goals, fill }: PlannerParts): Plan {
  const { keys, nodes, inputs, isAsked } = draft;
  const indexOf = new Map(keys.map((key, i) => [key, i]));
  const edges: { from: number[]; to: number[] } = { from: [], to: [] };
  for (const [to, needs] of inputs.entries()) {
    for (const need of needs) {
      const from = indexOf.get(need);
      if (from === undefined) continue;
      edges.from.push(from);
      edges.to.push(to);
    }
  }
  const { fleets, scenario } = loaded;
  const names = [fleets[0]!.file.coordinator, ...fleets[0]!.file.builders].map(({ name }) => name);
  const pins = requests
    .filter(({ barred }) => barred.length > 0)
    .map(({ key, barred }) => ({ glob: key, hosts: names.filter((name) => !barred.includes(name)), from: "choice of hosts" }));
  const compiled = compileAll(
    {
      ...loaded,
      scenario: { ...scenario, selection: { ...scenario.selection, pins } },
      graph: { file: { schema: "drvfleet.graph/1", name: "asked", nodes, edges }, keys, where: "what Nix asks" },
    },
    fill,
    emulationDefault,
  );
  assert(compiled.ok, () => `the agent's problem: ${compiled.ok ? "" : compiled.faults.map(({ what }) => what).join("; ")}`);
  const { problem, prefer, models } = compiled.value[0]!;
  const unknown = new Float64Array(problem.graph.count).fill(Number.POSITIVE_INFINITY);
  const growing = { ...problem, arrival: unknown };
  // What Nix builds or fetches otherwise comes when it comes.
  const isFed = (i: number): boolean => !isAsked[i]! && inputs[i]!.every((need) => indexOf.has(need) || goals.isBuilt(need));
  return {
    fed: Uint8Array.from(growing.graph.keys, (key) => (isFed(indexOf.get(key)!) ? 1 : 0)),
    problem: growing,
    policy: scheme.create(growing, stream(1, `agent/${policyName}`)),
    policyName,
    prefer,
    sharedCores: models.cpu === "shared",
  };
}
