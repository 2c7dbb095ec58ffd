// Broken input from end to end: the documented exit code, a message with place and what was expected, no stack trace,
// nothing on standard output and nothing on the disk.
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { drvfleet, folder } from "../program.js";
import { builder, type Files, FLEET, fleet, GRAPH, graph, node, scenario, write } from "./tiny.js";

const DEEP = "[".repeat(100_000) + "]".repeat(100_000);
const text = JSON.stringify(GRAPH);

/** What is broken → files, the message's place, what it says, and its hint. */
type Row = readonly [what: string, files: Files, where: RegExp, says: RegExp, hint?: RegExp];

const INPUT: readonly Row[] = [
  ["a graph cut off", { "graph.json": text.slice(0, 60) }, /^graph\.json:1:61$/, /the end of the file/, /cut off/],
  ["gzip cut off", { "graph.json": gzipSync(text).subarray(0, 40) }, /^graph\.json/, /inside its gzip data/, /cut off/],
  ["damaged gzip", { "graph.json": damaged(gzipSync(text)) }, /^graph\.json/, /cannot be decompressed/, /damaged/],
  ["an empty file", { "graph.json": "" }, /^graph\.json$/, /an empty file/],
  ["zero bytes", { "graph.json": new Uint8Array(100) }, /^graph\.json:1:1$/, /expected an object with schema: drvfleet\.graph\/1/],
  ["a list", { "graph.json": "[1]" }, /^graph\.json:1:1$/, /found a list/],
  ["a missing file", { "graph.json": null }, /^graph\.json .*graph/, /no such file/, /check the path/],
  ["a directory", scenario({ graph: "." }), /^\. .*graph/, /is a directory, expected a file/],
  ["a path through a file", scenario({ graph: "fleet.json/x" }), /^fleet\.json\/x/, /is a file, expected a directory/],
  ["invalid UTF-8", { "graph.json": Buffer.from([0x7b, 0xff]) }, /^graph\.json:1:2$/, /the byte 0xff, expected UTF-8/],
  ["invalid UTF-8 in a name", { "graph.json": Buffer.from(text.replace("hello", "\xff"), "latin1") }, /^graph\.json:1:\d+$/, /0xff/],
  ["deep nesting", { "graph.json": DEEP }, /^graph\.json:1:201$/, /nesting deeper than 200/],
  ["deep nesting in YAML", { "fleet.json": `a: ${DEEP}` }, /^fleet\.json:1:\d+$/, /nesting deeper than 200/],
  ["an alias bomb", { "fleet.json": bomb() }, /^fleet\.json$/, /alias/],
  ["two YAML documents", { "fleet.json": "a: 1\n---\nb: 2\n" }, /^fleet\.json:2:1$/, /second document/],
  ["tabs in YAML", { "fleet.json": "schema: x\n\ta: 1\n" }, /^fleet\.json:2:1$/, /Tabs/, /spaces/],
  ["a key twice", { "graph.json": '{"schema":"x","schema":"y"}' }, /^graph\.json:1:15$/, /a second time/],
  [
    "another kind of file",
    { "scenario.json": JSON.stringify(FLEET) },
    /schema$/,
    /found "drvfleet\.fleet\/1", expected "drvfleet\.scenario\/1"/,
  ],
  [
    "a cycle",
    graph(({ edges }) => void Object.assign(edges, { from: [0, 1], to: [1, 0] })),
    /edges$/,
    /a cycle of 2 .*glibc-2\.41 → hello-2\.12/,
  ],
  ["a derivation that needs itself", graph(({ edges }) => void (edges.to[0] = 0)), /edges\.to\[0\]$/, /needing itself/],
  ["an edge to nowhere", graph(({ edges }) => void (edges.to[0] = 7)), /edges\.to\[0\]$/, /found node 7, expected an index from 0 to 1/],
  ["half an edge", graph(({ edges }) => void edges.from.push(1)), /edges$/, /2 in from and 1 in to/],
  ["no nodes", graph((file) => void Object.assign(file, { nodes: [], edges: { from: [], to: [] } })), /nodes$/, /found no node/],
  [
    "one derivation twice",
    graph(({ nodes }) => nodes.forEach((one) => void (one.drv = "/nix/store/x.drv"))),
    /nodes\[1\]$/,
    /at nodes\[0\] and nodes\[1\]/,
  ],
  ["negative work", node({ work: -1 }), /nodes\[0\]\.work$/, /found -1/],
  ["absurd work", node({ work: 1e300 }), /nodes\[0\]\.work$/, /found 1e\+300/],
  ["work as text", node({ work: "12" }), /nodes\[0\]\.work$/, /found "12"/],
  ["work of null", node({ work: null }), /nodes\[0\]\.work$/, /found null/],
  ["a misspelt key", node({ wrok: 3 }), /nodes\[0\]\.wrok$/, /unknown key "wrok"/],
  ["a name with control characters", node({ name: "a\u001b[31m" }), /nodes\[0\]\.name$/, /without control characters/],
  ["a name without end", node({ name: "a".repeat(1e5) }), /nodes\[0\]\.name$/, /at most 4096 characters/],
  ["a host twice", fleet(({ builders }) => void builders.push(builders[0]!)), /builders\[1\]\.name$/, /host name there a second time/],
  ["the coordinator as a builder", builder({ name: "here" }), /builders\[0\]\.name$/, /a second time \(first: coordinator\)/],
  ["no cores", builder({ cores: 0 }), /builders\[0\]\.cores$/, /found 0/],
  ["absurd cores", builder({ cores: 1e9 }), /builders\[0\]\.cores$/, /found 1000000000/],
  ["half a core", builder({ cores: 1.5 }), /builders\[0\]\.cores$/, /a whole number/],
  ["negative speed", builder({ speed: -1 }), /builders\[0\]\.speed$/, /found -1/],
  ["next to no speed", builder({ speed: 1e-300 }), /builders\[0\]\.speed$/, /from 0\.001/],
  ["absurd maxJobs", builder({ maxJobs: 1e9 }), /builders\[0\]\.maxJobs$/, /from 0 to 100000/],
  ["memory without unit", builder({ memory: 4 }), /builders\[0\]\.memory$/, /with its unit, such as "4 GiB"/],
  ["absurd memory", builder({ memory: "99999999999 TiB" }), /builders\[0\]\.memory$/, /memory/],
  ["a rate in bytes without time", builder({ link: { up: "10 GB" } }), /builders\[0\]\.link\.up$/, /"100 Mbit\/s"/],
  ["a link that carries nothing", builder({ link: { up: "0 Mbit/s" } }), /builders\[0\]\.link\.up$/, /at least 1 B\/s/],
  ["no systems", builder({ systems: {} }), /builders\[0\]\.systems$/, /at least one system/],
  ["a negative slowdown", builder({ systems: { "x86_64-linux": { emulated: -2 } } }), /emulated$/, /found -2/],
  ["a missing fleet", { "fleet.json": null }, /^fleet\.json .*fleet/, /no such file/],
  ["an unknown key", scenario({ plicies: ["nix"] }), /plicies$/, /unknown key "plicies"/, /did you mean policies\?/],
  ["an unknown policy", scenario({ policies: ["nyx"] }), /policies$/, /unknown policy "nyx"/, /did you mean nix\?/],
  ["an unknown parameter", scenario({ policies: ["list[prioritty=depth]"] }), /policies$/, /"prioritty"/, /did you mean priority\?/],
  [
    "an unknown value of a parameter",
    scenario({ policies: ["list[priority=dept]"] }),
    /list\[priority=dept\]$/,
    /found "dept"/,
    /did you mean depth\?/,
  ],
  ["a bracket left open", scenario({ policies: ["list[priority=depth"] }), /policies .*character 20$/, /expected , or \]/],
  ["an unknown baseline", scenario({ baseline: "nyx" }), /baseline$/, /"nyx"/, /did you mean nix\?/],
  ["a pin to an unknown host", scenario({ pins: { "a*": "ther" } }), /pins/, /unknown host "ther"/, /did you mean there\?/],
  ["an unknown host to use", scenario({ only: "hre" }), /only$/, /unknown host "hre"/, /did you mean here\?/],
  ["no seeds", scenario({ seeds: 0 }), /seeds$/, /from 1 to 10000/],
  ["absurd seeds", scenario({ seeds: 1e9 }), /seeds$/, /from 1 to 10000/],
  ["an unknown model", scenario({ models: { cpu: "sharedd" } }), /models\.cpu$/, /"sharedd"/, /did you mean shared\?/],
  ["an unknown conduct", scenario({ conduct: "nixx" }), /conduct$/, /"nixx"/, /did you mean nix\?/],
  ["a missing history", scenario({ history: "nope.jsonl" }), /nope\.jsonl$/, /no such file/],
  [
    "an unknown root",
    scenario({ requests: [{ roots: ["hallo-2.12"], at: "0 s" }] }),
    /requests\[0\]\.roots$/,
    /"hallo-2\.12"/,
    /did you mean hello-2\.12\?/,
  ],
  ["a time without unit", scenario({ requests: [{ at: 5 }] }), /requests\[0\]\.at$/, /with its unit/],
  ["an outage of nobody", scenario({ faults: { outages: [{ host: "ther", at: "1 s" }] } }), /outages/, /"ther"/, /did you mean there\?/],
  ["an unknown generator", scenario({ graph: { generate: { kind: "chan", nodes: 3 } } }), /kind$/, /"chan"/, /did you mean chain\?/],
  ["a graph beyond all size", scenario({ graph: { generate: { kind: "chain", nodes: 1e12 } } }), /nodes$/, /at most|to 5000000/],
  ["no fleets", scenario({ fleet: [] }), /fleet$/, /at least one fleet/],
  ["an empty scenario", { "scenario.json": "" }, /^scenario\.json$/, /an empty file/],
  ["a missing scenario", { "scenario.json": null }, /^scenario\.json$/, /no such file/, /check the path/],
];

const UNBUILDABLE: readonly Row[] = [
  [
    "a system that nobody has",
    node({ system: "sparc-solaris" }),
    /fleet pair$/,
    /no host for glibc-2\.41 \(system sparc-solaris\)/,
    /there: builds x86_64-linux only/,
  ],
  ["a feature that nobody has", node({ features: ["kvm"] }), /fleet pair$/, /features kvm/, /there: lacks kvm/],
  [
    "memory that nobody has",
    { ...node({ memoryBytes: 2 ** 36 }), ...memories("4 GiB") },
    /fleet pair$/,
    /glibc-2\.41/,
    /there: has 4\.0 GiB of memory, it needs 64\.0 GiB/,
  ],
  [
    "hosts without slots",
    fleet((file) => void [file.coordinator, ...file.builders].forEach((one) => void (one.maxJobs = 0))),
    /fleet pair$/,
    /no host for/,
    /maxJobs is 0/,
  ],
  [
    "mandatory features everywhere",
    fleet((file) => void [file.coordinator, ...file.builders].forEach((one) => void (one.mandatoryFeatures = ["kvm"]))),
    /fleet pair$/,
    /no host for/,
    /takes only what requires kvm/,
  ],
];

describe.concurrent("broken input is refused: exit 2", () => {
  for (const [what, files, where, says, hint] of INPUT) it(what, () => refused(2, files, where, says, hint));
});

describe.concurrent("what nobody can build is refused before simulating: exit 4", () => {
  for (const [what, files, where, says, hint] of UNBUILDABLE) it(what, () => refused(4, files, where, says, hint));
});

async function refused(code: number, files: Files, where: RegExp, says: RegExp, hint?: RegExp): Promise<void> {
  const place = folder();
  write(place.path, files);
  const before = place.files();
  const ended = await drvfleet(["compare", "scenario.json", "--out", "out"], { cwd: place.path });
  const after = place.files();
  place.remove();
  expect(ended.err).not.toMatch(/^\s+at |node:|a bug of ours/m);
  expect(ended).toMatchObject({ code, out: "" });
  const errors = [...ended.err.matchAll(/^error: (.*?): (found .*|it .*|there is .*|the end .*|.*expected .*)$/gm)];
  expect(errors, ended.err).toHaveLength(1);
  expect(errors[0]![1]).toMatch(where);
  expect(errors[0]![2]).toMatch(says);
  expect(ended.err.split("\n").filter((line) => line !== "" && !/^(error: | {2}hint: )/.test(line))).toEqual([]);
  if (hint !== undefined) expect(ended.err).toMatch(new RegExp(`^ {2}hint: .*${hint.source}`, "m"));
  expect(after).toEqual(before);
}

function damaged(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i > 20 && i < 60 ? 0xff : byte));
}

function bomb(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x]"];
  for (const [from, to] of ["ab", "bc", "cd", "de"].map((pair) => [...pair] as [string, string]))
    lines.push(`${to}: &${to} [${Array.from({ length: 8 }, () => `*${from}`).join(", ")}]`);
  return lines.join("\n");
}

function memories(memory: string): Files {
  return fleet((file) => void [file.coordinator, ...file.builders].forEach((one) => void (one.memory = memory)));
}
