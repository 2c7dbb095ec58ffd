import { describe, expect, it } from "vitest";
import { fleetFormat, graphFormat } from "#ingest/input-format.js";
import { bytes, fixture } from "./fixture-files.js";

describe("graphFormat", () => {
  it.each([
    ["2.8.0/zoo.derivation-show.json", "derivation-json"],
    ["2.26.3/zoo.derivation-show.json", "derivation-json"],
    ["2.34.8/zoo.derivation-show.json", "derivation-json"],
    ["mixed44.q-graph.dot", "dot"],
    ["zoo.drvs/z8iwm0bb4jbysf31iivr5nzvrb5i98vc-all.drv", "drv"],
  ])("%s is %s", (path, format) => {
    expect(graphFormat(fixture(path))).toBe(format);
  });

  it.each([
    ['DrvWithVersion("xp-dyn-drv",[', "drv"],
    ["\ufeff {}", "derivation-json"],
    ['{\n  "version": 4', "derivation-json"],
    ['{"attr":"x","attrPath":["x"]', "eval-jobs"],
    ['{"drvPath":"/nix/store/x.drv"', "eval-jobs"],
    ['{ "name": "x", "attr": "x", "drvPath": "y" }', "eval-jobs"],
    ['{"name":"x","schemaVersion":"1.5"', "wfcommons"],
    ["[]", undefined],
    ["", undefined],
    ["ssh://a", undefined],
  ])("%j is %s", (text, format) => {
    expect(graphFormat(bytes(text))).toBe(format);
  });
});

describe("fleetFormat", () => {
  it.each([
    ["", "machines", "machines"],
    ["ssh://a x86_64-linux - 4", "machines", "machines"],
    ["# max-jobs = 4\nssh://a?x=1", "m", "machines"],
    ["", "etc/nix/nix.conf", "nix-conf"],
    ["# c\nmax-jobs = 4", "conf", "nix-conf"],
    ["builders =", "conf", "nix-conf"],
    ["!include x", "conf", "nix-conf"],
    [' [{"hostName":"a"}]', "m.json", "build-machines"],
  ])("%j in %s is %s", (text, file, format) => {
    expect(fleetFormat(text, file)).toBe(format);
  });
});
