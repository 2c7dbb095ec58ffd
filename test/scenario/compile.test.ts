import { describe, expect, it } from "vitest";
import { emulationDefault } from "#estimate/emulation.js";
import { DENIALS } from "#model/demand.js";
import { aloneSeconds, isAllowed } from "#model/problem.js";
import type { HostId, TaskId } from "#base/units.js";
import type { Compiled } from "#scenario/compiled.js";
import { compiled, FLEET, faults, GRAPH, HEAD, one, value } from "./files.js";

const taskOf = ({ problem }: Compiled, name: string) => problem.graph.names.indexOf(name) as TaskId;
const hostOf = ({ problem }: Compiled, name: string) => problem.hosts.names.indexOf(name) as HostId;
const denial = (of: Compiled, task: string, host: string) =>
  DENIALS[of.problem.demand.denied[of.problem.tasks.classOf[taskOf(of, task)]! * of.problem.hosts.count + hostOf(of, host)]!];
const alone = (of: Compiled, task: string, host: string, grant = 64) => aloneSeconds(of.problem, taskOf(of, task), hostOf(of, host), grant);
const slowdown = (of: Compiled, task: string, host: string) =>
  of.problem.demand.slowdown[of.problem.tasks.classOf[taskOf(of, task)]! * of.problem.hosts.count + hostOf(of, host)];

describe("compile", () => {
  it("says where each derivation may run and why not elsewhere", () => {
    const book = one(HEAD);
    expect(["ai", "kana", "board"].map((host) => denial(book, "gcc-13", host))).toEqual(["ok", "ok", "system"]);
    expect(["ai", "kana", "board"].map((host) => denial(book, "linux-6.9", host))).toEqual(["ok", "ok", "mandatory"]);
    expect(["ai", "kana", "board"].map((host) => denial(book, "test-vm", host))).toEqual(["feature", "ok", "system"]);
    expect(["ai", "kana", "board"].map((host) => denial(book, "hello", host))).toEqual(["ok", "ok", "mandatory"]);
  });

  it("takes times by the one composition rule", () => {
    const book = one(HEAD);
    expect(alone(book, "gcc-13", "ai")).toBeCloseTo((1000 / 1.6) * (0.1 + 0.9 / 8), 9);
    expect(slowdown(book, "linux-6.9", "ai")).toBe(12);
    expect(slowdown(book, "linux-6.9", "kana")).toBe(9.5);
    expect(alone(book, "src.tar.gz", "kana")).toBe(1e6 / (10 * 2 ** 20));
    expect([alone(book, "hello", "ai"), alone(book, "hello", "kana")]).toEqual([2, 1]);
  });

  it("falls back to the measured slowdown where the fleet names other workloads only, and says so", () => {
    const graph = GRAPH.replace('"compile"', '"float"');
    const book = one(HEAD, {}, { "s/graph.json": graph });
    const known = emulationDefault("riscv64-linux", "float");
    expect(slowdown(book, "linux-6.9", "ai")).toBe(known.slowdown);
    expect(book.assumptions).toContain(
      `emulation of riscv64-linux float × ${known.slowdown} (CV ${known.cv}): measured elsewhere, with qemu-user on three x86_64 machines; each world draws its own`,
    );
    const { slowdownCv, classes } = book.problem.demand;
    expect([...slowdownCv!].filter((cv) => cv > 0)).toEqual([known.cv]);
    expect(slowdownCv!.length).toBe(classes * book.problem.hosts.count);
    expect(one(HEAD).assumptions.join()).not.toContain("emulation of");
    expect(one(HEAD).problem.demand.slowdownCv).toBeNull();
  });

  it("keeps classes few and orders them by label", () => {
    const { problem } = one(HEAD);
    expect(problem.demand.labels).toEqual(["builtin", "riscv64-linux compile", "x86_64-linux", "x86_64-linux kvm"]);
    expect(problem.demand.systems).toEqual(["builtin", "riscv64-linux", "x86_64-linux", "x86_64-linux"]);
  });

  it("carries edge bytes, provenance and flags", () => {
    const { problem } = one(HEAD);
    const { graph, tasks } = problem;
    expect([...graph.predBytes!].filter((bytes) => !Number.isNaN(bytes))).toEqual([100]);
    expect(tasks.fetch[graph.names.indexOf("src.tar.gz")]).toBe(1);
    expect([...tasks.provenance]).toEqual([0, 0, 0, 0, 0]);
    expect(tasks.cpu[graph.names.indexOf("hello")]).toBe(0);
    expect(problem.arrival).toBeNull();
  });

  it("warns of seconds for hosts that the fleet does not have", () => {
    const book = one(HEAD, {}, { "s/graph.json": GRAPH.replace('"kana":1', '"kanna":1') });
    expect(book.warnings).toEqual(["the graph gives seconds for kanna: no host of the fleet book, so they do not count"]);
    expect(alone(book, "hello", "kana")).toBe(2);
  });

  it("takes a fixed output that states its work for a build", () => {
    const book = one(HEAD, {}, { "s/graph.json": GRAPH.replace('"sourceBytes":1000000', '"work":10') });
    expect(book.problem.tasks.fetch[taskOf(book, "src.tar.gz")]).toBe(0);
    expect(book.problem.tasks.work[taskOf(book, "src.tar.gz")]).toBe(10);
  });
});

describe("compile: the switches that are settled before a run", () => {
  const off = (models: string) => one(`${HEAD}models: {${models}}`);

  it.each([
    ["emulation: off", (of: Compiled) => slowdown(of, "linux-6.9", "ai"), 1],
    ["parallelism: off", (of: Compiled) => of.problem.tasks.serial[taskOf(of, "gcc-13")], 0],
    ["parallelism: off", (of: Compiled) => of.problem.tasks.maxCores[taskOf(of, "gcc-13")], Number.POSITIVE_INFINITY],
    ["fetches: free", (of: Compiled) => alone(of, "src.tar.gz", "kana"), 0],
    ["network: free", (of: Compiled) => of.problem.tasks.outputBytes.some((bytes) => bytes > 0), false],
    ["network: free", (of: Compiled) => of.problem.graph.predBytes, null],
    ["faults: off", (of: Compiled) => of.problem.hosts.outages.length, 0],
  ])("%s", (models, read, expected) => {
    expect(read(one(HEAD))).not.toEqual(expected);
    expect(read(off(models))).toEqual(expected);
  });

  it("memory: off lets a build of 64 GiB run anywhere", () => {
    const graph = GRAPH.replace('"work":1000', '"work":1000,"memoryBytes":68719476736');
    const small = FLEET.replace("maxJobs: 20", "maxJobs: 20\n  memory: 8 GiB");
    expect(
      one(`${HEAD}models: {memory: off}`, {}, { "s/graph.json": graph, "s/fleet.yaml": small }).problem.tasks.memoryBytes.every(
        (bytes) => bytes === 0,
      ),
    ).toBe(true);
    const found = faults(compiled(HEAD, {}, { "s/graph.json": graph, "s/fleet.yaml": small }));
    expect(found).toMatchObject([
      { code: "unbuildable", what: "found no host for gcc-13 (system x86_64-linux), expected one for every derivation" },
    ]);
    expect(found[0]!.hint).toBe(
      "ai: has 8.0 GiB of memory, it needs 64.0 GiB; kana: has 16.0 GiB of memory, it needs 64.0 GiB; board: builds riscv64-linux only",
    );
  });

  it("spreads the truth around what the graph gives, but not the size of a fetch", () => {
    const cv = (text: string) => {
      const { tasks } = one(text).problem;
      return [...tasks.cv].filter((_, t) => tasks.fetch[t] === 0);
    };
    expect(cv(HEAD)).toEqual([0, 0, 0, 0]);
    expect(cv(`${HEAD}spread: 0.47`)).toEqual([0.47, 0.47, 0.47, 0.47]);
    const { tasks } = one(`${HEAD}spread: 0.47`).problem;
    expect(tasks.cv[tasks.fetch.indexOf(1)]).toBe(0);
  });

  it("preferLocal and arrivals off: nothing stays at home, everything is asked for at 0", () => {
    const graph = GRAPH.replace('"work":1000', '"work":1000,"preferLocal":true');
    const requests = "requests: [{roots: [gcc-13], at: 10 s}]\n";
    const on = one(`${HEAD}${requests}`, {}, { "s/graph.json": graph }).problem;
    expect(on.tasks.preferLocal).toContain(1);
    expect(Math.max(...on.arrival!)).toBe(10e6);
    const off = one(`${HEAD}${requests}models: {preferLocal: off, arrivals: off}`, {}, { "s/graph.json": graph }).problem;
    expect(off.tasks.preferLocal).not.toContain(1);
    expect(off.arrival).toBeNull();
  });

  it("substitution: by list of globs, by rate, never what forbids it, and off", () => {
    const fleet = (hits: string) => ({ "s/fleet.yaml": `${FLEET}substituter: {bandwidth: 1 Gbit/s, hits: ${hits}}\n` });
    const hits = (of: Compiled) => of.problem.graph.names.filter((_, t) => of.problem.transport.substitutable?.[t] === 1);
    expect(hits(one(HEAD, {}, fleet('["gcc-*", hello]')))).toEqual(["hello", "gcc-13"]);
    expect(hits(one(HEAD, {}, fleet("1")))).toHaveLength(5);
    expect(hits(one(HEAD, {}, fleet("0")))).toEqual([]);
    const forbids = GRAPH.replace('"work":1000', '"work":1000,"allowSubstitutes":false');
    expect(hits(one(HEAD, {}, { ...fleet("1"), "s/graph.json": forbids }))).not.toContain("gcc-13");
    expect(one(`${HEAD}models: {substitution: off}`, {}, fleet("1")).problem.transport.substitutable).toBeNull();
    expect(one(HEAD, {}, fleet("1")).problem.transport.substituterBandwidth).toBe(125e6);
  });
});

describe("compile: choosing hosts", () => {
  it("lets the last matching pin count", () => {
    const book = one(`${HEAD}pins: {"*": [ai, kana], "gcc-*": kana}`, { pins: ["gcc-1?=ai"] });
    expect(["ai", "kana"].map((host) => denial(book, "gcc-13", host))).toEqual(["ok", "pinned"]);
    expect(["ai", "kana"].map((host) => denial(book, "linux-6.9", host))).toEqual(["ok", "ok"]);
    expect(book.problem.demand.labels).toContain("x86_64-linux pinned to ai");
  });

  it("restricts the fleet, and carries what is preferred", () => {
    const book = one(`${HEAD}prefer: [kana, ai]`, { exclude: ["ai"] });
    expect(denial(book, "gcc-13", "ai")).toBe("excluded");
    expect(book.prefer).toEqual([1, 0]);
  });

  it.each([
    [
      "only: kanna",
      {},
      {
        code: "input",
        where: "s/book.yaml:4:7 only",
        what: 'found the unknown host "kanna", expected one of the fleet book',
        hint: "did you mean kana?",
      },
    ],
    [
      "",
      { exclude: ["nobody"] },
      {
        code: "usage",
        where: "--exclude",
        what: 'found the unknown host "nobody", expected one of the fleet book',
        hint: "known: ai, kana, board",
      },
    ],
    [
      "",
      { pins: ["gcc*=kan"] },
      {
        code: "usage",
        where: "--pin gcc*=kan",
        what: 'found the unknown host "kan", expected one of the fleet book',
        hint: "did you mean kana?",
      },
    ],
    [
      "faults: {outages: [{host: rubi, at: 1 s}]}",
      {},
      {
        code: "input",
        where: "faults.outages",
        what: 'found the unknown host "rubi", expected one of the fleet book',
        hint: "known: ai, kana, board",
      },
    ],
  ])("knows no host %j %j", (line, flags, fault) => {
    expect(faults(compiled(`${HEAD}${line}`, flags))).toEqual([fault]);
  });

  it("counts a host without slots out", () => {
    const book = one(HEAD, {}, { "s/fleet.yaml": FLEET.replace("maxJobs: 20", "maxJobs: 0") });
    expect(isAllowed(book.problem, taskOf(book, "gcc-13"), hostOf(book, "ai"))).toBe(false);
  });
});

describe("compile: what nobody can build", () => {
  it("names the derivations, and the reason of every host", () => {
    const noKvm = FLEET.replace("features: [benchmark, big-parallel, kvm]", "features: [benchmark]");
    expect(faults(compiled(HEAD, {}, { "s/fleet.yaml": noKvm }))).toEqual([
      {
        code: "unbuildable",
        where: "fleet book",
        what: "found no host for test-vm (system x86_64-linux, features kvm), expected one for every derivation",
        hint: "ai: lacks kvm; kana: lacks kvm; board: builds riscv64-linux only",
      },
    ]);
  });

  it("names the flags that leave no host", () => {
    expect(faults(compiled(`${HEAD}only: [ai, kana]`, { exclude: ["kana"], pins: ["linux-*=kana"] }))).toMatchObject([
      { hint: "ai: shut out by --pin linux-*=kana; kana: shut out by --exclude; board: takes only what requires native" },
      { what: expect.stringContaining("test-vm"), hint: "ai: lacks kvm; kana: shut out by --exclude; board: builds riscv64-linux only" },
    ]);
  });

  it("counts derivations beyond three", () => {
    const nodes = Array.from({ length: 10 }, (_, i) => ({ name: `n${i}`, system: "armv7l-linux" }));
    const graph = JSON.stringify({ schema: "drvfleet.graph/1", name: "g", nodes, edges: { from: [], to: [] } });
    expect(faults(compiled(HEAD, {}, { "s/graph.json": graph }))).toMatchObject([
      { what: "found no host for n0, n1, n2 and 7 more (system armv7l-linux), expected one for every derivation" },
    ]);
  });

  it("looks only at what is requested", () => {
    const graph = GRAPH.replace('"system":"riscv64-linux"', '"system":"armv7l-linux"');
    const book = one(`${HEAD}requests: [{roots: [test-vm, hello], at: 0 s}]`, {}, { "s/graph.json": graph });
    expect(book.problem.graph.names).toEqual(["hello", "src.tar.gz", "gcc-13", "test-vm"]);
    expect(book.warnings).toEqual(["1 of 5 derivations are needed by no root: left out"]);
  });
});

describe("compile: requests", () => {
  const arrivals = (text: string) => {
    const { problem } = one(HEAD + text);
    return Object.fromEntries(problem.graph.names.map((name, t) => [name, (problem.arrival?.[t] ?? 0) / 1e6]));
  };

  it("gives each task the earliest request that needs it", () => {
    expect(arrivals("requests: [{roots: [linux-*], at: 1 min}, {roots: [test-vm], at: 10 s}, {roots: [hello]}]")).toEqual({
      hello: 0,
      "src.tar.gz": 10,
      "gcc-13": 10,
      "linux-6.9": 60,
      "test-vm": 10,
    });
  });

  it("lets roots arrive one by one, by name", () => {
    expect(arrivals("requests: {every: 5 min, first: 1 s}")).toMatchObject({ hello: 1, "linux-6.9": 301, "test-vm": 601, "gcc-13": 301 });
    expect(arrivals("requests: {every: 5 min, batch: 2}")).toMatchObject({ hello: 0, "linux-6.9": 0, "test-vm": 300 });
  });

  it("keeps clients apart by name: what each asks for by name, when, and what it never asks for", () => {
    const requests = "requests: [{roots: [test-vm], client: right, at: 5 s}, {roots: [gcc-13], client: left}]\n";
    const clientsOf = (text: string) => {
      const { graph, clients } = one(`${HEAD}${text}`).problem;
      return clients.map(({ name, arrival, root }) => ({
        name,
        asks: Object.fromEntries(graph.names.flatMap((task, t) => (Number.isFinite(arrival[t]!) ? [[task, arrival[t]! / 1e6]] : []))),
        roots: graph.names.filter((_, t) => root[t] === 1),
      }));
    };
    const [left, right] = clientsOf(requests);
    expect([left!.name, right!.name]).toEqual(["left", "right"]);
    expect([left!.roots, right!.roots]).toEqual([["gcc-13"], ["test-vm"]]);
    expect(new Set(Object.values(left!.asks))).toEqual(new Set([0]));
    expect(new Set(Object.values(right!.asks))).toEqual(new Set([5]));
    expect(right!.asks).toMatchObject({ "test-vm": 5, "gcc-13": 5 });
    expect(left!.asks).not.toHaveProperty("test-vm");
    expect(new Set(clientsOf(`${requests}models: {arrivals: off}`).flatMap(({ asks }) => Object.values(asks)))).toEqual(new Set([0]));
    expect(clientsOf(requests.replaceAll(/(left|right)/g, "me"))).toEqual([]);
  });

  it("draws Poisson arrivals from their own seed", () => {
    const one = arrivals("requests: {poisson: 5 min}");
    expect(one).toEqual(arrivals("requests: {poisson: 5 min, seed: 1}"));
    expect(one).not.toEqual(arrivals("requests: {poisson: 5 min, seed: 2}"));
    expect(one["test-vm"]).toBeGreaterThan(one["linux-6.9"]!);
  });

  it("refuses roots that are not there", () => {
    expect(faults(compiled(`${HEAD}requests: [{roots: [linux]}]`))).toMatchObject([
      { code: "input", where: "requests[0].roots", what: 'found "linux", expected the name of a derivation in s/graph.json' },
    ]);
  });
});

describe("compile: fleets", () => {
  it("compiles one Problem per fleet, with the cores that the scenario wishes", () => {
    const all = value(
      compiled(
        `schema: drvfleet.scenario/1\ngraph: graph.json\nfleet: {a: fleet.yaml, b: fleet.yaml}\ncoresPerBuild: 2\nfaults: {outages: [{host: ai, at: 1 s, for: 2 s}]}`,
      ),
    );
    expect(all.map((of) => of.fleetName)).toEqual(["a", "b"]);
    expect([...all[1]!.problem.hosts.coresPerBuild]).toEqual([2, 2, 2]);
    expect(all[0]!.problem.hosts.outages).toEqual([
      { host: 0, from: 1e6, to: 3e6 },
      { host: 1, from: 600e6, to: 630e6 },
    ]);
    expect(all[0]!.problem.graph).toBe(all[1]!.problem.graph);
  });
});
