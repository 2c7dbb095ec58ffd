import { describe, expect, it } from "vitest";
import { eventOf } from "#ingest/internal-json-line.js";
import { logClock } from "#ingest/log-clock.js";

/** The clock after these stamps, as a log has them. */
function clockAfter(...stamps: readonly string[]) {
  const clock = logClock("build.log");
  const read = stamps.map((stamp, i) => {
    const line = eventOf({ text: `${stamp} @nix {"action":"stop","id":1}`, number: i + 1, whole: true }, "build.log");
    if (typeof line !== "object" || "code" in line) throw new Error(`${stamp} is no stamp`);
    return clock.read(line.at!, i + 1);
  });
  return { clock, read };
}

describe("what unit a stamp is in", () => {
  it.each([
    ["seconds of `ts '%.s'`", "1795456730.449210", 1_795_456_730_449_210],
    ["seconds since the log began", "12.5", 12_500_000],
    ["milliseconds since 1970", "1795456730449", 1_795_456_730_449_000],
    ["milliseconds with a fraction", "1795456730449.21", 1_795_456_730_449_210],
    ["microseconds since 1970", "1795456730449210", 1_795_456_730_449_210],
    ["nanoseconds of `date +%s%N`", "1795456730449210987", 1_795_456_730_449_210],
  ])("%s", (_, stamp, micros) => {
    expect(clockAfter(stamp).read).toEqual([micros]);
  });
});

describe("how exact stamps are", () => {
  it.each([
    ["whole seconds", ["1795456730", "1795456731", "1795456735"], 1_000_000, "whole seconds"],
    ["whole seconds, written with zeros", ["1795456730.000", "1795456731.000"], 1_000_000, "whole seconds"],
    ["tenths", ["1795456730.4", "1795456731.0"], 100_000, "multiples of 100 ms"],
  ])("%s: a note says so", (_, stamps, blur, says) => {
    const { clock } = clockAfter(...stamps);
    expect(clock.blur).toBe(blur);
    expect(clock.notes()).toEqual([expect.stringContaining(`build.log: its arrival times are ${says}`)]);
  });

  it("milliseconds and finer are exact", () => {
    const { clock } = clockAfter("1795456730449", "1795456731000");
    expect(clock.blur).toBe(0);
    expect(clock.notes()).toEqual([]);
  });
});

describe("stamps that go back", () => {
  it("a little: equal to the latest, told with the first place and the most", () => {
    const { clock, read } = clockAfter("5.001", "5.5", "5.499", "5.2", "5.6");
    expect(read).toEqual([5_001_000, 5_500_000, 5_500_000, 5_500_000, 5_600_000]);
    expect(clock.blur).toBe(300_000);
    expect(clock.notes()).toEqual([
      "build.log:3: 2 arrival times from here on lie before an earlier line's, by 300 ms at most, and are taken as equal to it",
    ]);
  });

  it("a file that is turned around is no log, however small its steps", () => {
    const { read } = clockAfter("9.9", "9.5", "9.1", "8.7");
    expect(read[2]).toBe(9_900_000);
    expect(read[3]).toMatchObject({
      code: "input",
      where: "build.log:4",
      what: "found an arrival time 1.20 s before that of line 1, expected times that do not go back",
    });
  });
});
