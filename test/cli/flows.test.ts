// `npm run -s flows FILE` as a user runs it: the published cases in, their finish times out; what is wrong is named.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FIXTURE = join(ROOT, "test/fixtures/flows.json");
const folder = mkdtempSync(join(tmpdir(), "drvfleet-flows-"));
afterAll(() => rmSync(folder, { recursive: true }));

function flows(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli/flows.js", ...args], { cwd: ROOT, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe("flows FILE", () => {
  it("prints the finish times of a list of cases, and of one", () => {
    const cases = JSON.parse(readFileSync(FIXTURE, "utf8")) as { name: string; finish: number[] }[];
    const list = JSON.parse(flows(FIXTURE).out) as { name: string; finish: number[] }[];
    expect(list.map(({ name }) => name)).toEqual(cases.map(({ name }) => name));
    expect(list[2]).toEqual({ name: "late-arrival", finish: [15, 15] });
    expect(JSON.parse(flows(file("one.json", JSON.stringify(cases[0]))).out)).toEqual({ name: "one-flow", finish: [10] });
  });

  it.each([
    ["{", "it is no JSON"],
    ['{"links": 3, "flows": []}', "links: expected a list"],
    ['{"links": [{"bw": 0}], "flows": []}', "links[0].bw: found 0, expected a number above 0"],
    ['[{"links": [{"bw": 1}], "flows": [{"route": [1], "bytes": 1}]}]', "[0] flows[0].route: found [1]"],
    ['{"links": [{"bw": 1}], "flows": [{"route": [0], "bytes": "x"}]}', 'flows[0].bytes: found "x"'],
  ])("says what is wrong with %s", (content, what) => {
    const { code, out, err } = flows(file("bad.json", content));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(what);
    expect(err).not.toContain("    at ");
  });

  it("wants one file that exists", () => {
    expect(flows().code).toBe(2);
    expect(flows(join(folder, "nowhere.json")).err).toContain("there is no such file");
  });
});
