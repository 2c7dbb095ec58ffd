// A scenario file → what the testbed must be set up as: the scenario says what the simulator is told, and the recorder does
// the same for real. What a scenario says for the testbed alone stands in an `x-` key, which everybody else ignores: an
// outage's `x-how`. Phases: read, settle the policy and its conduct, check what no testbed has.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { quantity } from "#base/units.js";
import { conductOf } from "#cli/conduct-of.js";
import { load } from "#cli/files.js";
import { KNOWN } from "#cli/known.js";
import { schemeOf } from "#cli/scheme-of.js";
import type { FleetFile, HostFile, OutageFile, Quantity } from "#model/fleet-file.js";
import type { GraphFile } from "#model/graph-file.js";
import { nixVersion } from "#model/nix-version.js";
import { readDocument } from "#scenario/document.js";
import { besides } from "#scenario/file-path.js";
import { loadScenario } from "#scenario/load.js";
import type { SourceDocument } from "#scenario/place.js";
import { expressible } from "./expression.js";

/** As the testbed does them. kill: all processes end, peers are told. silence: packets vanish. cut: both. refuse: sshd ends. */
export const FAULTS = ["kill", "cut", "silence", "refuse"] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface PlannedFault {
  readonly host: string;
  readonly how: FaultKind;
  /** Seconds after the first client began; 0 = before it. */
  readonly at: number;
  /** Infinity = never back. */
  readonly until: number;
}

/** One nix process. */
export interface Client {
  readonly name: string;
  readonly at: number;
  readonly roots: readonly string[];
}

export interface Recipe {
  readonly name: string;
  readonly graph: GraphFile;
  readonly fleet: FleetFile;
  /** As written: 2.26.3. */
  readonly version: string;
  readonly clients: readonly Client[];
  readonly faults: readonly PlannedFault[];
  readonly keepGoing: boolean;
  /** build-poll-interval. */
  readonly pollSeconds: number;
  /** Whether ssh connections are kept by a ControlMaster. */
  readonly kept: boolean;
}

export function recipeOf(path: string): Result<Recipe> {
  // 1. Read.
  // What a model says of the site was measured there, and is no part of what is set up.
  const loaded = loadScenario(path, load, { modelFile: null }, KNOWN);
  if (!loaded.ok) return loaded;
  const { scenario, graph, fleets } = loaded.value;
  const [fleet, ...others] = fleets;
  const [policy, ...more] = scenario.policies;
  if (others.length > 0) return fail(fault("input", path, "found several fleets, expected the one to record on"));
  // 2. The policy, and what its conduct says of the client.
  const version = /^nix\[version=(.+)\]$/.exec(policy ?? "")?.[1];
  if (version === undefined || more.length > 0 || nixVersion(version) === undefined)
    return fail(
      fault("input", `${path} policies`, `found ${policy ?? "none"}, expected the Nix to record`, "policies: nix[version=2.8.0]"),
    );
  const scheme = schemeOf(policy!);
  const conduct = scheme.ok ? conductOf(scenario.conduct, scheme.value.conduct, null) : scheme;
  if (!conduct.ok) return conduct;
  const { offering, reaction, timing } = conduct.value;
  // 3. What no testbed has.
  const document = readWhole(path);
  const whole = document.ok ? document.value.value : {};
  const clients = clientsOf(whole as WholeScenario, path, graph.file);
  const faults = faultsOf(wholeFleet(whole as WholeScenario, path));
  const wrong = [...expressible(graph.file, graph.where), ...shaped(fleet!.file, fleet!.name)];
  if (!clients.ok || !faults.ok || wrong.length > 0)
    return fail(...wrong, ...(clients.ok ? [] : clients.faults), ...(faults.ok ? [] : faults.faults));
  return ok({
    name: scenario.name,
    graph: graph.file,
    fleet: fleet!.file,
    version,
    clients: clients.value,
    faults: faults.value,
    keepGoing: reaction.keepGoing,
    pollSeconds: offering.kind === "waves" ? offering.pollSeconds : 5,
    kept: timing.connect === "kept",
  });
}

/** Keys that begin with x-, which the checked scenario has no more. */
interface WholeScenario {
  readonly requests?: readonly Readonly<Record<string, unknown>>[];
  readonly fleet?: string | WholeFleet;
}

interface WholeFleet {
  readonly builders?: readonly { readonly name: string; readonly outages?: readonly (OutageFile & { readonly "x-how"?: FaultKind })[] }[];
}

function readWhole(path: string): Result<SourceDocument> {
  const bytes = load(path);
  return bytes.ok ? readDocument(path, bytes.value.bytes) : bytes;
}

function wholeFleet({ fleet }: WholeScenario, path: string): WholeFleet {
  if (typeof fleet !== "string") return fleet ?? {};
  const document = readWhole(besides(path, fleet));
  return document.ok ? (document.value.value as WholeFleet) : {};
}

/** Requests of one client are one nix process; without requests there is one for the graph's own roots. */
function clientsOf({ requests }: WholeScenario, path: string, graph: GraphFile): Result<readonly Client[]> {
  if (requests === undefined) return ok([{ name: "", at: 0, roots: rootsOf(graph) }]);
  const clients: Client[] = [];
  const faults: Fault[] = [];
  for (const [i, { roots, at, client }] of requests.entries()) {
    const name = String(client ?? "");
    if (Array.isArray(roots) && !clients.some((one) => one.name === name))
      clients.push({ name, at: seconds(at as Quantity | undefined, 0), roots: roots.map(String) });
    else faults.push(fault("input", `${path} requests[${i}]`, "expected roots, and a client of its own for each request"));
  }
  return faults.length > 0 ? fail(...faults) : ok(clients);
}

function rootsOf({ nodes, edges, roots }: GraphFile): string[] {
  const needed = new Set(Array.from(edges.from));
  return (roots ?? [...nodes.keys()].filter((node) => !needed.has(node))).map((node) => nodes[node]!.name);
}

function faultsOf({ builders = [] }: WholeFleet): Result<readonly PlannedFault[]> {
  const faults: Fault[] = [];
  const planned = builders.flatMap(({ name, outages = [] }) =>
    outages.map((outage) => {
      const { "x-how": how = "kill" } = outage;
      if (!FAULTS.includes(how))
        faults.push(fault("input", `${name} outages`, `found x-how: ${how}, expected one of ${FAULTS.join(", ")}`));
      const at = seconds(outage.at, 0);
      return { host: name, how, at, until: at + seconds(outage.for, Number.POSITIVE_INFINITY) };
    }),
  );
  return faults.length > 0 ? fail(...faults) : ok(planned);
}

/** A link is shaped alike in both directions, or not at all; the coordinator's never. */
function shaped({ coordinator, builders }: FleetFile, name: string): Fault[] {
  const rates = ({ link }: HostFile) => [rate(link?.up), rate(link?.down)];
  return [coordinator, ...builders].flatMap((host, h) => {
    const [up, down] = rates(host);
    if (up === down && (h > 0 || up === Number.POSITIVE_INFINITY)) return [];
    const expected = h === 0 ? "inf: the coordinator's link is not shaped" : "the same rate both ways, or inf";
    return [fault("input", `${name} ${host.name} link`, `found up ${host.link?.up}, down ${host.link?.down}, expected ${expected}`)];
  });
}

/** Bytes per second; infinite where nothing limits it. */
export function rate(value: Quantity | undefined): number {
  return typeof value === "number" ? value : (quantity(value ?? "inf", "rate") ?? Number.POSITIVE_INFINITY);
}

function seconds(value: Quantity | undefined, absent: number): number {
  return value === undefined ? absent : typeof value === "number" ? value : (quantity(value, "seconds") ?? absent);
}
