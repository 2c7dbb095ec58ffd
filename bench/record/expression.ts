// A graph → the Nix expression of the same derivations, whose builder (cell.c) does what each node says. Names stay as they
// are, so that Nix orders them as it would. The builder lies outside the store: nothing travels that the graph does not say.
import { type Fault, fault } from "#base/fault.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";

/** Where every host of the testbed sees the same files. */
export interface Shared {
  /** Folder of the builders: cell.x86_64, cell.aarch64 … */
  readonly builders: string;
  /** File that the builders append to. */
  readonly log: string;
}

export const NATIVE = "x86_64-linux";

/** Systems that a builder can be compiled for. */
export const MACHINES: Readonly<Record<string, string>> = {
  [NATIVE]: "x86_64",
  "aarch64-linux": "aarch64",
  "riscv64-linux": "riscv64",
};

/** What a graph may hold that no derivation of ours can do, one fault each. */
export function expressible({ nodes }: GraphFile, where: string): Fault[] {
  const names = new Set<string>();
  return nodes.flatMap((node, i) => {
    const wrong = (what: string, hint = "") => [fault("input", `${where} nodes[${i}] ${node.name}`, what, hint)];
    if (names.has(node.name)) return wrong("found the name a second time, expected each once");
    names.add(node.name);
    if (!/^[A-Za-z0-9+_?=-][A-Za-z0-9+._?=-]*$/.test(node.name)) return wrong("expected a name that Nix allows");
    if (MACHINES[node.system] === undefined) return wrong(`found system ${node.system}`, `known: ${Object.keys(MACHINES).join(", ")}`);
    if (node.fixedOutput === true) return wrong("found a fixed output, expected none: nothing is fetched on the testbed");
    const { seconds, cpu = 1 } = node;
    if (seconds !== undefined && (seconds["*"] === undefined || Object.keys(seconds).length > 1))
      return wrong('expected `seconds` of any host ("*") only');
    if (seconds !== undefined && cpu !== 0 && cpu !== 1) return wrong(`found cpu ${cpu}, expected 0 (sleeps) or 1`);
    if (seconds === undefined && node.work === undefined) return wrong("found neither work nor seconds");
    return [];
  });
}

/** `refer`: whether an output refers to its inputs' outputs, so that all of them travel with it. */
export function expressionOf({ nodes, edges }: GraphFile, shared: Shared, refer: boolean): string {
  const needs = nodes.map((): string[] => []);
  for (let edge = 0; edge < edges.from.length; edge++) needs[edges.to[edge]!]!.push(nodes[edges.from[edge]!]!.name);
  const lines = nodes.map((node, i) => `  ${text(node.name)} = derivation { ${attributes(node, needs[i]!, shared, refer)} };`);
  // As a list: of attributes, nix-instantiate passes over those that are no identifiers.
  return `let d = {\n${lines.join("\n")}\n}; in builtins.attrValues d\n`;
}

function attributes(node: NodeFile, needs: readonly string[], { builders, log }: Shared, refer: boolean): string {
  const { name, system, seconds, cpu = 1, work = 0, outputBytes = 0, features = [], preferLocal = false, sourceBytes = 0 } = node;
  const wall = seconds?.["*"] ?? 0;
  const all: Readonly<Record<string, string>> = {
    name: text(name),
    system: text(system),
    builder: text(`${builders}/cell.${MACHINES[system]}`),
    node: text(name),
    log: text(log),
    seconds: text(cpu === 0 ? String(wall) : "0"),
    busy: text(cpu === 0 ? "0" : String(wall)),
    work: text(seconds === undefined ? String(work) : "0"),
    bytes: text(String(outputBytes)),
    refer: text(refer ? "1" : "0"),
    deps: `[ ${needs.map((need) => `d.${text(need)}`).join(" ")} ]`,
    ...(sourceBytes > 0 && { source: `./${sourceName(name)}` }),
    ...(features.length > 0 && { requiredSystemFeatures: `[ ${features.map(text).join(" ")} ]` }),
    ...(preferLocal && { preferLocalBuild: "true" }),
  };
  return Object.entries(all)
    .map(([key, value]) => `${key} = ${value};`)
    .join(" ");
}

/** Files that must lie beside the expression, with their sizes. */
export function sourcesOf({ nodes }: GraphFile): { readonly name: string; readonly bytes: number }[] {
  return nodes.flatMap(({ name, sourceBytes = 0 }) => (sourceBytes > 0 ? [{ name: sourceName(name), bytes: sourceBytes }] : []));
}

function sourceName(name: string): string {
  return `source-${name}`;
}

function text(value: string): string {
  return JSON.stringify(value).replaceAll("${", "\\${");
}
