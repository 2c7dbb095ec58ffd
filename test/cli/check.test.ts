// `drvfleet check` refuses what it cannot check before it connects to anybody.
import { afterAll, describe, expect, it } from "vitest";
import { writeFileSync } from "node:fs";
import { drvfleet, folder } from "../program.js";

const place = folder();
afterAll(() => place.remove());

const file = (name: string, text: string): string => {
  writeFileSync(place.at(name), text);
  return place.at(name);
};
const FLEET = file(
  "fleet.yaml",
  "schema: drvfleet.fleet/1\ncoordinator: {name: ai, cores: 1, speed: 1, maxJobs: 0, systems: {x86_64-linux: native}}\nbuilders: []\n",
);

describe("check refuses", () => {
  it.each([
    ["a file that is not there", ["/nowhere/machines"], /\/nowhere\/machines: there is no such file/],
    ["two files", [FLEET, FLEET], /second input beside a file/],
    ["a broken fleet", [file("broken.yaml", "schema: drvfleet.fleet/1\ncoordinator: {}\n")], /broken\.yaml:2:\d+ coordinator/],
    ["a broken machines file", [file("machines", "ssh://kana x86_64-linux - many\n")], /machines:1 field 4.*"many"/s],
    ["a name that is none", ["a b"], /found "a b", expected a host/],
    ["a store that is not behind ssh", [file("local", "/mnt x86_64-linux\n")], /expected a host behind ssh/],
    ["a host that the fleet has not", [FLEET, "--only", "kana"], /no host "kana" in the fleet/],
    ["a graph that is not there", [FLEET, "--graph", "/nowhere/graph.json"], /graph\.json/],
    ["a place where nothing can be written", [FLEET, "--out", `${FLEET}/x.json`], /is a file, expected a directory/],
    ["a patience that is no number", [FLEET, "--timeout", "soon"], /expected a whole number/],
  ])("%s", async (_, args, message) => {
    const { code, out, err } = await drvfleet(["check", ...args]);
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});
