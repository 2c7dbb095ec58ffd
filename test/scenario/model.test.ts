import { describe, expect, it } from "vitest";
import { conductOf } from "#cli/conduct-of.js";
import { familyOf } from "#dispatch/conduct.js";
import { nixConduct } from "#dispatch/conducts.js";
import { nixVersion } from "#model/nix-version.js";
import { compiled, FLEET, faults, GRAPH, HEAD, load, one, value } from "./files.js";

const MODEL = `
schema: drvfleet.model/1
name: home
conducts:
  nix:
    hookSeconds: { value: 0.04, low: 0.03, high: 0.05, observations: 120, runs: 6 }
    connectCv: 0.2
    pollSeconds: 7
hosts:
  kana: { connect: { value: 90 ms, low: 80 ms, high: 0.1 s }, latency: 9 ms, speed: 3 }
  board: { connect: 1.5 s, up: 2 MB/s, speed: { value: 0.25 } }
  elsewhere: { speed: 7 }
unknown:
  - { what: speed of ai, why: it built nothing }
`;
const FILES = { "s/home.yaml": MODEL, "s/graph.json": GRAPH };
/** The fleet of these tests, its board without a speed. */
const OPEN = { ...FILES, "s/fleet.yaml": FLEET.replace("    speed: 0.2\n", "") };

describe("a scenario with a calibrated model", () => {
  it("takes from it what the fleet leaves out, and only that, by host name", () => {
    const { hosts } = one(`${HEAD}model: home.yaml\n`, {}, OPEN).problem;
    expect(hosts.names).toEqual(["ai", "kana", "board"]);
    expect([...hosts.connect]).toEqual([0, 0.4, 1.5]);
    expect([...hosts.latency]).toEqual([0.0003, 0.002, 0.0003]);
    expect([...hosts.speed]).toEqual([1.6, 1.3, 0.25]);
    expect(hosts.up[2]).toBe(2e6);
  });

  it("takes the speed of a machine from it, and how well that is known, for hosts that are a part of one", () => {
    const fleet = `${OPEN["s/fleet.yaml"].replace("name: board", "name: board\n    on: box\n    quota: 0.5")}machines: {box: {cores: 2}}\n`;
    const model = `${MODEL.replace(", speed: { value: 0.25 }", "")}machines: {box: {speed: {value: 0.8, low: 0.7, high: 0.9}, speedCv: 0.1}}\n`;
    const { hosts } = one(`${HEAD}model: home.yaml\n`, {}, { ...OPEN, "s/fleet.yaml": fleet, "s/home.yaml": model }).problem;
    expect(hosts.speed[2]).toBe(0.4);
    expect(hosts.machines!.share[2]).toBe(0.5);
    expect([...hosts.uncertain!.speed]).toEqual([0, 0, expect.closeTo(Math.hypot(Math.log(0.9 / 0.7) / 2 / 1.96, 0.1), 3)]);
    const told = fleet.replace("cores: 2}", "cores: 2, speed: 3}");
    const { hosts: fast } = one(`${HEAD}model: home.yaml\n`, {}, { ...OPEN, "s/fleet.yaml": told, "s/home.yaml": model }).problem;
    expect([fast.speed[2], fast.uncertain]).toEqual([1.5, null]);
  });

  it("takes from it how builds on a machine vary, unless the fleet says", () => {
    const fleet = `${OPEN["s/fleet.yaml"].replace("name: board", "name: board\n    on: box\n    quota: 0.5")}machines: {box: {cores: 2, workCv: 0.05}}\n`;
    const model = `${MODEL}machines: {box: {workCv: 0.01, shareCv: {value: 0.2, low: 0.1, high: 0.4}}}\n`;
    const { machines } = one(`${HEAD}model: home.yaml\n`, {}, { ...OPEN, "s/fleet.yaml": fleet, "s/home.yaml": model }).problem.hosts;
    expect([machines!.workCv, machines!.shareCv]).toEqual([Float64Array.of(0.05), Float64Array.of(0.2)]);
  });

  it("takes from it how much slower emulated builds are where the fleet leaves that open, on the host or on its machine, and how well it is known", () => {
    const open = FLEET.replace("compile: 12, shell: 11", "shell: 11");
    const slowdowns = (emulation: string, fleet = open) => {
      const files = { ...FILES, "s/fleet.yaml": fleet, "s/home.yaml": `${MODEL}emulation: ${emulation}\n` };
      const { problem, assumptions } = one(`${HEAD}model: home.yaml\n`, {}, files);
      const { demand, hosts } = problem;
      const row = demand.labels.indexOf("riscv64-linux compile") * hosts.count;
      const cells = (column: Float64Array | null) => column && [...column.slice(row, row + 2)];
      return { of: cells(demand.slowdown), cv: cells(demand.slowdownCv), assumed: assumptions.join().includes("emulation of") };
    };
    const figure = `{"riscv64-linux compile": {value: 3, low: 2, high: 4.5}, "riscv64-linux shell": 99}`;
    const cv = Math.sqrt(Math.exp((Math.log(1.5) / 1.959964) ** 2) - 1);
    expect(slowdowns(`{ai: ${figure}, kana: ${figure}}`)).toEqual({ of: [3, 9.5], cv: [expect.closeTo(cv, 6), 0], assumed: false });
    expect(slowdowns(`{ai: ${figure}}`, FLEET)).toEqual({ of: [12, 9.5], cv: null, assumed: false });
    expect(slowdowns(`{board: ${figure}}`).assumed).toBe(true);
    const onBox = `${open.replace("name: ai", "name: ai\n  on: box")}machines: {box: {cores: 14}}\n`;
    expect(slowdowns(`{box: ${figure}}`, onBox).of).toEqual([3, 9.5]);
    expect(slowdowns(`{box: ${figure}, ai: {"riscv64-linux compile": 4}}`, onBox)).toEqual({ of: [4, 9.5], cv: null, assumed: false });
    const wrong = compiled(`${HEAD}model: home.yaml\n`, {}, { ...OPEN, "s/home.yaml": `${MODEL}emulation: {ai: {riscv64-linux: 3}}\n` });
    expect(faults(wrong)[0]).toMatchObject({
      where: expect.stringContaining("emulation.ai"),
      what: expect.stringContaining("riscv64-linux compile"),
    });
  });

  it("assumes nothing that the model knows, and without one says that the speed is assumed", () => {
    const said = (text: string) => one(text, {}, OPEN).assumptions.filter((sentence) => /reference core|connect/.test(sentence));
    expect(said(`${HEAD}model: home.yaml\n`)).toEqual([]);
    expect(said(HEAD).map((sentence) => sentence.split(":")[0])).toEqual(["board", "board"]);
  });

  it("draws by its interval what it knows, and nothing that the fleet says", () => {
    const model = MODEL.replace("up: 2 MB/s", "up: { value: 2 MB/s, low: 1 MB/s, high: 4 MB/s }");
    const { hosts } = one(`${HEAD}model: home.yaml\n`, {}, { ...OPEN, "s/home.yaml": model }).problem;
    // 95 % of a log-normal figure lie within a factor of 2.
    const spread = Math.sqrt(Math.exp((Math.log(2) / 1.959964) ** 2) - 1);
    expect([...hosts.uncertain!.up]).toEqual([0, 0, expect.closeTo(spread, 9)]);
    expect([...hosts.uncertain!.latency, ...hosts.uncertain!.speed]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(one(`${HEAD}model: home.yaml\n`, {}, OPEN).problem.hosts.uncertain).toBeNull();
    // Nobody gives the board's connect, whose default differs from site to site.
    const { connect, ...others } = one(HEAD, {}, OPEN).problem.hosts.uncertain!;
    expect([...connect]).toEqual([0, 0, 0.4]);
    for (const column of Object.values(others)) expect([...column]).toEqual([0, 0, 0]);
  });

  it("may hold it, and flags name another or none", () => {
    const inline = MODEL.trim()
      .split("\n")
      .map((line) => `  ${line}`);
    const connect = (flags: Parameters<typeof one>[1], text = `${HEAD}model:\n${inline.join("\n")}\n`) =>
      one(text, flags, { ...OPEN, "other.yaml": "schema: drvfleet.model/1\nhosts: {board: {connect: 2 s}}\n" }).problem.hosts.connect[2];
    expect(connect({})).toBe(1.5);
    expect(connect({ modelFile: "other.yaml" })).toBe(2);
    expect(connect({ modelFile: null })).toBe(0.235);
    expect(connect({ modelFile: "other.yaml" }, HEAD)).toBe(2);
  });

  it("names the file and the key of a mistake in it", () => {
    const wrong = load(`${HEAD}model: home.yaml\n`, {}, { ...FILES, "s/home.yaml": MODEL.replace("connectCv", "conectCv") });
    expect(faults(wrong)[0]).toMatchObject({
      where: expect.stringMatching(/^s\/home\.yaml:7:5 conducts\.nix/),
      hint: expect.stringContaining("connectCv"),
    });
    const absent = load(`${HEAD}model: nowhere.yaml\n`, {}, FILES);
    expect(faults(absent)[0]!.where).toBe("s/nowhere.yaml (s/book.yaml:4:8 model)");
    const unit = compiled(`${HEAD}model: home.yaml\n`, {}, { ...FILES, "s/home.yaml": MODEL.replace("latency: 9 ms", "latency: 9") });
    expect(faults(unit)[0]!.where).toContain("hosts.kana.latency");
  });
});

describe("several models", () => {
  const other = `schema: drvfleet.model/1
conducts: { nix: { hookSeconds: 0.9, noticeSeconds: 0.3 } }
hosts: { kana: { connect: 3 s, connectCpu: 2 s }, board: { connect: 3 s, connectCpu: 2 s, up: 5 MB/s } }
`;
  const files = { ...OPEN, "s/other.yaml": other };

  it("count by figure, the first that knows it; the parts of a connect stay together", () => {
    const parts = (text: string) => {
      const { hosts } = one(`${HEAD}${text}`, {}, files).problem;
      return { connect: [...hosts.connect], connectCpu: [...hosts.connectCpu], up: [...hosts.up].slice(1) };
    };
    // kana's fleet gives its connect; the board's first model knows all of it as shorter than the other's part for the CPU.
    expect(parts("model: [home.yaml, other.yaml]\n")).toEqual({
      connect: [0, 0.4, 1.5],
      connectCpu: [0, 0, 0],
      up: [expect.any(Number), 2e6],
    });
    expect(parts("model: [other.yaml, home.yaml]\n")).toEqual({
      connect: [0, 0.4, 3],
      connectCpu: [0, 0, 2],
      up: [expect.any(Number), 5e6],
    });
    const cpu = { ...files, "s/other.yaml": other.replaceAll("connectCpu: 2 s", "connectCpu: 0.6 s") };
    const { hosts } = one(`${HEAD}model: [home.yaml, other.yaml]\n`, {}, cpu).problem;
    // What the board's CPU does for a connect the other model knows, how long it takes in all the first.
    expect([hosts.connect[2], hosts.connectCpu[2]]).toEqual([0.9, 0.6]);
    expect([hosts.connect[1], hosts.connectCpu[1]]).toEqual([0.4, 0]);
    const { model } = value(load(`${HEAD}model: [home.yaml, other.yaml]\n`, {}, files)).scenario;
    expect(model!.conducts.nix!.timing).toMatchObject({ hookSeconds: 0.04, noticeSeconds: 0.3 });
  });

  it("are named with their place in the list where one is wrong", () => {
    expect(faults(load(`${HEAD}model: [home.yaml, nowhere.yaml]\n`, {}, files))[0]!.where).toContain("model[1]");
  });
});

describe("conductOf with a calibrated model", () => {
  const nix = nixConduct(nixVersion("2.8")!);
  const settled = (text: string) => {
    const { scenario } = value(load(`${HEAD}model: home.yaml\n${text}`, {}, OPEN));
    return value(conductOf(scenario.conduct, nix, scenario.model));
  };

  it("lays its figures over the conduct of that name", () => {
    const { timing, offering, assumed } = settled("");
    // Who has measured hooks there knows the site.
    expect(nix.timing.siteCv).toBeGreaterThan(0);
    expect(timing).toEqual({ ...nix.timing, hookSeconds: 0.04, connectCv: 0.2, siteCv: 0 });
    expect(offering).toEqual({ ...nix.offering, pollSeconds: 7 });
    expect(assumed).toBe(false);
    expect(settled("conduct: 'nix[version=2.26]'\n").timing.hookSeconds).toBe(0.04);
    expect(settled("conduct: run\n").timing.connectCv).toBe(0);
  });

  it("lets what the scenario says itself count before", () => {
    const { timing, offering } = settled("conduct: { timing: { hookSeconds: 0.1 }, offering: { kind: waves, pollSeconds: 1 } }\n");
    expect(timing).toMatchObject({ hookSeconds: 0.1, connectCv: 0.2, siteCv: 0 });
    expect(offering).toMatchObject({ pollSeconds: 1 });
    const unmeasured = value(load(`${HEAD}conduct: { timing: { noticeSeconds: 0.1 } }\n`, {}, OPEN)).scenario;
    expect(value(conductOf(unmeasured.conduct, nix, unmeasured.model)).timing.siteCv).toBe(nix.timing.siteCv);
    const both = value(load(`${HEAD}conduct: { timing: { hookSeconds: 0.1, siteCv: 0.2 } }\n`, {}, OPEN)).scenario;
    expect(value(conductOf(both.conduct, nix, both.model)).timing.siteCv).toBe(0.2);
  });

  it("knows a conduct by its own name, where the scenario gives it one", () => {
    expect(familyOf(settled("conduct: { name: mine, timing: { startSeconds: 1 } }\n").name)).toBe("mine");
    expect(familyOf(settled("conduct: { timing: { startSeconds: 1 } }\n").name)).toBe("nix");
  });
});
