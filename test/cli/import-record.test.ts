import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { importCommand } from "#cli/import.js";
import { parseHistory } from "#estimate/history-file.js";
import { parseTrace } from "#report/trace-parse.js";
import { logPath, logText, RUNS, sampleText, truthOf } from "../ingest/recorded-logs.js";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));
const SHOW = `${FIXTURES}/formats/2.34.8/mixed44.derivation-show.json`;
let folder: string;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drvfleet-test-"));
  said = "";
  process.exitCode = undefined;
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]): Promise<number> {
  const program = new Command("drvfleet").option("--quiet");
  importCommand(program);
  await program.parseAsync(["import", ...args], { from: "user" });
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return code;
}
const out = (name: string) => join(folder, name);
const put = (name: string, text: string) => {
  writeFileSync(out(name), text);
  return out(name);
};
const trace = (name: string) => {
  const read = parseTrace(readFileSync(out(name), "utf8"), name);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.value;
};
const history = (name: string) => {
  const read = parseHistory(readFileSync(out(name), "utf8"), name);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.value;
};
const host = (name: string, more: object = {}) => ({
  name,
  cores: 2,
  speed: 1,
  maxJobs: 4,
  systems: { "x86_64-linux": "native", "aarch64-linux": { emulated: 5 }, "riscv64-linux": { emulated: 9 } },
  ...more,
});
const FLEET = JSON.stringify({
  schema: "drvfleet.fleet/1",
  coordinator: host("ai"),
  builders: [host("aquamarine", { maxJobs: 3, uri: "ssh://root@aquamarine" }), host("Ruby", { uri: "ssh://root@ruby" }), host("kana")],
});

/** A recorded log with other stamps. */
const restamped = (name: string, stamp: (seconds: string, fraction: string) => string) =>
  put(
    name,
    sampleText(`logs/${RUNS[2]}`).replace(/^(\d+)\.(\d+)/gm, (_, seconds, fraction) => stamp(seconds, fraction)),
  );

describe("import trace", () => {
  it.each(RUNS)("%s: every attempt on its host and slot, in an order that a reader accepts", async (name) => {
    expect(await run("graph", SHOW, "-o", out("g.json"))).toBe(0);
    const graph = name.includes("mixed44") ? ["--graph", out("g.json")] : [];
    const asked = ["trace", logPath(name), ...graph, "--fleet", put("fleet.json", FLEET), "--nix-version", "2.26.3", "-o", out("t.jsonl")];
    expect(await run(...asked), said).toBe(0);
    const { header, keys, trace: read } = trace("t.jsonl");
    const { rows, makespan } = truthOf(name);
    expect(header).toMatchObject({ engine: "nix-2.26.3", hosts: ["ai", "aquamarine", "Ruby", "kana"] });
    expect(read.rows).toBe(rows.size);
    expect(read.makespan / 1e6).toBeCloseTo(makespan, 0);
    expect(said).toContain(`${rows.size} of them built`);
    for (let row = 0; row < read.rows; row++) {
      const truth = rows.get(keys[read.task[row]!]!.replace(/^.*?-(.*)\.drv$/, "$1"))!;
      expect(header.hosts[read.host[row]!]!.toLowerCase()).toBe(truth.host);
      expect(read.slot[row]).toBeLessThan({ ai: 4, aquamarine: 3 }[truth.host] ?? 2);
      expect(read.cores[row]).toBe(2);
    }
    const postponed = [...rows.values()].filter((row) => row.first_postponed !== null);
    expect(read.spans.filter(({ kind }) => kind === "postponed")).toHaveLength(postponed.length);
    // Whoever waited for nobody was ready at the start; `world` when the last of all was noticed.
    if (graph.length === 0) return;
    const world = keys.findIndex((key) => key.endsWith("-world.drv"));
    const last = Math.max(...[...read.noticed.subarray(0, read.rows)].filter((_, row) => read.task[row] !== world));
    expect(read.ready[[...read.task.subarray(0, read.rows)].indexOf(world)]).toBe(last);
    expect([...read.ready.subarray(0, read.rows)].filter((at) => at === 0).length).toBeGreaterThan(5);
  });

  it("of a graph that knows no store paths: builds are its nodes by name, and know when they were ready", async () => {
    const graph = fileURLToPath(new URL("../../scenarios/recorded/graphs/mixed44.json", import.meta.url));
    const names = JSON.parse(readFileSync(graph, "utf8")).nodes.map(({ name }: { name: string }) => name);
    const asked = (file: string) => ["trace", logPath(RUNS[0]), "--graph", file, "--fleet", put("fleet.json", FLEET), "-o", out("t.jsonl")];
    expect(await run(...asked(graph)), said).toBe(0);
    const { keys, trace: read } = trace("t.jsonl");
    expect([...keys].sort()).toEqual(names.sort());
    expect([...read.ready.subarray(0, read.rows)].every((at) => at >= 0)).toBe(true);
    // A name that stands for two nodes stands for none.
    const twice = JSON.parse(readFileSync(graph, "utf8"));
    twice.nodes.push({ ...twice.nodes[0], seconds: { "*": 1 } });
    expect(await run(...asked(put("twice.json", JSON.stringify(twice)))), said).toBe(0);
    const left = trace("t.jsonl").keys.filter((key) => key.endsWith(".drv"));
    expect(left).toEqual([expect.stringContaining(`-${twice.nodes[0].name}.drv`)]);
  });

  it("without fleet and graph: host names from the addresses, cores and readiness not made up", async () => {
    expect(await run("trace", `${FIXTURES}/formats/2.8.0/fail-ssh.internal-json.log.gz`, "-o", out("t.jsonl"))).toBe(0);
    const lines = readFileSync(out("t.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ engine: "nix", hosts: ["localhost", "ruby"], run: "fail-ssh.internal-json.log.gz" });
    expect(lines[0]["x-began"]).toBeGreaterThan(1.7e9);
    expect(lines[1]).toMatchObject({ host: "ruby", slot: 0, cores: 0, outcome: "failed", bytesIn: 0 });
    expect(Object.keys(lines[1])).toEqual([
      "task",
      "attempt",
      "host",
      "slot",
      "cores",
      "asked",
      "accepted",
      "uploadFrom",
      "uploaded",
      "started",
      "noticed",
      "bytesIn",
      "outcome",
    ]);
    expect(lines.slice(2).map(({ span }) => span)).toEqual(["dispatch"]);
    expect(said).toMatch(/cores are unknown.*\n.*when builds were ready is unknown/);
  });

  it("two logs are one run: the second attempt counts on", async () => {
    const drv = `/nix/store/${"a".repeat(32)}-a-1.drv`;
    const log = (from: number, fails: boolean) =>
      logText([
        [from, { action: "start", id: 1, type: 104, text: "" }],
        [from, { action: "start", id: 2, type: 105, text: "", fields: [drv, "", 1, 1] }],
        [from + 1, { action: "result", id: 1, type: 105, fields: [fails ? 0 : 1, 1, 0, fails ? 1 : 0] }],
        [from + 1, { action: "stop", id: 2 }],
      ]);
    expect(await run("trace", put("b.log", log(20, false)), put("a.log", log(10, true)), "-o", out("t.jsonl"))).toBe(0);
    const { trace: read } = trace("t.jsonl");
    expect([...read.attempt.subarray(0, 2)]).toEqual([0, 1]);
    expect([...read.outcome.subarray(0, 2)]).toEqual([1, 0]);
    expect(read.accepted[1]).toBe(10e6);
  });

  it("of another graph: refused; of one that has some of its builds: told which", async () => {
    expect(await run("graph", `${FIXTURES}/formats/2.34.8/zoo.derivation-show.json`, "-o", out("zoo.json"))).toBe(0);
    for (const kind of ["trace", "history"]) {
      expect(await run(kind, logPath(RUNS[2]), "--graph", out("zoo.json"), "-o", out("o.jsonl"))).toBe(2);
      expect(said).toMatch(/zoo\.json: found none of the 44 builds in this graph, expected the graph that was built/);
      expect(existsSync(out("o.jsonl"))).toBe(false);
    }
    expect(await run("graph", SHOW, "-o", out("g.json"))).toBe(0);
    const graph = JSON.parse(readFileSync(out("g.json"), "utf8"));
    const stranger = graph.nodes[0];
    stranger.drv = stranger.drv.replace(/[0-9a-z]{32}-/, `${"0".repeat(32)}-`);
    expect(await run("trace", logPath(RUNS[2]), "--graph", put("part.json", JSON.stringify(graph)), "-o", out("t.jsonl")), said).toBe(0);
    expect(said).toContain(`part.json: 1 of 44 builds are not in this graph, 1 of them have a name that is, under another store path`);
    expect(said).toContain(`when they were ready is unknown (${stranger.name})`);
  });

  it("of another fleet: whose cores are unknown, and who built nothing", async () => {
    const { coordinator } = JSON.parse(FLEET);
    const fleet = JSON.stringify({ schema: "drvfleet.fleet/1", coordinator, builders: [host("kana"), host("nobody")] });
    expect(await run("trace", logPath(RUNS[2]), "--fleet", put("f.json", fleet), "-o", out("t.jsonl")), said).toBe(0);
    expect(said).toMatch(/f\.json: no host of this fleet is (aquamarine, ruby|ruby, aquamarine): cores there are written as 0/);
    expect(said).toMatch(/f\.json: nothing was built on nobody of this fleet/);
    const { header, trace: read } = trace("t.jsonl");
    const cores = new Map([...read.host.subarray(0, read.rows)].map((id, row) => [header.hosts[id], read.cores[row]]));
    expect([cores.get("kana"), cores.get("ruby")]).toEqual([2, 0]);
  });

  it("of a log given twice, by whatever name: as of the log once, with a note", async () => {
    const log = logPath(RUNS[2]);
    expect(await run("trace", log, "--name", "r", "-o", out("once.jsonl")), said).toBe(0);
    const copy = put("copy.log", sampleText(`logs/${RUNS[2]}`));
    expect(await run("trace", log, copy, log, "--name", "r", "-o", out("t.jsonl")), said).toBe(0);
    expect(readFileSync(out("t.jsonl"), "utf8")).toBe(readFileSync(out("once.jsonl"), "utf8"));
    const { rows } = truthOf(RUNS[2]);
    expect(said).toContain(`note: ${2 * rows.size} builds are in several of the inputs, with the same times, and are counted once`);
    expect(await run("history", log, copy, "-o", out("h.jsonl")), said).toBe(0);
    expect(said).toContain(`${rows.size} builds added\n`);
  });

  it("of a log appended to itself: refused, with the line", async () => {
    const text = sampleText(`logs/${RUNS[2]}`);
    expect(await run("trace", put("aa.log", text + text), "-o", out("t.jsonl"))).toBe(2);
    expect(said).toMatch(new RegExp(`aa\\.log:${text.split("\n").length}: found an arrival time .* before that of line`));
    expect(said).toContain("several logs in it, or one twice");
  });

  it("of a log stamped in milliseconds: as of one stamped in seconds", async () => {
    const log = restamped("ms.log", (seconds, fraction) => `${seconds}${fraction.slice(0, 3)}`);
    expect(await run("trace", log, "-o", out("ms.jsonl")), said).toBe(0);
    expect(await run("trace", logPath(RUNS[2]), "-o", out("t.jsonl")), said).toBe(0);
    expect(said).not.toContain("good to");
    const [milli, micro] = [trace("ms.jsonl").trace, trace("t.jsonl").trace];
    expect(milli.rows).toBe(micro.rows);
    expect(milli.makespan / 1e6).toBeCloseTo(micro.makespan / 1e6, 2);
  });

  it("of a log stamped in whole seconds: told, and no stage is made up", async () => {
    expect(
      await run(
        "trace",
        restamped("s.log", (seconds) => seconds),
        "-o",
        out("t.jsonl"),
      ),
      said,
    ).toBe(0);
    expect(said).toMatch(
      /s\.log: its arrival times are whole seconds.*good to 1\.00 s only\n.*left out of builds whose log has no exact times/,
    );
    const { trace: read } = trace("t.jsonl");
    for (const stage of ["uploadFrom", "uploaded", "started", "built", "returned"] as const)
      expect([...read[stage].subarray(0, read.rows)].every(Number.isNaN), stage).toBe(true);
    expect([...read.noticed.subarray(0, read.rows)].some(Number.isNaN)).toBe(false);
  });

  it("of a log turned around: refused, with the line and by how much", async () => {
    const lines = sampleText(`logs/${RUNS[2]}`).trim().split("\n").reverse();
    expect(await run("trace", put("r.log", `${lines.join("\n")}\n`), "-o", out("t.jsonl"))).toBe(2);
    expect(said).toMatch(/r\.log:\d+: found an arrival time [\d.]+ s before that of line 1, expected times that do not go back/);
    expect(existsSync(out("t.jsonl"))).toBe(false);
  });

  it.each([
    ["a file of another kind", ["g.json"], 2, /found no log of Nix's internal-json format/],
    ["a missing file", ["nowhere.log"], 2, /no such file/],
    ["a log without builds", ["empty.log"], 2, /found no builds/],
    ["a version that is none", ["empty.log", "--nix-version", "new"], 2, /--nix-version: found "new"/],
  ])("%s", async (_, [name, ...flags], code, text) => {
    put("g.json", "{}");
    put("empty.log", '1.0\t@nix {"action":"stop","id":3}\n');
    expect(await run("trace", out(name!), ...flags, "-o", out("t.jsonl"))).toBe(code);
    expect(said).toMatch(text);
    expect(existsSync(out("t.jsonl"))).toBe(false);
  });
});

describe("import history", () => {
  it("a log's builds: their time is near the builders' own, or stands between bounds that hold it", async () => {
    expect(await run("graph", SHOW, "-o", out("g.json"))).toBe(0);
    const name = "2.34.8/mixed44.book_j4.r1";
    const asked = ["history", logPath(name), "--graph", out("g.json"), "--fleet", put("fleet.json", FLEET), "-o", out("h.jsonl")];
    expect(await run(...asked), said).toBe(0);
    const rows = history("h.jsonl");
    const { rows: truth } = truthOf(name);
    expect(rows).toHaveLength(truth.size);
    expect(rows.filter((row) => "x-between" in row).length).toBeLessThan(5);
    for (const row of rows) {
      const own = truth.get(row.pname)!;
      const [least, most] = (row["x-between"] as [number, number] | undefined) ?? [row.seconds / 1.13, row.seconds * 1.13];
      expect(own.stop - own.start, row.pname).toBeGreaterThan(least - 0.03);
      expect(own.stop - own.start, row.pname).toBeLessThan(most + 0.03);
      expect(row).toMatchObject({ cores: 2, emulated: row.system !== "x86_64-linux", provenance: "internal-json" });
      expect(row.host.toLowerCase()).toBe(own.host);
    }
    expect(new Set(rows.map(({ system }) => system))).toEqual(new Set(["x86_64-linux", "aarch64-linux", "riscv64-linux"]));
    const before = readFileSync(out("h.jsonl"), "utf8");
    expect(await run(...asked)).toBe(0);
    expect(said).toContain(`0 builds added, ${rows.length} known already`);
    expect(readFileSync(out("h.jsonl"), "utf8")).toBe(before);
  });

  it("told again with a graph and a fleet: what was assumed is corrected, no build is there twice", async () => {
    const log = logPath(RUNS[2]);
    const mine = '{ "pname":"old", "system":"x86_64-linux","host":"h","emulated":false,"cores":1,"seconds":1,"at":1,"provenance":"live"}';
    put("h.jsonl", `${mine}\n`);
    expect(await run("graph", SHOW, "-o", out("g.json"))).toBe(0);
    const known = ["history", log, "--graph", out("g.json"), "--fleet", put("fleet.json", FLEET)];
    expect(await run("history", log, "-o", out("h.jsonl")), said).toBe(0);
    expect(await run("history", log, "--graph", out("g.json"), "-o", out("h.jsonl")), said).toBe(0);
    expect(said).toMatch(/0 builds added, \d+ corrected, \d+ known already/);
    expect(await run(...known, "-o", out("h.jsonl")), said).toBe(0);
    expect(await run(...known, "-o", out("straight.jsonl")), said).toBe(0);
    const [text, straight] = [readFileSync(out("h.jsonl"), "utf8"), history("straight.jsonl")];
    expect(text.startsWith(`${mine}\n`)).toBe(true);
    expect(history("h.jsonl").slice(1)).toEqual(straight);
    expect(await run("history", log, "-o", out("h.jsonl")), said).toBe(0);
    expect(readFileSync(out("h.jsonl"), "utf8")).toBe(text);
  });

  it("adds to what is there, also to a file whose last newline is missing", async () => {
    const row =
      '{"pname":"old","system":"x86_64-linux","host":"h","emulated":false,"cores":1,"seconds":1,"at":1,"provenance":"live","x-mine":1}';
    put("h.jsonl", row);
    expect(await run("history", put("n.csv", "kana,gcc,100\n,hello,3\n"), "--host", "ai", "--cores", "8", "-o", out("h.jsonl"))).toBe(0);
    const text = readFileSync(out("h.jsonl"), "utf8");
    expect(text.startsWith(`${row}\n`)).toBe(true);
    expect(history("h.jsonl").map(({ pname, host: name, cores, seconds }) => [pname, name, cores, seconds])).toEqual([
      ["old", "h", 1, 1],
      ["gcc", "kana", 8, 100.5],
      ["hello", "ai", 8, 3.5],
    ]);
  });

  it("a log stamped in whole seconds: short durations stand between bounds that hold the exact one", async () => {
    expect(await run("history", logPath(RUNS[2]), "-o", out("exact.jsonl")), said).toBe(0);
    expect(
      await run(
        "history",
        restamped("s.log", (seconds) => seconds),
        "-o",
        out("h.jsonl"),
      ),
      said,
    ).toBe(0);
    expect(said).toContain("durations are good to 1.00 s only");
    const exact = new Map(history("exact.jsonl").map((row) => [row.pname, row.seconds]));
    const rows = history("h.jsonl");
    expect(rows.filter((row) => row.seconds < 7).every((row) => "x-between" in row)).toBe(true);
    for (const row of rows) {
      const [least, most] = (row["x-between"] as [number, number] | undefined) ?? [row.seconds - 1, row.seconds + 1];
      expect(exact.get(row.pname), row.pname).toBeGreaterThanOrEqual(least);
      expect(exact.get(row.pname), row.pname).toBeLessThanOrEqual(most);
    }
  });

  it("recorded traces count, simulated ones are refused", async () => {
    const line = '{"task":"hello-2.12","attempt":0,"host":"kana","slot":0,"cores":4,"asked":1,"started":2,"built":12,"outcome":"built"}';
    const header = (engine: string) => `{"schema":"drvfleet.trace/1","run":"r","engine":"${engine}","hosts":["ai","kana"],"x-began":1000}`;
    expect(await run("history", put("live.jsonl", `${header("live")}\n${line}\n`), "-o", out("h.jsonl"))).toBe(0);
    expect(history("h.jsonl")).toMatchObject([
      { pname: "hello", version: "2.12", host: "kana", cores: 4, seconds: 10, at: 1012, provenance: "live" },
    ]);
    expect(await run("history", put("sim.jsonl", `${header("sim")}\n${line}\n`), "-o", out("h2.jsonl"))).toBe(2);
    expect(said).toMatch(/found a simulated trace, expected a recorded one/);
    expect(existsSync(out("h2.jsonl"))).toBe(false);
  });

  it("a trace made from a log gives what the log gives", async () => {
    const log = logPath("2.26.3/mixed44.book_j4.r1");
    expect(await run("trace", log, "-o", out("t.jsonl"))).toBe(0);
    expect(await run("history", out("t.jsonl"), "-o", out("a.jsonl"))).toBe(0);
    expect(await run("history", log, "-o", out("b.jsonl"))).toBe(0);
    const direct = new Map(history("b.jsonl").map((row) => [row.pname, row]));
    const both = history("a.jsonl").filter(({ pname }) => direct.has(pname));
    expect(both.length).toBeGreaterThan(25);
    for (const row of both) {
      expect(Math.abs(row.seconds - direct.get(row.pname)!.seconds)).toBeLessThan(0.05);
      expect(row.at).toBeCloseTo(direct.get(row.pname)!.at, 4);
    }
  });

  it.each([
    ["nothing that we know", "plain text", [], /begins no known record of builds/],
    ["an empty file", "", [], /found an empty input/],
    ["broken JSON", "[{", [], /in\.x:1:3/],
    ["build times without a package", '[{"id":1,"timestamp":2,"value":3}]', [], /--name: .* name no package/],
    ["another format than asked for", "kana,gcc,100\n", ["--format", "hydra"], /found "k", expected/],
  ])("%s", async (_, text, flags, expected) => {
    expect(await run("history", put("in.x", text), ...flags, "-o", out("h.jsonl"))).toBe(2);
    expect(said).toMatch(expected);
    expect(existsSync(out("h.jsonl"))).toBe(false);
  });

  it("a damaged history is left alone", async () => {
    put("h.jsonl", '{"pname":');
    expect(await run("history", put("n.csv", "kana,gcc,100\n"), "-o", out("h.jsonl"))).toBe(2);
    expect(said).toMatch(/h\.jsonl:1: this line is not JSON/);
    expect(readFileSync(out("h.jsonl"), "utf8")).toBe('{"pname":');
  });
});
