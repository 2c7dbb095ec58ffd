import { describe, expect, it } from "vitest";
import { pastOfHydra } from "#ingest/hydra.js";

/** As `GET /build/ID` answers, the keys that matter here and some that do not. */
const BUILD = {
  id: 12,
  finished: 1,
  timestamp: 1_700_000_000,
  starttime: 1_700_000_100,
  stoptime: 1_700_000_400,
  project: "nixpkgs",
  jobset: "trunk",
  job: "hello.x86_64-linux",
  nixname: "hello-2.12.1",
  system: "x86_64-linux",
  priority: 100,
  buildstatus: 0,
  drvpath: "/nix/store/w9lrq3zd0cqvmx5apl0zsj4hk9p5bwx6-hello-2.12.1.drv",
  jobsetevals: [3],
  buildoutputs: { out: { path: "/nix/store/x" } },
};

describe("Hydra's JSON", () => {
  it("one build, and the builds of an evaluation without what failed, waits or was cached", () => {
    const expected = {
      drv: BUILD.drvpath,
      name: "hello-2.12.1",
      system: "x86_64-linux",
      machine: "hydra",
      seconds: 300,
      at: 1_700_000_400,
      provenance: "hydra",
    };
    expect(pastOfHydra(BUILD, "b.json")).toEqual({ ok: true, value: { builds: [expected], notes: [] } });
    const others = [
      { ...BUILD, buildstatus: 1 },
      { ...BUILD, finished: 0, buildstatus: null, starttime: null, stoptime: null },
      { ...BUILD, stoptime: BUILD.starttime },
    ];
    expect(pastOfHydra([BUILD, ...others], "b.json")).toEqual({
      ok: true,
      value: {
        builds: [expected],
        notes: [
          "b.json: 2 builds are not finished or did not end well and are left out",
          "b.json: 1 builds took no time (cached) and are left out",
        ],
      },
    });
  });

  it("build times name no package: it must be said", () => {
    const times = [{ id: 1, timestamp: 1_700_000_000, value: 42 }];
    expect(pastOfHydra(times, "t.json", "hello")).toEqual({
      ok: true,
      value: { builds: [{ name: "hello", machine: "hydra", seconds: 42, at: 1_700_000_000, provenance: "hydra" }], notes: [] },
    });
    expect(pastOfHydra(times, "t.json")).toMatchObject({ ok: false, faults: [{ code: "usage", where: "--name" }] });
  });

  it.each([
    ["no build", { queue: 3 }, "b.json nixname"],
    ["a number", 7, "b.json"],
    ["a broken one among others", [BUILD, { ...BUILD, system: 5 }], "b.json [1] system"],
  ])("%s", (_, value, where) => {
    expect(pastOfHydra(value, "b.json")).toMatchObject({ ok: false, faults: [{ code: "input", where }] });
  });
});
