import { describe, expect, it } from "vitest";
import { addEvalJobs, noteErrors, parseEvalJobs } from "#ingest/eval-jobs.js";
import { collectGraph } from "#ingest/graph-of.js";
import { bytes } from "./fixture-files.js";

// The line of reference section 6.4, and jobs beside it.
const MAIN =
  '{"attr":"main","attrPath":["main"],"cacheStatus":"notBuilt","drvPath":"/nix/store/dq51j435lk1jkx1fdi8nmjx2y9g0rgdz-main-1.2.drv","inputDrvs":{"/nix/store/mgmv8bym9yc0lj5jcd28419dchk1wbrr-dep.drv":["dev"],"/nix/store/00000000000000000000000000000000-stdenv.drv":["out"]},"isCached":false,"name":"main","neededBuilds":["/nix/store/mgmv8bym9yc0lj5jcd28419dchk1wbrr-dep.drv"],"neededSubstitutes":[],"outputs":{"out":"/nix/store/h55pxn981g3q39j0wqmb0mps3svf1hql-main"},"requiredSystemFeatures":["kvm","big-parallel"],"system":"riscv64-linux"}';
const DEP =
  '{"attr":"dep","attrPath":["dep"],"drvPath":"/nix/store/mgmv8bym9yc0lj5jcd28419dchk1wbrr-dep.drv","name":"dep","outputs":{"dev":null},"system":"x86_64-linux"}';
const BAD = '{"attr":"bad","attrPath":["bad"],"error":"error: assertion failed\\n  at x"}';

describe("parseEvalJobs", () => {
  it("reads jobs of every version and sets evaluation errors apart", () => {
    const read = parseEvalJobs(bytes(`${MAIN}\n\n${BAD}\r\n${DEP}`), "jobs.jsonl");
    expect(read).toMatchObject({
      ok: true,
      value: {
        jobs: [
          { attr: "main", features: ["big-parallel", "kvm"] },
          { attr: "dep", features: [], inputDrvs: [] },
        ],
        errors: ["bad: error: assertion failed"],
      },
    });
    expect(noteErrors(["a: x", "b: y"])).toEqual(["2 attributes could not be evaluated and are left out, the first: a: x"]);
  });

  it("makes a graph of the jobs alone, saying what it lacks", () => {
    const read = parseEvalJobs(bytes(`${MAIN}\n${DEP}\n`), "jobs.jsonl");
    const collector = collectGraph();
    const notes = addEvalJobs(read.ok ? read.value.jobs : [], collector);
    expect(notes).toEqual([expect.stringContaining("not their closure"), "1 derivations that jobs need and that are no jobs are left out"]);
    expect(collector.finish({ name: "j" })).toMatchObject({
      value: {
        graph: {
          nodes: [
            { name: "dep", system: "x86_64-linux" },
            {
              name: "main-1.2",
              pname: "main",
              version: "1.2",
              system: "riscv64-linux",
              features: ["big-parallel", "kvm"],
              drv: "/nix/store/dq51j435lk1jkx1fdi8nmjx2y9g0rgdz-main-1.2.drv",
            },
          ],
          edges: { from: [0], to: [1] },
        },
      },
    });
  });

  it.each([
    [`${DEP}\n{"attr":"x"`, "jobs.jsonl:2:12", "found the end"],
    [`${DEP}\n[]`, "jobs.jsonl:2", "found no JSON object"],
    ['{"attr":"x","drvPath":"hello","system":"s"}', "jobs.jsonl:1 drvPath", 'found "hello"'],
    [DEP.replace('"system":"x86_64-linux"', '"system":1'), "jobs.jsonl:1 system", "found 1"],
    [DEP.replace('"name"', '"requiredSystemFeatures":"kvm","name"'), "jobs.jsonl:1 requiredSystemFeatures", 'found "kvm"'],
    [DEP.replace('"name"', '"inputDrvs":[],"name"'), "jobs.jsonl:1 inputDrvs", "found []"],
    [BAD, "jobs.jsonl", "only 1 evaluation errors"],
    ["\n", "jobs.jsonl", "found no job"],
  ])("faults: %s", (text, where, what) => {
    expect(parseEvalJobs(bytes(text), "jobs.jsonl")).toMatchObject({
      ok: false,
      faults: [{ where: expect.stringContaining(where), what: expect.stringContaining(what) }],
    });
  });
});
