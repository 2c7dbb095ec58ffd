import { describe, expect, it } from "vitest";
import { readInternalJson } from "#ingest/internal-json.js";
import type { LoggedBuild } from "#ingest/logged-build.js";
import { stagesOf } from "#ingest/logged-stages.js";
import { logged, logText, RUNS, sample, sampleText, truthOf } from "./recorded-logs.js";

const EXACT = 50_000;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

describe("logs of recorded runs, against what the builders' own clocks say", () => {
  it.each(RUNS)("%s: every build, host and instant", async (name) => {
    const run = await sample(`logs/${name}`);
    const { rows, makespan } = truthOf(name);
    expect(run.builds).toHaveLength(rows.size);
    expect(run.notes).toEqual([]);
    // The truth counts from the start of the process, which no line shows: one offset for the whole run.
    const zero = median(run.builds.map(({ name: node, accepted }) => accepted / 1e6 - rows.get(node)!.accepted));
    const at = (micros: number) => micros / 1e6 - zero;
    const early: number[] = [];
    for (const build of run.builds) {
      const truth = rows.get(build.name)!;
      expect(build.machine).toBe(truth.host === "ai" ? "" : `ssh://root@${truth.host}`);
      expect(build.outcome).toBe("built");
      expect(at(build.accepted)).toBeCloseTo(truth.accepted, 3);
      expect(at(build.noticed!)).toBeCloseTo(truth.done, 1.9);
      if (truth.connect_start !== null) expect(at(build.asked!)).toBeCloseTo(truth.connect_start, 3);
      if (truth.first_postponed !== null) expect(at(build.postponed!)).toBeCloseTo(truth.first_postponed, 3);
      const { started, built } = stagesOf(build, run);
      // The builder's start comes after Nix has handed the build over, its stop before the outputs travel.
      for (const [span, own] of [
        [started!, truth.start],
        [built!, truth.stop],
      ] as const) {
        expect(at(span.from)).toBeLessThan(own + 0.05);
        expect(at(span.to)).toBeGreaterThan(own - 0.06);
        if (span.to - span.from > EXACT) continue;
        early.push(Math.abs(at(span.to) - own));
        expect(Math.abs(at(span.to) - own), `${build.name} ${own}`).toBeLessThan(0.06);
      }
    }
    early.sort((a, b) => a - b);
    expect(early[Math.floor(early.length * 0.98)]).toBeLessThan(0.05);
    // What the log can pin down: in a run of serial 0.3 s connects (2.8) a third, in quieter ones nearly all.
    expect(early.length).toBeGreaterThan(run.builds.length * (name.includes("wide42") ? 0.5 : 1.3));
    expect(at(run.ended)).toBeCloseTo(makespan, 1);
  });
});

const brief = ({ name, machine, outcome, started, built, returned, noticed, pathsIn }: LoggedBuild) => ({
  name,
  machine: machine.replace("root@ruby", "R"),
  outcome,
  stages: [started && "started", built && "built", returned && "returned", noticed !== undefined && "noticed"].filter(Boolean).join(" "),
  ...(pathsIn !== undefined && { pathsIn }),
});

describe.each(["2.8.0", "2.26.3", "2.34.8"])("samples of Nix %s", (version) => {
  it("local builds", async () => {
    const { builds } = await sample(`formats/${version}/local`);
    expect(builds.map(brief)).toEqual(
      ["leaf-1.0", "localonly-1", "multi-2.1", "phases-1", "all"].map((name) => ({
        name,
        machine: "",
        outcome: "built",
        stages: "started built noticed",
      })),
    );
    const phases = builds[3]!;
    expect((phases.built!.at - phases.started!.at) / 1e6).toBeCloseTo(0.61, 1);
  });

  it("ssh machines: the builder's own start is not in the log", async () => {
    const { builds } = await sample(`formats/${version}/ssh`);
    expect(builds).toHaveLength(5);
    for (const build of builds)
      expect(brief(build)).toMatchObject({ machine: "ssh://R", outcome: "built", stages: "built returned noticed" });
    expect(builds.find(({ name }) => name === "all")!.pathsIn).toBe(0);
  });

  it("ssh-ng machines: the second activity of a build is its pure time, not a local build", async () => {
    const { builds } = await sample(`formats/${version}/ssh-ng-mixed-j2`);
    expect(builds.map(({ name, machine }) => [name, machine === "" ? "local" : "ssh-ng"])).toEqual([
      ["leaf-1.0", "ssh-ng"],
      ["multi-2.1", "ssh-ng"],
      ["localonly-1", "local"],
      ["phases-1", "ssh-ng"],
      ["all", "ssh-ng"],
    ]);
    const phases = builds.find(({ name }) => name === "phases-1")!;
    expect(brief(phases)).toMatchObject({ stages: "started built returned noticed" });
    expect((phases.built!.at - phases.started!.at) / 1e6).toBeCloseTo(0.61, 1);
    expect(phases.started!.at).toBeGreaterThan(phases.uploaded!.at);
    expect(phases.built!.at).toBeLessThan(phases.returned!.at);
  });

  it.each(["fail-local", "fail-ssh", "fail-ssh-ng"])("%s: the builder fails, its dependant never begins", async (name) => {
    const { builds } = await sample(`formats/${version}/${name}`);
    expect(builds.map(brief)).toMatchObject([{ name: "bad-9", outcome: "failed" }]);
    expect(builds[0]!.noticed! - builds[0]!.accepted).toBeGreaterThan(200_000);
    expect(builds[0]!.returned).toBeUndefined();
  });
});

describe("mishaps under Nix 2.8.0, `nix build a b` on one remote store", () => {
  it("a connection that is killed fails one build, the other ends well, both asked for by the user", async () => {
    const { builds } = await sample("formats/2.8.0/lost-ssh");
    expect(
      builds.map(({ name, outcome, returned, noticed, accepted }) => [
        name,
        outcome,
        returned !== undefined,
        Math.round((noticed! - accepted) / 1e6),
      ]),
    ).toEqual([
      ["aa-1", "built", true, 4],
      ["bb-1", "host-lost", false, 2],
    ]);
  });

  it("Ctrl-C: nothing was built", async () => {
    const { builds } = await sample("formats/2.8.0/interrupted-ssh");
    expect(builds.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["aa-1", "cancelled"],
      ["bb-1", "cancelled"],
    ]);
  });
});

const DRV = (name: string) => `/nix/store/${"a".repeat(32)}-${name}.drv`;
const HOST = "ssh://root@ruby";
/** Beyond 2^53, where numbers would fall together. */
const big = (n: number) => `90071992547409${String(n).padStart(4, "0")}`;
const asNumbers = (text: string) => text.replace(/"id":"(\d+)"/g, '"id":$1');
const build = (id: string, name: string, machine = HOST) => ({
  action: "start",
  id,
  level: 3,
  text: `building '${DRV(name)}'`,
  type: 105,
  fields: [DRV(name), machine, 1, 1],
});
const unknown = (id: string, text: string) => ({ action: "start", id, level: 4, text, type: 0 });
const stop = (id: string) => ({ action: "stop", id });
const counters = (id: string, ...fields: number[]) => ({ action: "result", id, type: 105, fields });

describe("what no sample shows", () => {
  it("ids beyond 2^53 stay apart", async () => {
    const text = asNumbers(
      logText([
        [1, build(big(1), "a-1", "")],
        [1, build(big(2), "b-1", "")],
        [1, build(big(3), "c-1", "")],
        [3, stop(big(2))],
        [4, stop(big(3))],
        [5, stop(big(1))],
      ]),
    );
    expect(text).toContain('"id":900719925474090002');
    expect((await logged(text)).builds.map(({ name, outcome, built }) => [name, outcome, built!.at / 1e6])).toEqual([
      ["a-1", "built", 5],
      ["b-1", "built", 3],
      ["c-1", "built", 4],
    ]);
  });

  it("Nix 2.8 stops what was asked for only at the very end: counters and downloads say when it was done", async () => {
    const { builds } = await logged(
      logText([
        [0, { action: "start", id: "0", type: 104, text: "" }],
        [1, build("1", "top-1")],
        [1, unknown("2", `copying dependencies to '${HOST}'`)],
        [1, stop("2")],
        [1.5, build("3", "other-1", "")],
        [4, unknown("4", `copying outputs from '${HOST}'`)],
        [5, stop("4")],
        [5.01, counters("0", 1, 2, 1, 0)],
        [9, counters("0", 2, 2, 0, 0)],
        [9, stop("3")],
        [9, stop("1")],
        [9, stop("0")],
      ]),
    );
    expect(builds.map(({ name, outcome, noticed }) => [name, outcome, noticed! / 1e6])).toEqual([
      ["top-1", "built", 5.01],
      ["other-1", "built", 9],
    ]);
  });

  it("two uploads and two downloads at once on one machine go to the right builds", async () => {
    const { builds } = await logged(
      logText([
        [1, build("1", "a-1")],
        [1.1, unknown("11", `waiting for the upload lock to '${HOST}'`)],
        [1.1, stop("11")],
        [1.1, unknown("12", `copying dependencies to '${HOST}'`)],
        [1.5, build("2", "ab-1")],
        [1.6, unknown("21", `waiting for the upload lock to '${HOST}'`)],
        [2, stop("12")],
        [2, stop("21")],
        [2, unknown("22", `copying dependencies to '${HOST}'`)],
        [2.5, stop("22")],
        [4, unknown("14", `copying outputs from '${HOST}'`)],
        [4.1, unknown("24", `copying outputs from '${HOST}'`)],
        [4.2, { action: "start", id: "25", type: 100, text: "", fields: [`/nix/store/${"b".repeat(32)}-ab-1-dev`, HOST, "local"] }],
        [4.2, counters("25", 10, 70, 0, 0)],
        [5, stop("24")],
        [6, stop("14")],
      ]),
    );
    expect(builds.map(({ name, uploaded, returned }) => [name, uploaded!.at / 1e6, returned!.at / 1e6])).toEqual([
      ["a-1", 2, 5],
      ["ab-1", 2.5, 6],
    ]);
    expect(builds[1]!.bytesOut).toBe(70);
  });

  it("a lost machine, a cancelled sibling, a build that was still running", async () => {
    const { builds } = await logged(
      logText([
        [0, { action: "start", id: "0", type: 104, text: "" }],
        [1, build("1", "lost-1")],
        [1, build("2", "sibling-1", "")],
        [2, { action: "msg", level: 0, msg: "\u001b[31;1merror:\u001b[0m unexpected end-of-file" }],
        [2, counters("0", 0, 2, 1, 1)],
        [
          2,
          {
            action: "msg",
            level: 0,
            msg: `\u001b[31;1merror:\u001b[0m builder for '\u001b[35;1m${DRV("lost-1")}\u001b[0m' failed with exit code 1`,
          },
        ],
        [2, stop("1")],
        [2.1, stop("2")],
        [2.2, build("3", "late-1", "")],
      ]),
    );
    expect(builds.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["lost-1", "host-lost"],
      ["sibling-1", "cancelled"],
      ["late-1", "running"],
    ]);
  });

  it("two local builds that Nix 2.8 was asked for: both were built, when each was done nobody can tell", async () => {
    const { builds } = await logged(
      logText([
        [0, { action: "start", id: "0", type: 104, text: "" }],
        [1, build("1", "a-1", "")],
        [1, build("2", "b-1", "")],
        [1, build("3", "c-1", "")],
        [4, counters("0", 1, 3, 2, 0)],
        [5, counters("0", 2, 3, 1, 0)],
        [6, { action: "msg", level: 0, msg: "error: interrupted by the user" }],
        [6, stop("3")],
        [6, stop("2")],
        [6, stop("1")],
      ]),
    );
    expect(builds.map(({ outcome, noticed }) => [outcome, noticed === undefined])).toEqual([
      ["built", true],
      ["built", true],
      ["cancelled", false],
    ]);
  });

  it("a refused connect belongs to no build", async () => {
    const run = await logged(
      logText([
        [1, unknown("1", "connecting to 'ssh://root@kana'")],
        [1.1, stop("1")],
        [1.1, unknown("2", `connecting to '${HOST}'`)],
        [1.4, stop("2")],
        [1.4, build("3", "a-1")],
      ]),
    );
    expect(run.refused).toEqual([{ machine: "ssh://root@kana", from: 1e6, to: 1.1e6 }]);
    expect(run.builds[0]).toMatchObject({ asked: 1.1e6, accepted: 1.4e6 });
  });

  it("a line printed after an ask may be as old as the ask", async () => {
    const run = await logged(
      logText([
        [1, build("1", "a-1")],
        [1.1, unknown("12", `copying dependencies to '${HOST}'`)],
        [1.2, stop("12")],
        [4, unknown("2", "connecting to 'ssh://root@kana'")],
        [6, stop("2")],
        [6, build("3", "b-1", "ssh://root@kana")],
        [6.005, unknown("14", `copying outputs from '${HOST}'`)],
        [8, stop("14")],
      ]),
    );
    const { built, returned } = stagesOf(run.builds[0]!, run);
    expect([built!.from / 1e6, built!.to / 1e6]).toEqual([3, 6.005]);
    expect(returned).toEqual({ from: 8e6, to: 8e6 });
  });

  it("reads `ts` stamps, files of json-log-path, lines of other programs between, and what it does not know with a count", async () => {
    const events = [
      build("1", "a-1", ""),
      { action: "start", id: "5", type: 250, text: "" },
      { action: "result", id: "1", type: 250, fields: [] },
      stop("1"),
    ];
    const text = `warning: Git tree is dirty\n${events.map((event, i) => `${i + 1} ${JSON.stringify(event)}\n`).join("")}{"not": "Nix's"}\n`;
    const run = await logged(text);
    expect(run.builds).toMatchObject([{ name: "a-1", outcome: "built", accepted: 1e6, built: { at: 4e6 } }]);
    expect(run.notes).toEqual([
      "build.log: its arrival times are whole seconds (ts '%.s' writes exact ones): durations are good to 1.00 s only",
      "build.log: 1 lines of an unknown kind (activity 250) are passed over",
      "build.log: 1 lines of an unknown kind (result 250) are passed over",
    ]);
  });

  it("gives the same records however the file is cut into pieces", async () => {
    const bytes = Buffer.from(sampleText("formats/2.8.0/ssh-ng-mixed-j2"));
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7));
    const [whole, cut] = [await readInternalJson([bytes], "x"), await readInternalJson(pieces, "x")];
    expect(cut).toEqual(whole);
  });
});

describe("broken logs", () => {
  const good = `1.0\t@nix ${JSON.stringify(build("1", "a-1", ""))}\n`;
  it.each([
    [
      "no log at all",
      "evaluating file\nbuilding '/nix/store/x.drv'...\n",
      "build.log",
      "no lines of Nix's internal-json format",
      "--log-format",
    ],
    ["an empty file", "", "build.log", "no lines of Nix's internal-json format", "--log-format"],
    ["no arrival times", good.replace("1.0\t", ""), "build.log:1", "without its arrival time", "ts '%.s'"],
    ["one line without", good + good.replace("1.0\t", ""), "build.log:2", "without its arrival time", "ts '%.s'"],
    ["broken JSON in the middle", `1 @nix {"action":"st\n${good}`, "build.log:1", "JSON is broken", "two programs"],
    ["a short log that is appended to itself", good + good, "build.log:2", "start of a build a second time", "give it once"],
    [
      "two logs in one file, the later one first",
      `11 ${good.slice(4)}12 @nix {"action":"msg","msg":""}\n1.5 @nix {"action":"stop","id":1}\n`,
      "build.log:3",
      "an arrival time 10.50 s before that of line 2",
      "several logs in it, or one twice",
    ],
    ["a start without id", '1 @nix {"action":"start","type":105}\n', "build.log:1", "start without an id", ""],
    ["a result without type", '1 @nix {"action":"result","id":1}\n', "build.log:1", "result without a type", ""],
  ])("%s", async (_, text, where, what, hint) => {
    const run = await readInternalJson([Buffer.from(text)], "build.log");
    if (run.ok) throw new Error("accepted");
    expect(run.faults).toHaveLength(1);
    expect(run.faults[0]).toMatchObject({ code: "input", where });
    expect(run.faults[0]!.what).toContain(what);
    expect(run.faults[0]!.hint).toContain(hint);
  });

  it("a last line that is cut off is passed over with a note, and its build was still running", async () => {
    const run = await logged(`${good}2.0\t@nix {"action":"sto`);
    expect(run.builds).toMatchObject([{ outcome: "running" }]);
    expect(run.notes[0]).toBe("build.log: the last line is cut off and passed over");
  });

  it.each([
    ["a little", 0.96, 0, "by 40 ms at most"],
    ["by half a second, which blurs its times as much", 0.5, 500_000, "by 500 ms at most"],
  ])("a clock that steps back %s does not turn durations negative", async (_, to, blur, says) => {
    const run = await logged(
      `${good.replace("1.0", "1.00")}${to}\t@nix {"action":"stop","id":"1"}\n2.01\t@nix {"action":"stop","id":"9"}\n`,
    );
    expect(run.builds[0]!.built!.at).toBe(1e6);
    expect(run.blur).toBe(blur);
    expect(run.notes).toEqual([expect.stringMatching(`^build\\.log:2: 1 arrival times .* lie before .*${says}`)]);
  });
});
