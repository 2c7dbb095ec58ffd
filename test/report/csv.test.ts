import { describe, expect, it } from "vitest";
import { buildsCsv, hostsCsv, summaryCsv } from "#report/csv.js";
import { SUMMARY_NAMES } from "#report/summary-columns.js";
import { sampleCompare, sampleInput, sampleProblem, sampleTrace, tinyTrace } from "./sample.js";

describe("data files", () => {
  it("writes one row per attempt, unknown stages empty", () => {
    const { problem, trace } = tinyTrace();
    const { run } = sampleInput().detail!;
    expect(buildsCsv({ run, problem, trace, critical: [] })).toBe(
      [
        "name,key,attempt,host,slot,cores,system,features,ready,asked,accepted,upload_from,uploaded,started,built,returned,slot_freed,noticed,bytes_in,bytes_out,core_seconds,outcome",
        "binutils-1.0-x86_64,/nix/store/00000000000000000000000000000000-binutils-1.0-x86_64.drv,0,kana,0,4,x86_64-linux,,0.000000,1.000000,1.250000,,,,,,3.000000,,0,0,0.000000,failed",
        "binutils-1.0-x86_64,/nix/store/00000000000000000000000000000000-binutils-1.0-x86_64.drv,1,kana,0,4,x86_64-linux,,3.000000,4.000000,4.500000,,,6.000000,16.000000,17.500000,17.500000,17.600000,1000,2048,32.500000,built",
        "gcc-pass1-2.1-x86_64,/nix/store/00000000000000000000000000000001-gcc-pass1-2.1-x86_64.drv,0,ai,0,4,x86_64-linux,big-parallel,17.600000,17.600000,17.600000,,,17.600000,20.000000,,20.000000,20.000001,0,0,0.000000,built",
        "",
      ].join("\n"),
    );
  });

  it("names its summary columns as --fail-if does, and leaves out what does not apply", () => {
    const problem = sampleProblem();
    const compare = sampleCompare(problem, sampleTrace(problem).trace, ["book"], 1);
    const [header, ...rows] = summaryCsv(compare).trimEnd().split("\n");
    expect(header).toBe(["policy", "fleet", ...SUMMARY_NAMES].join(","));
    expect(rows).toHaveLength(compare.ranking.length);
    const nix = rows.find((row) => row.startsWith("nix,"))!.split(",");
    expect(nix.slice(8, 14)).toEqual(["", "", "", "", "", ""]);
    expect(rows[1]).toMatch(/^"list\[priority=critical-path,placement=earliest-finish\]",book,/);
  });

  it("writes host parts that add up to slots × makespan", () => {
    const { compare, detail } = sampleInput();
    const [header, ...rows] = hostsCsv(compare)
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    const winner = rows.filter((row) => row[0] === "heft");
    expect(winner).toHaveLength(4);
    for (const row of winner) {
      const parts = header!.map((name, i) => (/^(busy|idle)\./.test(name) ? Number(row[i]) : 0)).reduce((a, b) => a + b, 0);
      expect(parts).toBeCloseTo(Number(row[3]) * detail!.run.makespan, 3);
    }
  });
});
