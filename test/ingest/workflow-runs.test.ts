import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { workflowRuns } from "#ingest/workflow-runs.js";

const LINES = readFileSync(new URL("../fixtures/workflow-runs.jsonl", import.meta.url), "utf8");
const [FIRST] = LINES.split("\n") as [string];

describe("workflowRuns", () => {
  it("reads a run per line: jobs with their machines, parents by their names", () => {
    const read = workflowRuns(LINES, "runs.jsonl");
    if (!read.ok) throw new Error(read.faults[0]!.what);
    expect(read.value.map(({ workflow }) => workflow.name)).toEqual(["sample-1", "sample-2", "sample-3"]);
    const [{ workflow, submit }] = read.value as [(typeof read.value)[number]];
    expect(submit).toBe("head");
    expect(workflow).toMatchObject({ makespan: 163.8, machines: [{ name: "head", cores: 2 }, { name: "node-a" }, { name: "node-b" }] });
    const pair = workflow.tasks.find(({ id }) => id === "pair_00")!;
    expect(pair).toMatchObject({
      parents: ["map_00", "map_01"],
      inputs: ["map_00.out", "map_01.out"],
      outputs: ["pair_00.out"],
      percentCpu: 98.5,
    });
    expect(pair.machine).toMatch(/^node-[ab]$/);
    expect(workflow.bytesOf.get("pair_00.out")).toBeGreaterThan(0);
  });

  it("says where each run stands, empty lines counted", () => {
    const read = workflowRuns(`\n${LINES.replaceAll("\n", "\n\n")}`, "runs.jsonl");
    if (!read.ok) throw new Error(read.faults[0]!.what);
    expect(read.value.map(({ where }) => where)).toEqual(["runs.jsonl:2", "runs.jsonl:4", "runs.jsonl:6"]);
  });

  it("reads one run as a single object, and WfCommons instances with machines of both layouts", () => {
    expect(workflowRuns(FIRST, "one.json")).toMatchObject({ ok: true, value: [{ workflow: { name: "sample-1" } }] });
    const recent = {
      name: "w",
      workflow: {
        specification: { tasks: [{ name: "a", id: "a1" }], files: [] },
        execution: {
          makespanInSeconds: 7,
          tasks: [{ id: "a1", runtimeInSeconds: 5, machines: ["m1"] }],
          machines: [{ nodeName: "m1", cpu: { coreCount: 4 } }],
        },
      },
    };
    const old = {
      name: "w",
      workflow: {
        makespanInSeconds: 7,
        tasks: [{ name: "a1", runtime: 5, machine: "m1" }],
        machines: [{ nodeName: "m1", cpu: { count: 4 } }],
      },
    };
    for (const instance of [recent, old]) {
      expect(workflowRuns(JSON.stringify(instance, null, 2), "w.json")).toMatchObject({
        ok: true,
        value: [{ submit: null, workflow: { makespan: 7, machines: [{ name: "m1", cores: 4 }], tasks: [{ seconds: 5, machine: "m1" }] } }],
      });
    }
  });

  it.each([
    ["nothing", "", "runs.jsonl", "empty"],
    ["a broken line", `${FIRST}\n{`, "runs.jsonl:2", "no JSON object"],
    ["a broken line after empty ones", `\n${FIRST}\n\n \n{`, "runs.jsonl:5", "no JSON object"],
    ["another order of columns", FIRST.replace("name,type", "type,name"), "runs.jsonl:1 columns", ""],
    ["a parent that is none", FIRST.replace(/\[0\],0,/, "[999],0,"), "runs.jsonl:1 jobs.1", "beyond the last of 39 jobs"],
  ])("refuses %s", (_, text, where, says) => {
    const read = workflowRuns(text, "runs.jsonl");
    expect(read).toMatchObject({ ok: false, faults: [{ code: "input", where, what: expect.stringContaining(says) }] });
  });
});
