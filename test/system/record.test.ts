// The recorder on the testbed: real Nix builds a small graph on two builders and at home, and every stage of every build is
// seen. What the importer reads from the same log holds what the witnesses saw, as far as a log can know.
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT, type Stage, STAGES } from "#dispatch/trace.js";
import { readInternalJson } from "#ingest/internal-json.js";
import type { LoggedRun } from "#ingest/logged-build.js";
import { type Span, stagesOf } from "#ingest/logged-stages.js";
import { parseTrace, type TraceFile } from "#report/trace-parse.js";
import type { Evidence } from "../../bench/record/evidence.js";
import { compilePrograms } from "../../bench/record/programs.js";
import { recipeOf } from "../../bench/record/recipe.js";
import { recorded } from "../../bench/record/run.js";
import { recordingOf } from "../../bench/record/witnessed.js";
import { folder } from "../program.js";
import { lacks, lacksTestbed } from "./needs.js";

const sleeps = (name: string, seconds: number, more: object = {}) => ({
  name,
  system: "x86_64-linux",
  seconds: { "*": seconds },
  cpu: 0,
  outputBytes: 1000,
  ...more,
});

const GRAPH = {
  schema: "drvfleet.graph/1",
  name: "small",
  nodes: [
    sleeps("big", 0.4, { outputBytes: 500_000 }),
    sleeps("featured", 0.4, { features: ["kvm"] }),
    sleeps("home", 0.5, { preferLocal: true }),
    { name: "works", system: "x86_64-linux", work: 0.2, outputBytes: 1000, sourceBytes: 5000 },
    sleeps("foreign", 0.2, { system: "aarch64-linux" }),
    sleeps("after", 0.3),
    sleeps("world", 0.2),
  ],
  edges: { from: [0, 1, 2, 3, 4, 5], to: [5, 5, 6, 6, 6, 6] },
};

const link = { up: "inf", down: "inf", latency: "0 s" };
const SCENARIO = {
  schema: "drvfleet.scenario/1",
  name: "small",
  graph: "graph.json",
  policies: "nix[version=2.8.0]",
  fleet: {
    schema: "drvfleet.fleet/1",
    coordinator: { name: "ai", cores: 2, speed: 1, maxJobs: 1, systems: { "x86_64-linux": "native" }, link },
    builders: [
      {
        name: "aquamarine",
        cores: 1,
        speed: 0.9,
        maxJobs: 2,
        systems: { "x86_64-linux": "native", "aarch64-linux": { emulated: 2 } },
        features: ["kvm"],
        link,
      },
      { name: "ruby", cores: 1, speed: 0.9, maxJobs: 1, systems: { "x86_64-linux": "native" }, link },
    ],
  },
};

const lacking = lacksTestbed("cpu", "binfmt") || lacks("gcc") || lacks("aarch64-linux-gnu-gcc");

describe.skipIf(lacking)("the recorder", () => {
  const place = folder();
  let evidence: Evidence;
  let file: TraceFile;
  let doubts: readonly string[];
  let text: string;
  let log: LoggedRun;

  beforeAll(async () => {
    for (const name of ["programs", "scratch"]) mkdirSync(place.at(name));
    writeFileSync(place.at("graph.json"), JSON.stringify(GRAPH));
    writeFileSync(place.at("small.json"), JSON.stringify(SCENARIO));
    const recipe = recipeOf(place.at("small.json"));
    if (!recipe.ok) throw new Error(JSON.stringify(recipe.faults));
    compilePrograms(place.at("programs"), ["x86_64", "aarch64"]);
    evidence = await recorded(recipe.value, {
      id: `record.${process.pid}`,
      programs: place.at("programs"),
      scratch: place.at("scratch"),
    });
    const recording = await recordingOf(recipe.value, "small.r1", evidence);
    if (!recording.ok) throw new Error(JSON.stringify(recording.faults));
    ({ doubts, text } = recording.value);
    const parsed = parseTrace(text, "small.r1");
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    file = parsed.value;
    const read = await readInternalJson(createReadStream(evidence.clients[0]!.log), "log");
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    log = read.value;
  }, 120_000);
  afterAll(() => place.remove());

  const rowOf = (name: string) => {
    const { trace, keys } = file;
    return Array.from({ length: trace.rows }, (_, row) => row).find((row) => keys[trace.task[row]!] === name)!;
  };
  const hostOf = (name: string) => file.header.hosts[file.trace.host[rowOf(name)]!];

  it("ran all of it, where Nix had to put it, and has no doubts", () => {
    expect(doubts).toEqual([]);
    expect(evidence.clients.map(({ code }) => code)).toEqual([0]);
    expect(file.trace.rows).toBe(GRAPH.nodes.length);
    expect([hostOf("home"), hostOf("featured"), hostOf("foreign")]).toEqual(["ai", "aquamarine", "aquamarine"]);
  });

  it("saw every stage of every build, in the order in which they happen", () => {
    const { trace, keys } = file;
    const copied: readonly Stage[] = ["uploadFrom", "uploaded", "returned"];
    for (let row = 0; row < trace.rows; row++) {
      const name = keys[trace.task[row]!]!;
      const seen = STAGES.filter((stage) => !Number.isNaN(trace[stage][row]!));
      expect(seen, name).toEqual(STAGES.filter((stage) => name !== "home" || !copied.includes(stage)));
      const instants = seen.map((stage) => trace[stage][row]!);
      expect(instants, name).toEqual(instants.toSorted((a, b) => a - b));
      expect(trace.outcome[row], name).toBe(BUILT);
    }
  });

  it("knows how long each builder slept, what it burned and what travelled", () => {
    const { trace } = file;
    const seconds = (name: string) => (trace.built[rowOf(name)]! - trace.started[rowOf(name)]!) / 1e6;
    for (const { name, seconds: own } of GRAPH.nodes as { name: string; seconds?: { "*": number } }[])
      if (own !== undefined) expect(seconds(name), name).toBeGreaterThanOrEqual(own["*"]);
    expect(trace.coreSeconds[rowOf("works")]!).toBeGreaterThan(0.05);
    expect(trace.bytesOut[rowOf("big")]!).toBeGreaterThan(500_000);
    // Its source, and nothing else.
    expect(trace.bytesIn[rowOf("works")]!).toBe(112 + 5000);
    expect(trace.bytesIn[rowOf("big")]!).toBe(0);
    expect(text).toMatch(/"x-load":\[\d+\.\d\d,\d+\.\d\d\]/);
  });

  it("agrees with the importer: no stage lies outside of what the log leaves open", () => {
    const { trace } = file;
    const shift = evidence.began * 1e6;
    const outside = log.builds.flatMap((build) => {
      const row = rowOf(build.name);
      const spans = Object.entries(stagesOf(build, log)) as [Stage, Span][];
      return spans.flatMap(([stage, { from, to }]) => {
        const at = trace[stage][row]! + shift;
        // A line is written, relayed and stamped some time after the fact, and the loop may have been busy without an ask.
        return Number.isNaN(at) || (at >= from - LATE && at <= to + LATE) ? [] : [`${build.name} ${stage}: ${from - at} … ${to - at} µs`];
      });
    });
    expect(outside).toEqual([]);
  });
});

/** µs: a process that starts or is woken on a busy machine. */
const LATE = 250_000;
