import { describe, expect, it } from "vitest";
import { STAGES, type Trace } from "#dispatch/trace.js";
import { bindTrace } from "#report/trace-bind.js";
import { traceJsonLines } from "#report/trace-jsonl.js";
import { parseTrace } from "#report/trace-parse.js";
import { sampleProblem, sampleTrace, tinyTrace } from "./sample.js";

const SOURCE = { run: "book 3f2a9c0d51e4 heft seed 1", engine: "sim" };
const tiny = tinyTrace();
const text = traceJsonLines(tiny.trace, tiny.problem, SOURCE);

function columns(trace: Trace) {
  const cut = (column: ArrayLike<number>): number[] => Array.from({ length: trace.rows }, (_, row) => column[row]!);
  const names = ["task", "attempt", "host", "slot", "cores", "outcome", ...STAGES, "bytesIn", "bytesOut", "coreSeconds"] as const;
  return {
    rows: trace.rows,
    makespan: trace.makespan,
    spans: trace.spans,
    ...Object.fromEntries(names.map((name) => [name, cut(trace[name])])),
  };
}

describe("drvfleet.trace/1", () => {
  it("is written line by line, six decimals, unseen stages left out", () => {
    expect(text.split("\n")).toEqual([
      '{"schema":"drvfleet.trace/1","run":"book 3f2a9c0d51e4 heft seed 1","engine":"sim","hosts":["ai","kana"],"makespan":20.000001}',
      '{"task":"/nix/store/00000000000000000000000000000000-binutils-1.0-x86_64.drv","attempt":0,"host":"kana","slot":0,"cores":4,"ready":0.000000,"asked":1.000000,"accepted":1.250000,"slotFreed":3.000000,"bytesIn":0,"bytesOut":0,"coreSeconds":0.000000,"outcome":"failed"}',
      '{"task":"/nix/store/00000000000000000000000000000000-binutils-1.0-x86_64.drv","attempt":1,"host":"kana","slot":0,"cores":4,"ready":3.000000,"asked":4.000000,"accepted":4.500000,"started":6.000000,"built":16.000000,"returned":17.500000,"slotFreed":17.500000,"noticed":17.600000,"bytesIn":1000,"bytesOut":2048,"coreSeconds":32.500000,"outcome":"built"}',
      '{"task":"/nix/store/00000000000000000000000000000001-gcc-pass1-2.1-x86_64.drv","attempt":0,"host":"ai","slot":0,"cores":4,"ready":17.600000,"asked":17.600000,"accepted":17.600000,"started":17.600000,"built":20.000000,"slotFreed":20.000000,"noticed":20.000001,"bytesIn":0,"bytesOut":0,"coreSeconds":0.000000,"outcome":"built"}',
      '{"span":"postponed","task":"/nix/store/00000000000000000000000000000000-binutils-1.0-x86_64.drv","from":0.000000,"to":1.000000}',
      '{"span":"down","host":"ai","from":2.000000,"to":5.000000}',
      "",
    ]);
  });

  it.each([
    ["three attempts", tiny],
    ["a whole run", (({ problem }) => ({ problem, ...sampleTrace(problem) }))({ problem: sampleProblem() })],
  ])("comes back to the microsecond: %s", (_, { trace, problem }) => {
    const read = parseTrace(traceJsonLines(trace, problem, SOURCE), "t.jsonl");
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    expect(read.value.header).toMatchObject({ ...SOURCE, hosts: problem.hosts.names });
    const bound = bindTrace(read.value, problem, "t.jsonl");
    if (!bound.ok) throw new Error(JSON.stringify(bound.faults));
    const cpu = (column: Trace) => ({
      ...columns(column),
      coreSeconds: Array.from(column.coreSeconds.subarray(0, column.rows), (v) => Math.round(v * 1e6)),
    });
    expect(cpu(bound.value)).toEqual(cpu(trace));
  });

  it("says which client asked, where several did", () => {
    const { trace, problem } = tinyTrace();
    trace.clients = ["left", "right"];
    trace.client[1] = 1;
    const shared = traceJsonLines(trace, problem, SOURCE);
    expect(shared.split("\n").map((line) => /"attempt":\d+(?:,"client":"(\w+)")?/.exec(line)?.[1])).toEqual([
      undefined,
      undefined,
      "right",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const read = parseTrace(shared, "t.jsonl");
    expect(read.ok && Array.from(read.value.trace.client.subarray(0, 3), (id) => read.value.trace.clients[id])).toEqual([
      undefined,
      "right",
      undefined,
    ]);
  });

  const lines = text.trimEnd().split("\n");
  const broken = (line: number, from: string | RegExp, to: string): string =>
    lines.map((one, i) => (i === line - 1 ? one.replace(from, to) : one)).join("\n");

  it.each([
    ["no JSON", broken(2, "{", "("), "t.jsonl:2", "the line is no JSON object"],
    ["cut off", text.slice(0, text.length - 30), "t.jsonl:6", "the line is no JSON object"],
    ["an empty file", "", "t.jsonl:1", "a JSON object was expected, the line is empty"],
    ["another schema", broken(1, "drvfleet.trace/1", "drvfleet.trace/9"), "t.jsonl:1 schema", "drvfleet.trace/1"],
    ["a wrong type", broken(3, '"asked":4.000000', '"asked":"4"'), "t.jsonl:3 asked", "number"],
    ["a negative instant", broken(3, '"ready":3.000000', '"ready":-3'), "t.jsonl:3 ready", ">=0"],
    ["an unknown key", broken(4, '"slot":0', '"slot":0,"slots":1'), "t.jsonl:4", "slots"],
    ["an unknown outcome", broken(4, '"built"}', '"fine"}'), "t.jsonl:4 outcome", "built"],
    ["an unknown host", broken(4, '"host":"ai"', '"host":"a1"'), "t.jsonl:4 host", "host a1 is not in the header"],
    ["stages out of order", broken(3, '"built":16.000000', '"built":5.000000'), "t.jsonl:3 built", "built (5) is before started"],
    [
      "a span that ends before it begins",
      broken(6, '"to":5.000000', '"to":1.000000'),
      "t.jsonl:6 to",
      "the span ends (1) before it begins (2)",
    ],
  ])("says where it is wrong: %s", (_, file, where, what) => {
    const read = parseTrace(file, "t.jsonl");
    expect(read.ok).toBe(false);
    const [fault] = read.ok ? [] : read.faults;
    expect(fault).toMatchObject({ code: "input", where });
    expect(fault!.what).toContain(what);
  });

  it("ignores keys that begin with x-, and takes the last instant for a makespan that is not given", () => {
    const read = parseTrace(broken(1, ',"makespan":20.000001', ',"x-note":"mine"'), "t.jsonl");
    expect(read.ok && read.value.trace.makespan).toBe(20.000001e6);
  });

  it("names tasks and hosts that the scenario does not have", () => {
    const read = parseTrace(text.replaceAll("gcc-pass1-2.1", "gcc-pass1-2.2"), "t.jsonl");
    const bound = read.ok ? bindTrace(read.value, tiny.problem, "t.jsonl") : read;
    expect(bound.ok ? [] : bound.faults.map(({ what, hint }) => [what, hint])).toEqual([
      [
        "task /nix/store/00000000000000000000000000000001-gcc-pass1-2.2-x86_64.drv is not in the scenario",
        "did you mean /nix/store/00000000000000000000000000000001-gcc-pass1-2.1-x86_64.drv?",
      ],
    ]);
  });
});
