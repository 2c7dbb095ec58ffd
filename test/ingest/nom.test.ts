import { describe, expect, it } from "vitest";
import { csvRows } from "#ingest/csv-rows.js";
import { NOM_HEADER, pastOfNom } from "#ingest/nom.js";

const past = (text: string) => {
  const result = pastOfNom(text, "build-reports.csv");
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value;
};

describe("nix-output-monitor's build-reports.csv", () => {
  it("from 2.1.7: a header, a row a build, UTC times; whole seconds stand for half a second more", () => {
    const text = `${NOM_HEADER}\r\n,hello,2026-02-28 23:59:59,7\r\nkana,gcc,2024-02-29 12:00:00,3601\r\n`;
    expect(past(text)).toEqual([
      { name: "hello", machine: "", seconds: 7.5, at: Date.UTC(2026, 1, 28, 23, 59, 59) / 1000, provenance: "nom" },
      { name: "gcc", machine: "kana", seconds: 3601.5, at: Date.UTC(2024, 1, 29, 12) / 1000, provenance: "nom" },
    ]);
  });

  it("to 2.1.6: no header, three columns, no times", () => {
    expect(past('build.example?ssh-key=/k,"odd ""name"", quoted",0\n,hello,12')).toEqual([
      { name: 'odd "name", quoted', machine: "build.example?ssh-key=/k", seconds: 0.5, at: 0, provenance: "nom" },
      { name: "hello", machine: "", seconds: 12.5, at: 0, provenance: "nom" },
    ]);
  });

  it("an empty history is one", () => {
    expect(past("")).toEqual([]);
    expect(past(`${NOM_HEADER}\n`)).toEqual([]);
  });

  it.each([
    ["a column too few", `${NOM_HEADER}\n,hello,7\n`, ":2", "found 3 columns, expected 4"],
    ["a column too many", ",hello,7,8\n", ":1", "found 4 columns, expected 3"],
    ["no seconds", "kana,hello,soon\n", ":1", 'found "soon", expected whole seconds'],
    ["no time", `${NOM_HEADER}\n,hello,yesterday,7\n`, ":2", 'found "yesterday", expected a time'],
    ["a 13th month", `${NOM_HEADER}\n,hello,2026-13-01 00:00:00,7\n`, ":2", "expected a time"],
    ["no name", "kana,,7\n", ":1", "without a name"],
  ])("%s", (_, text, where, what) => {
    const result = pastOfNom(text, "build-reports.csv");
    if (result.ok) throw new Error("accepted");
    expect(result.faults).toMatchObject([{ code: "input", where: `build-reports.csv${where}` }]);
    expect(result.faults[0]!.what).toContain(what);
  });
});

describe("CSV", () => {
  it.each([
    [
      "a,b\nc,d\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a,\n,b",
      [
        ["a", ""],
        ["", "b"],
      ],
    ],
    ['"x\ny",z\r\n\r\nlast', [["x\ny", "z"], ["last"]]],
    ['"open,\nto the end', [["open,\nto the end"]]],
    ['half"quoted,"a"b', [['half"quoted', '"a"b']]],
    ["a,", [["a", ""]]],
  ])("%j", (text, rows) => {
    expect(csvRows(text).map(({ fields }) => fields)).toEqual(rows);
  });

  it("knows on which line a row begins", () => {
    expect(csvRows('a\n"b\nb"\n\nc').map(({ line }) => line)).toEqual([1, 2, 5]);
  });
});
