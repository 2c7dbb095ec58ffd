// The package as others get it: packed, installed into an empty folder, run there.
import { existsSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, filesIn, folder, ROOT } from "../program.js";

const place = folder();
const packed = folder();
let names: string[] = [];

beforeAll(async () => {
  // dist is built already: its scripts would build it under the feet of other tests.
  const pack = await command("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", packed.path], { cwd: ROOT });
  expect(pack.code, pack.err).toBe(0);
  names = JSON.parse(pack.out)[0].files.map(({ path }: { path: string }) => path);
  const tarball = readdirSync(packed.path)[0]!;
  const install = await command("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", packed.at(tarball)], { cwd: place.path });
  expect(install.code, install.err).toBe(0);
}, 300_000);
afterAll(() => {
  place.remove();
  packed.remove();
});

describe("the packed program", () => {
  it("holds the program, scenarios and licence, and neither sources nor tests", () => {
    for (const name of ["package.json", "README.md", "LICENSE", "dist/cli/main.js", "dist/cli/cell-worker.js", "scenarios/book.yaml"])
      expect(names).toContain(name);
    expect(names.filter((name) => /^(src|test|bench|node_modules|out)\//.test(name) || name.endsWith(".part"))).toEqual([]);
    expect(existsSync(place.at("node_modules/drvfleet/src"))).toBe(false);
  });

  it("needs none of the development packages", () => {
    for (const name of ["typescript", "vitest", "@biomejs/biome"]) expect(existsSync(place.at("node_modules", name))).toBe(false);
  });

  it("shows its help", async () => {
    const { code, out } = await command("npx", ["--no-install", "drvfleet", "--help"], { cwd: place.path });
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: drvfleet/);
  });

  it("compares a scenario of the package, with threads, and writes the report", async () => {
    const scenario = "node_modules/drvfleet/scenarios/book.yaml";
    const args = ["drvfleet", "compare", scenario, "--seeds", "2", "--policies", "nix,list", "--threads", "2", "--out", "out"];
    const { code, out, err } = await command("npx", ["--no-install", ...args], { cwd: place.path });
    expect(code, err).toBe(0);
    expect(out).toMatch(/finishes first/);
    expect(filesIn(place.at("out"))).toEqual(
      expect.arrayContaining(["report.html", "charts/gantt.png", "charts/gantt.svg", "trace.json.gz"]),
    );
  });
});
