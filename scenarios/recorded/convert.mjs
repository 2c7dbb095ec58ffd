// Recorded runs of real Nix as the testbed writes them (one JSON file per run: graph, fleet, rows of instants) → our own
// formats: a scenario per configuration with all its repetitions as drvfleet.trace/1, and the graphs that they share.
//   node scenarios/recorded/convert.mjs test/fixtures/traces scenarios/recorded
// Instants are as recorded: 0 is the start of the nix process. A test runs this again and finds no difference.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";

const WORLDS = 200;

/** `runs`: {folder, value} per file of the testbed. Returns the text of each file to write, by its path. */
export function converted(runs) {
  const files = new Map();
  for (const [name, repetitions] of grouped(runs)) {
    const graph = name.slice(name.lastIndexOf("/") + 1).replace(/\..*$/, "");
    keep(files, `graphs/${graph}.json`, graphText(graph, repetitions[0].graph));
    keep(files, `${name}.yaml`, scenarioText(name, graph, repetitions));
    for (const run of repetitions) keep(files, `${dirname(name)}/${run.name}.trace.jsonl`, traceText(run));
  }
  return files;
}

/** Repetitions by configuration: `2.8.0/mixed44.book_j0`. */
function grouped(runs) {
  const groups = new Map();
  for (const { folder, value } of runs) {
    const name = `${folder}/${value.name.replace(/\.r\d+$/, "")}`;
    groups.set(name, [...(groups.get(name) ?? []), value]);
  }
  return groups;
}

function keep(files, path, text) {
  if (files.has(path) && files.get(path) !== text) throw new Error(`${path}: two recordings disagree about it`);
  files.set(path, text);
}

function graphText(name, { nodes }) {
  const index = new Map(nodes.map((node, i) => [node.name, i]));
  const edges = nodes.flatMap((node, to) => node.deps.map((dep) => ({ from: index.get(dep), to })));
  const lines = nodes.map((node) =>
    JSON.stringify({
      name: node.name,
      system: node.system,
      ...(node.features?.length > 0 && { features: node.features }),
      ...(node.preferLocal && { preferLocal: true }),
      seconds: { "*": node.duration_s },
      cpu: 0,
      outputBytes: (node.out_kb ?? 0) * 1000,
    }),
  );
  const source = { recorded: "testbed of this project; builds are sleeps" };
  const start = JSON.stringify({ schema: "drvfleet.graph/1", name, source }).slice(0, -1);
  const ends = { from: edges.map(({ from }) => from), to: edges.map(({ to }) => to) };
  return `${start},"nodes":[\n${lines.join(",\n")}\n],"edges":${JSON.stringify(ends)}}\n`;
}

function scenarioText(name, graph, runs) {
  const [first] = runs;
  for (const { fleet } of runs) {
    if (fleet.machines_file !== first.fleet.machines_file) throw new Error(`${name}: repetitions on different fleets`);
  }
  return [
    "schema: drvfleet.scenario/1",
    `name: ${name}`,
    `about: Recorded ${runs.length} times with Nix ${first.nix} on four hosts of one machine`,
    `graph: ../graphs/${graph}.json`,
    `policies: nix[version=${first.nix}]`,
    `model: ../sites/${name.slice(0, name.indexOf("/"))}.yaml`,
    `seeds: ${WORLDS}`,
    "fleet:",
    "  schema: drvfleet.fleet/1",
    `  name: ${name.slice(name.indexOf(".", name.lastIndexOf("/")) + 1)}`,
    `  coordinator: ${flow(coordinator(first.fleet))}`,
    "  builders:",
    ...builders(first.fleet).map((host) => `    - ${flow(host)}`),
    "",
  ].join("\n");
}

function coordinator({ coordinator: name, args }) {
  return {
    name,
    cores: 4,
    speed: 1,
    maxJobs: Number(args[args.indexOf("-j") + 1]),
    systems: { "x86_64-linux": "native" },
    features: ["benchmark", "big-parallel", "kvm"],
    link: { up: "inf", down: "inf", latency: "0 s" },
  };
}

/** Lines of the machines file: URI, systems, key, maxJobs, speedFactor, features, mandatory features. */
function builders({ machines_file: text }) {
  const listed = (field) => (field === "-" ? [] : field.split(","));
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [uri, systems, , maxJobs, speedFactor, features, mandatory] = line.split(/\s+/);
      return {
        name: uri.slice(uri.indexOf("@") + 1),
        cores: 4,
        speed: 1,
        maxJobs: Number(maxJobs),
        speedFactor: Number(speedFactor),
        systems: Object.fromEntries(listed(systems).map((system) => [system, "native"])),
        features: listed(features),
        ...(listed(mandatory).length > 0 && { mandatoryFeatures: listed(mandatory) }),
        link: { latency: "0 s" },
      };
    });
}

/** connect_start = asked, accepted, start = started, stop = built, copied_back = returned (printed late), done = noticed. */
function traceText({ name, nix, fleet, trace }) {
  const slots = new Map();
  const end = Math.max(...trace.rows.map((row) => row.done));
  const hosts = [fleet.coordinator, ...fleet.machines_file.trim().split("\n").map((line) => /@(\S+)/.exec(line)[1])];
  const header = `{"schema":"drvfleet.trace/1","run":${JSON.stringify(name)},"engine":"nix-${nix}","hosts":${JSON.stringify(hosts)},"makespan":${instant(end)}}\n`;
  const attempts = trace.rows.map((row) => {
    // A local build says that it starts after its builder has begun.
    const accepted = Math.min(row.accepted, row.start);
    const stages = {
      ready: row.ready,
      asked: row.connect_start ?? accepted,
      accepted,
      started: row.start,
      built: row.stop,
      returned: row.copied_back,
      noticed: row.done,
    };
    const times = Object.entries(stages).flatMap(([stage, at]) => (at === null ? [] : [`,"${stage}":${instant(at)}`]));
    const slot = slotOf(slots, row);
    return `{"task":${JSON.stringify(row.node)},"attempt":1,"host":${JSON.stringify(row.host)},"slot":${slot},"cores":1${times.join("")},"outcome":"built"}\n`;
  });
  const spans = trace.rows.flatMap((row) =>
    row.first_postponed === null
      ? []
      : [`{"span":"postponed","task":${JSON.stringify(row.node)},"from":${instant(row.first_postponed)},"to":${instant(row.connect_start ?? row.accepted)}}\n`],
  );
  return header + attempts.join("") + spans.join("");
}

/** The lowest slot of the host whose last build had ended: no recording says which one it was. */
function slotOf(slots, { host, accepted, stop }) {
  const ends = slots.get(host) ?? [];
  const free = ends.findIndex((end) => end <= accepted);
  const slot = free < 0 ? ends.length : free;
  ends[slot] = stop;
  slots.set(host, ends);
  return slot;
}

function instant(seconds) {
  return seconds.toFixed(6);
}

function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${flow(inner)}`)
    .join(", ")} }`;
}

/** Every run below a folder: its sub-folders name what was recorded with what. */
export function runsIn(root) {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => name.endsWith(".json"))
        .sort()
        .map((name) => ({ folder, value: JSON.parse(readFileSync(join(root, folder, name), "utf8")) })),
    );
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const [, , from, to] = argv;
  for (const [path, text] of converted(runsIn(from))) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), text);
  }
}
