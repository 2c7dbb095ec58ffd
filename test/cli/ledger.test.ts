// `validate --ledger`: a file of predictions and what became of them, read, printed, drawn; refused where it is none.
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { JournalHeader } from "#live/run/journal.js";
import { enterRun } from "../../src/cli/ledger.js";
import { drvfleet, folder } from "../program.js";

const place = folder();
afterAll(() => place.remove());
const LEDGER = place.at("state/ledger.jsonl");

const header = (began: number, policy: string): JournalHeader => ({
  schema: "drvfleet.journal/1",
  run: `r${began}`,
  version: "0",
  digest: "d",
  policy,
  seed: 1,
  keepGoing: false,
  history: "",
  hosts: ["here"],
  began,
  prediction: { median: 100, low: 90, high: 110, worlds: 40 },
});
/** Not in the order of their time. Errors: 100/80 − 1, 0, 100/125 − 1. */
for (const [began, seconds] of [
  [3, 125],
  [1, 80],
  [2, 100],
] as const)
  enterRun(LEDGER, header(began, "list[placement=fastest,priority=upward-rank]"), 8, seconds, place.at("run"));

describe("validate --ledger", () => {
  it("says how far predictions were off and how many intervals held, within 80 columns", async () => {
    const { code, out, err } = await drvfleet(["validate", "--ledger", LEDGER]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
    expect(out).toMatch(/100\.0 +90\.0–110\.0 +80\.0\* +\+25 %[\s\S]*100\.0 +\+0[\s\S]*125\.0\* +−20 %/);
    expect(out.replace(/\s+/g, " ")).toMatch(/1 of 3 runs ended inside their 5–95 %/);
  });

  it("says the same in JSON, oldest first, and draws it", async () => {
    const { code, out } = await drvfleet(["validate", "--ledger", LEDGER, "--json", "--out", place.at("drawn")]);
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ schema: "drvfleet.accuracy/1", runs: 3, inside: 1, bias: 0 });
    expect(result.error.worst).toBeCloseTo(0.25);
    expect(result.ledger.map(({ actual }: { actual: number }) => actual)).toEqual([80, 100, 125]);
    expect(readFileSync(place.at("drawn/charts/ledger.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  it.each([
    ["broken.jsonl", '{"schema":"drvfleet.ledger/1"', /broken\.jsonl:1/],
    ["empty.jsonl", "\n", /found no run/],
  ])("refuses %s with exit 2", async (name, text, says) => {
    writeFileSync(place.at(name), text);
    const ended = await drvfleet(["validate", "--ledger", place.at(name), "--out", place.at("none")]);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(says);
  });

  it("takes scenarios or a ledger, one of both", async () => {
    expect(await drvfleet(["validate"])).toMatchObject({ code: 2, out: "" });
    expect(await drvfleet(["validate", "x.yaml", "--ledger", LEDGER])).toMatchObject({ code: 2, out: "" });
  });
});
