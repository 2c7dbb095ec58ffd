import { describe, expect, it } from "vitest";
import { type HistoryRow, parseHistory, stringifyHistory } from "#estimate/history-file.js";

const row: HistoryRow = {
  pname: "gcc",
  version: "9.3.0",
  system: "x86_64-linux",
  host: "ai",
  emulated: false,
  cores: 8,
  seconds: 900,
  workCoreSeconds: 6000,
  memoryBytes: 2e9,
  at: 1_700_000_000,
  provenance: "live",
};

describe("a history file", () => {
  it("comes back as it was written", () => {
    const rows = [row, { ...row, version: "10", at: 5 }];
    expect(parseHistory(stringifyHistory(rows), "h.jsonl")).toEqual({ ok: true, value: rows });
  });

  it("may be appended to, begin with its schema and hold empty lines and x- keys", () => {
    const text = `{"schema":"drvfleet.history/1"}\n\n${stringifyHistory([row])}`;
    const more = text + JSON.stringify({ ...row, "x-note": "slow disk" });
    const parsed = parseHistory(more, "h.jsonl");
    expect(parsed.ok && parsed.value.length).toBe(2);
  });

  it("is empty when the text is", () => {
    expect(parseHistory("", "h.jsonl")).toEqual({ ok: true, value: [] });
  });

  it("names the line and key of every fault", () => {
    const broken = [
      stringifyHistory([row]).trim(),
      '{"pname": "x',
      JSON.stringify({ ...row, seconds: -1 }),
      JSON.stringify({ ...row, sekonds: 1 }),
    ];
    const parsed = parseHistory(broken.join("\n"), "h.jsonl");
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.faults.map((fault) => fault.where)).toEqual(["h.jsonl:2", "h.jsonl:3 seconds", "h.jsonl:4 sekonds"]);
    expect(parsed.faults.every((fault) => fault.code === "input" && fault.hint !== "")).toBe(true);
  });

  it("refuses a build of more than thirty years", () => {
    const parsed = parseHistory(stringifyHistory([row, { ...row, seconds: 1e12 }]), "h.jsonl");
    expect(parsed).toMatchObject({
      ok: false,
      faults: [{ where: "h.jsonl:2 seconds", what: expect.stringContaining("at most 1000000000 s") }],
    });
  });

  it("refuses another schema, and stops counting faults in a wrong file", () => {
    const other = parseHistory('{"schema":"drvfleet.trace/1"}', "t.jsonl");
    expect(!other.ok && other.faults[0]?.what).toContain("drvfleet.history/1");
    const wrong = parseHistory("no json\n".repeat(1000), "w.txt");
    expect(!wrong.ok && wrong.faults.length).toBeLessThanOrEqual(20);
  });
});
