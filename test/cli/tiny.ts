// A scenario of two derivations and two hosts as files in a folder, to be broken one part at a time.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const GRAPH = {
  schema: "drvfleet.graph/1",
  name: "tiny",
  nodes: [
    { name: "glibc-2.41", system: "x86_64-linux", work: 100, outputBytes: 1e6 },
    { name: "hello-2.12", system: "x86_64-linux", work: 50, outputBytes: 1e6 },
  ] as Record<string, unknown>[],
  edges: { from: [0], to: [1] },
};

export const FLEET = {
  schema: "drvfleet.fleet/1",
  name: "pair",
  coordinator: host("here"),
  builders: [host("there")],
};

export const SCENARIO = { schema: "drvfleet.scenario/1", name: "tiny", graph: "graph.json", fleet: "fleet.json", seeds: 2 };

function host(name: string): Record<string, unknown> {
  return { name, cores: 4, speed: 1, maxJobs: 2, systems: { "x86_64-linux": "native" } };
}

/** By file name; null leaves the file out. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

/** The three files, with others in their place. */
export function write(directory: string, files: Files = {}): void {
  const all: Files = {
    "scenario.json": JSON.stringify(SCENARIO),
    "graph.json": JSON.stringify(GRAPH),
    "fleet.json": JSON.stringify(FLEET),
    ...files,
  };
  for (const [name, content] of Object.entries(all)) if (content !== null) writeFileSync(join(directory, name), content);
}

export function graph(change: (graph: typeof GRAPH) => void): Files {
  return { "graph.json": changed(GRAPH, change) };
}

/** The first derivation with other fields. */
export function node(fields: Record<string, unknown>): Files {
  return graph(({ nodes }) => void Object.assign(nodes[0]!, fields));
}

export function fleet(change: (fleet: typeof FLEET) => void): Files {
  return { "fleet.json": changed(FLEET, change) };
}

/** The builder with other fields. */
export function builder(fields: Record<string, unknown>): Files {
  return fleet(({ builders }) => void Object.assign(builders[0]!, fields));
}

export function scenario(fields: Record<string, unknown>): Files {
  return { "scenario.json": JSON.stringify({ ...SCENARIO, ...fields }) };
}

function changed<T>(value: T, change: (value: T) => void): string {
  const copy = structuredClone(value);
  change(copy);
  return JSON.stringify(copy);
}
