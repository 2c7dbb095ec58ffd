import { describe, expect, it } from "vitest";
import { FLEET, faults, GRAPH, HEAD, load, value } from "./files.js";

const faultsOf = (text: string, ...rest: [never?, Record<string, string>?]) => faults(load(text, {}, rest[1] ?? {}));

describe("loadScenario: mistakes in the file", () => {
  it.each([
    [
      "policys: [nix]",
      "s/book.yaml:4:1 policys",
      /^found the unknown key "policys", expected one of schema, name, about/,
      "did you mean policies?",
    ],
    [
      "estimates: exakt",
      "s/book.yaml:4:12 estimates",
      /^found "exakt", expected default, exact, history, mean, blind or/,
      "did you mean exact?",
    ],
    [
      "estimates: {noisy: {cv: -1}}",
      "s/book.yaml:4:25 estimates.noisy.cv",
      /^found -1, expected a coefficient of variation: a number from 0 to 10$/,
      "",
    ],
    [
      "models: {cpu: shard}",
      "s/book.yaml:4:15 models.cpu",
      /^found "shard", expected a CPU model: shared, dedicated$/,
      "did you mean shared?",
    ],
    ["models: {gravity: on}", "s/book.yaml:4:10 models.gravity", /^found the unknown key "gravity"/, /^known: cpu, network/],
    ["seeds: 0", "s/book.yaml:4:8 seeds", /^found 0, expected how many seeds: a whole number from 1 to 10000$/, ""],
    ["seeds: [1, -2]", "s/book.yaml:4:12 seeds[1]", /^found -2, expected a seed: a whole number from 0/, ""],
    [
      "conduct: {timing: {noticeSeconds: x}}",
      "s/book.yaml:4:35 conduct.timing.noticeSeconds",
      /^found "x", expected the lag of noticing, seconds: a number from 0/,
      "",
    ],
    [
      "conduct: {base: nix, timing: {ask: twice}}",
      "s/book.yaml:4:36 conduct.timing.ask",
      /^found "twice", expected asking: serial, parallel$/,
      "known: serial, parallel",
    ],
    ["requests: [{at: 5}]", "s/book.yaml:4:17 requests[0].at", /^found 5, expected when it arrives with its unit, such as "5 s"/, ""],
    ["requests: [{at: 5 s, priority: 3}]", "s/book.yaml:4:32 requests[0].priority", /the priority of a request is not supported yet$/, ""],
    ["requests: [{at: 5 s, share: 3}]", "s/book.yaml:4:29 requests[0].share", /the share of a request is not supported yet$/, ""],
    [
      'requests: [{roots: [hello], client: ""}]',
      "s/book.yaml:4:37 requests[0].client",
      /^found "", expected the name of the client that asks$/,
      "",
    ],
    ["requests: {every: 5 s, client: a}", "s/book.yaml:4:24 requests.client", /^found the unknown key "client"/, /^known: every, first/],
    [
      "requests: [{roots: [hello], client: a}, {roots: [test-vm]}]",
      "s/book.yaml:4:41 requests[1]",
      /^found no "client", expected its name: other requests of this list have one$/,
      "",
    ],
    [
      "faults: {buildFailure: {rate: 2}}",
      "s/book.yaml:4:31 faults.buildFailure.rate",
      /^found 2, expected the chance that an attempt fails: a number from 0 to 1$/,
      "",
    ],
    ["split: {parts: 1}", "s/book.yaml:4:16 split.parts", /^found 1, expected parts of each build: a whole number from 2 to 1024$/, ""],
    ["coresPerBuild: 1.5", "s/book.yaml:4:16 coresPerBuild", /^found 1.5, expected cores per build: a whole number from 1 to 65536$/, ""],
    ["pins: {linux-*: 5}", 's/book.yaml:4:17 pins["linux-*"]', /^found 5, expected a name or a list of names$/, ""],
    ["policies: [nix[version=2.8]", "s/book.yaml:4:15", /^found broken YAML/, /quote names with brackets/],
    [
      "policies: 'list[priority]'",
      's/book.yaml:4:11 policies "list[priority]" character 14',
      /^found "\]", expected = after priority$/,
      "write name[key=value,key=value]",
    ],
  ])("%s", (line, where, what, hint) => {
    const found = faultsOf(`${HEAD}${line}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ code: "input", where });
    expect(found[0]!.what).toMatch(what);
    expect(found[0]!.hint).toEqual(typeof hint === "string" ? hint : expect.stringMatching(hint));
  });

  it("tells a file of another kind from a scenario", () => {
    expect(faultsOf(FLEET)).toMatchObject([
      { where: "s/book.yaml:2:9 schema", what: 'found "drvfleet.fleet/1", expected "drvfleet.scenario/1"' },
    ]);
    expect(faultsOf("graph: a\nfleet: b")).toMatchObject([
      { where: "s/book.yaml:1:1", what: 'found no "schema", expected schema: drvfleet.scenario/1' },
    ]);
    expect(faultsOf("[1]")).toMatchObject([{ what: "found a list, expected an object with schema: drvfleet.scenario/1" }]);
  });

  it("counts mistakes beyond twenty instead of listing them", () => {
    const found = faultsOf(`${HEAD}${Array.from({ length: 30 }, (_, i) => `k${i}: 1`).join("\n")}`);
    expect(found).toHaveLength(21);
    expect(found.at(-1)!.what).toBe("found 10 more mistakes like these, expected none");
  });

  it("names the missing file and who wanted it", () => {
    expect(faultsOf("schema: drvfleet.scenario/1\ngraph: nowhere.json\nfleet: fleet.yaml")).toMatchObject([
      { where: "s/nowhere.json (s/book.yaml:2:8 graph)", what: "found no such file" },
    ]);
  });

  it("ignores x-… keys at every level", () => {
    const text = `${HEAD}x-note: 1\nmodels: {x-why: [2], cpu: dedicated}\nrequests: [{at: 1 s, x-who: me}]`;
    expect(value(load(text)).scenario.models.cpu).toBe("dedicated");
  });
});

describe("loadScenario: mistakes in the fleet", () => {
  it.each([
    ["cores: 14", "cores: 0", "s/fleet.yaml:6:10 coordinator.cores", /^found 0, expected cores: a whole number from 1 to 65536$/],
    ["speed: 1.6", "speed: .nan", "s/fleet.yaml:7:10 coordinator.speed", /^found NaN, expected speed/],
    ["speed: 1.6", "speed: -1", "s/fleet.yaml:7:10 coordinator.speed", /^found -1, expected speed .*: a number from 0.001 to 1000$/],
    [
      "maxJobs: 20",
      "maxJobs: 1e9",
      "s/fleet.yaml:8:12 coordinator.maxJobs",
      /^found 1000000000, expected maxJobs: a whole number from 0 to 100000$/,
    ],
    ["memory: 16 GiB", "memory: 16", "s/fleet.yaml:18:13 builders[0].memory", /^found 16, expected memory with its unit, such as "4 GiB"/],
    ["memory: 16 GiB", "memory: 16 Gib", "s/fleet.yaml:18:13 builders[0].memory", /^found "16 Gib", expected memory with its unit/],
    [
      "up: 100 Mbit/s",
      "up: 100",
      "s/fleet.yaml:19:16 builders[0].link.up",
      /^found 100, expected the rate from this host with its unit, such as "100 Mbit\/s"/,
    ],
    ["up: 100 Mbit/s", "up: 0 bit/s", "s/fleet.yaml:19:16 builders[0].link.up", /^found "0 bit\/s"/],
    ["latency: 2 ms", "latency: 2", "s/fleet.yaml:19:52 builders[0].link.latency", /^found 2, expected the one-way latency with its unit/],
    ["at: 10 min", "at: 600", "s/fleet.yaml:21:20 builders[0].outages[0].at", /^found 600, expected when it goes down with its unit/],
    [
      "compile: 12",
      "compilation: 12",
      "s/fleet.yaml:9:62 coordinator.systems.riscv64-linux.emulated.compilation",
      /^found the unknown key "compilation", expected one of compile, shell/,
    ],
    ["{riscv64-linux: native}", "{}", "s/fleet.yaml:26:14 builders[1].systems", /^found an empty object, expected at least one system/],
    [
      "{riscv64-linux: native}",
      "{riscv64-linux: nativ}",
      "s/fleet.yaml:26:30 builders[1].systems.riscv64-linux",
      /^found "nativ", expected native, or \{emulated: 9.5\}/,
    ],
  ])("%s → %s", (from, to, where, what) => {
    const found = faultsOf(HEAD, undefined, { "s/fleet.yaml": FLEET.replace(from, to) });
    expect(found).toMatchObject([{ code: "input", where }]);
    expect(found[0]!.what).toMatch(what);
  });

  it("places a mistake in an inline fleet in the scenario", () => {
    const text = `schema: drvfleet.scenario/1\ngraph: graph.json\nfleet:${FLEET.replace("cores: 14", "cors: 14").replaceAll("\n", "\n  ")}`;
    expect(faultsOf(text)).toMatchObject([
      { where: "s/book.yaml:7:5 fleet.coordinator.cores", what: 'found no "cores", expected cores: a whole number from 1 to 65536' },
      { where: "s/book.yaml:8:5 fleet.coordinator.cors", hint: "did you mean cores?" },
    ]);
  });

  it("takes a fleet with several mistakes for a fleet, not for a table of fleets", () => {
    const inline = (first: string) => `schema: drvfleet.scenario/1
graph: graph.json
fleet:${first}
  coordinator: { name: ai, cores: 4, maxJobs: 0, systems: { x86_64-linux: native } }
  builders:
    - { name: ruby, cores: 4, maxJobs: 2 }
    - { name: kana, cores: 4, maxJobs: 2 }
    - { name: aquamarine, cores: 4, maxJobs: 3 }
`;
    const missing = [0, 1, 2].map((builder) => ({
      where: expect.stringMatching(`fleet.builders\\[${builder}\\].systems$`),
      what: 'found no "systems", expected systems, such as {x86_64-linux: native}',
    }));
    expect(faultsOf(inline("\n  schema: drvfleet.fleet/1"))).toMatchObject(missing);
    expect(faultsOf(inline(""))).toMatchObject([{ what: 'found no "schema", expected "drvfleet.fleet/1"' }, ...missing]);
  });
});

describe("loadScenario: mistakes in the graph", () => {
  const graph = JSON.parse(GRAPH);
  const broken = (change: (graph: never) => void) => {
    const copy = structuredClone(graph);
    change(copy as never);
    return faultsOf(HEAD, undefined, { "s/graph.json": JSON.stringify(copy, null, 1) });
  };

  it.each([
    [
      "a negative work",
      (g: typeof graph) => void (g.nodes[1].work = -5),
      /^s\/graph.json:\d+:12 nodes\[1\].work$/,
      "found -5, expected core-seconds on a core of speed 1: a number from 0 to 1000000000000",
      "",
    ],
    [
      "a word for a number",
      (g: typeof graph) => void (g.nodes[1].work = "10"),
      /nodes\[1\].work$/,
      'found "10", expected core-seconds on a core of speed 1: a number from 0 to 1000000000000',
      "",
    ],
    [
      "an unknown key",
      (g: typeof graph) => void (g.nodes[2].memory = 3),
      /nodes\[2\].memory$/,
      /^found the unknown key "memory", expected one of name, pname/,
      /known: name/,
    ],
    [
      "an unknown workload",
      (g: typeof graph) => void (g.nodes[2].workload = "compil"),
      /nodes\[2\].workload$/,
      /^found "compil", expected a workload: compile, shell/,
      "did you mean compile?",
    ],
    [
      "no system",
      (g: typeof graph) => void delete g.nodes[3].system,
      /nodes\[3\].system$/,
      'found no "system", expected a Nix system, such as x86_64-linux',
      "",
    ],
    [
      "a fractional index",
      (g: typeof graph) => void (g.edges.from[0] = 0.5),
      /edges.from\[0\]$/,
      "found 0.5, expected the index of a node",
      "",
    ],
    [
      "a serial share above 1",
      (g: typeof graph) => void (g.nodes[1].serial = 1.1),
      /nodes\[1\].serial$/,
      "found 1.1, expected the serial share: a number from 0 to 1",
      "",
    ],
  ])("%s", (_, change, where, what, hint) => {
    const found = broken(change as never);
    expect(found).toHaveLength(1);
    expect(found[0]!.where).toMatch(where);
    if (typeof what === "string") expect(found[0]!.what).toBe(what);
    else expect(found[0]!.what).toMatch(what);
    expect(found[0]!.hint).toEqual(typeof hint === "string" ? hint : expect.stringMatching(hint));
  });
});

describe("loadScenario: what it makes of a sound file", () => {
  it("fills in every default", () => {
    expect(value(load(HEAD)).scenario).toMatchObject({
      name: "book",
      about: "",
      policies: [],
      estimates: { kind: "default" },
      conduct: { kind: "own" },
      seeds: Array.from({ length: 20 }, (_, i) => i + 1),
      requests: { kind: "listed", requests: [{ roots: null, at: 0 }] },
      spread: 0,
      buildFailure: null,
      baseline: null,
      split: null,
    });
  });

  it("reads every key", () => {
    const text = `${HEAD}name: all
about: every key
policies: ["list[placement=fastest, priority=depth]", nix, "nix"]
estimates: {noisy: {cv: 0.5}}
conduct: {base: "nix[version=2.8]", timing: {noticeSeconds: 0}}
seeds: [3, 7, 3]
requests: {poisson: 10 min, batch: 2}
faults: {buildFailure: {rate: 0.1, match: ["linux-*"]}, outages: [{host: kana, at: 1 min}]}
baseline: nix
pins: {"linux-*": kana, gcc: [ai, kana]}
only: [ai, kana]
exclude: board
prefer: kana
history: [old.jsonl, /var/h.jsonl]
split: {parts: 4}
coresPerBuild: 2
`;
    expect(value(load(text)).scenario).toMatchObject({
      name: "all",
      policies: ["list[placement=fastest,priority=depth]", "nix"],
      estimates: { kind: "noisy", cv: 0.5 },
      conduct: { kind: "custom", base: { name: "nix", params: { version: 2.8 } }, changes: { timing: { noticeSeconds: 0 } } },
      seeds: [3, 7],
      requests: { kind: "poisson", gap: 600, first: 0, batch: 2, roots: null, seed: 1 },
      buildFailure: { rate: 0.1, match: ["linux-*"], after: 1 },
      outages: [{ host: "kana", at: 60, for: Number.POSITIVE_INFINITY }],
      baseline: "nix",
      selection: {
        pins: [
          { glob: "linux-*", hosts: ["kana"], from: 's/book.yaml:13:8 pins["linux-*"]' },
          { glob: "gcc", hosts: ["ai", "kana"] },
        ],
        only: { value: ["ai", "kana"], from: "s/book.yaml:14:7 only" },
        exclude: { value: ["board"] },
        prefer: { value: ["kana"] },
      },
      history: ["s/old.jsonl", "/var/h.jsonl"],
      split: { parts: 4, overhead: 0.1, largest: 1 },
      coresPerBuild: 2,
    });
  });

  it("lets flags replace keys, and adds pins after the file's", () => {
    const flags = {
      policies: ["heft,list[priority=depth,placement=fastest]"],
      seeds: 2,
      estimates: "noisy[cv=0.30]",
      conduct: "ideal",
      models: ["cpu=dedicated"],
      pins: ["gcc*=ai,kana"],
      only: ["ai,kana"],
      split: "parts=3,largest=2",
      coresPerBuild: 4,
    };
    const { scenario } = value(load(`${HEAD}only: board\nmodels: {network: maxmin}\npins: {"*": kana}`, flags));
    expect(scenario).toMatchObject({
      policies: ["heft", "list[placement=fastest,priority=depth]"],
      seeds: [1, 2],
      estimates: { kind: "noisy", cv: 0.3 },
      conduct: { kind: "named", conduct: { name: "ideal", params: {} } },
      models: { cpu: "dedicated", network: "maxmin" },
      selection: {
        only: { value: ["ai", "kana"], from: "--only" },
        pins: [{ glob: "*" }, { glob: "gcc*", hosts: ["ai", "kana"], from: "--pin gcc*=ai,kana" }],
      },
      split: { parts: 3, overhead: 0.1, largest: 2 },
      coresPerBuild: 4,
    });
  });

  it.each([
    [{ pins: ["kana"] }, "--pin", 'found "kana", expected GLOB=host[,host]', "--pin 'linux-*=kana'"],
    [
      { estimates: "exakt" },
      "--estimates",
      'found "exakt", expected default, exact, history, mean, blind or {noisy: {cv: 0.5}}',
      "did you mean exact?",
    ],
    [{ models: ["cpu=none"] }, "--models cpu", 'found "none", expected a CPU model: shared, dedicated', "known: shared, dedicated"],
    [{ seeds: 0 }, "--seeds", "found 0, expected how many seeds: a whole number from 1 to 10000", ""],
    [{ split: "parts=1" }, "--split parts", "found 1, expected parts of each build: a whole number from 2 to 1024", ""],
    [{ coresPerBuild: 0 }, "--cores-per-build", "found 0, expected cores per build: a whole number from 1 to 65536", ""],
  ])("refuses the flags %j", (flags, where, what, hint) => {
    expect(faults(load(HEAD, flags))).toEqual([{ code: "usage", where, what, hint }]);
  });

  it("checks names against the registries it is handed", () => {
    const known = { policies: { nix: ["version"], list: ["priority", "placement"] }, conducts: { ideal: [], nix: ["version"] } };
    expect(faults(load(`${HEAD}policies: [nixx]\nconduct: ideel`, {}, {}, known))).toMatchObject([
      {
        code: "input",
        where: "s/book.yaml:4:11 policies",
        what: 'found the unknown policy "nixx", expected one that exists',
        hint: "did you mean nix?",
      },
      {
        where: "s/book.yaml:5:10 conduct",
        what: 'found the unknown conduct "ideel", expected one that exists',
        hint: "did you mean ideal?",
      },
    ]);
    expect(faults(load(HEAD, { policies: ["list[priorty=depth]"] }, {}, known))).toEqual([
      {
        code: "usage",
        where: "--policies",
        what: 'found the unknown parameter "priorty" of list, expected priority, placement',
        hint: "did you mean priority?",
      },
    ]);
  });

  it("lays fields over each policy's own conduct where no base is named", () => {
    const known = { conducts: { ideal: [] } };
    expect(value(load(`${HEAD}conduct: {timing: {noticeSeconds: 1}}`, {}, {}, known)).scenario.conduct).toEqual({
      kind: "custom",
      base: { name: "own", params: {} },
      changes: { timing: { noticeSeconds: 1 } },
    });
  });

  it("names fleets by table, file or place, and refuses two of one name", () => {
    const two = "schema: drvfleet.scenario/1\ngraph: graph.json\nfleet:";
    expect(value(load(`${two} {now: fleet.yaml, later: fleet.yaml}`)).fleets.map((fleet) => fleet.name)).toEqual(["now", "later"]);
    expect(value(load(HEAD, { fleets: ["s/fleet.yaml"] })).fleets.map((fleet) => fleet.name)).toEqual(["book"]);
    expect(faults(load(`${two} [fleet.yaml, fleet.yaml]`))).toMatchObject([
      { what: "found two fleets named book, expected a name for each" },
    ]);
  });

  it("merges graphs by key: shared nodes once, roots of all", () => {
    const other = JSON.stringify({
      schema: "drvfleet.graph/1",
      name: "other",
      nodes: [
        { name: "gcc-13", system: "x86_64-linux", work: 1 },
        { name: "zlib", system: "x86_64-linux" },
      ],
      edges: { from: [0], to: [1] },
    });
    const { graph } = value(
      load("schema: drvfleet.scenario/1\ngraph: [graph.json, other.json]\nfleet: fleet.yaml", {}, { "s/other.json": other }),
    );
    expect(graph.file.name).toBe("small+other");
    expect(graph.keys).toEqual(["src.tar.gz", "gcc-13", "linux-6.9", "test-vm", "hello", "zlib"]);
    expect(graph.file.nodes[1]!.work).toBe(1000);
    expect(graph.file.roots).toEqual([2, 3, 4, 5]);
    expect([...Array.from(graph.file.edges.from)]).toEqual([0, 1, 1, 1]);
    expect([...Array.from(graph.file.edges.to)]).toEqual([1, 2, 3, 5]);
  });

  it("takes a graph that is written inline, or generated", () => {
    expect(value(load(`schema: drvfleet.scenario/1\nfleet: fleet.yaml\ngraph: ${GRAPH}`)).graph.file.nodes).toHaveLength(5);
    expect(
      value(load("schema: drvfleet.scenario/1\nfleet: fleet.yaml\ngraph: {generate: {kind: layered, nodes: 100}}")).graph.file.nodes,
    ).toHaveLength(100);
  });
});
