import { describe, expect, it } from "vitest";
import { graphOfWfCommons } from "#ingest/wfcommons.js";

// After the example of WfFormat's README (1.6); 1.5 has the same layout.
const NEW = {
  name: "two",
  schemaVersion: "1.5",
  workflow: {
    specification: {
      tasks: [
        {
          name: "split",
          id: "split_ID0000001",
          parents: [],
          children: ["analyze_ID0000002"],
          inputFiles: ["input.txt"],
          outputFiles: ["chunk.txt", "log.txt"],
        },
        {
          name: "analyze",
          id: "analyze_ID0000002",
          parents: ["split_ID0000001"],
          children: [],
          inputFiles: ["chunk.txt"],
          outputFiles: ["result.txt"],
        },
      ],
      files: [
        { id: "input.txt", sizeInBytes: 1024 },
        { id: "chunk.txt", sizeInBytes: 512 },
        { id: "log.txt", sizeInBytes: 8 },
        { id: "result.txt", sizeInBytes: 128 },
      ],
    },
    execution: {
      makespanInSeconds: 14.2,
      tasks: [
        { id: "split_ID0000001", runtimeInSeconds: 4.2, coreCount: 1, avgCPU: 93.78, memoryInBytes: 4194304 },
        { id: "analyze_ID0000002", runtimeInSeconds: 10, coreCount: 4 },
      ],
    },
  },
};
const file = (name: string, link: string, sizeInBytes: number) => ({ name, link, sizeInBytes });
const OLD = {
  name: "two",
  schemaVersion: "1.4",
  workflow: {
    makespanInSeconds: 14.2,
    tasks: [
      {
        name: "split_ID0000001",
        id: "1",
        type: "compute",
        runtimeInSeconds: 4.2,
        parents: [],
        children: ["2"],
        avgCPU: 93.78,
        cores: 1,
        memoryInBytes: 4194304,
        files: [file("input.txt", "input", 1024), file("chunk.txt", "output", 512), file("log.txt", "output", 8)],
      },
      {
        name: "analyze_ID0000002",
        id: "2",
        type: "compute",
        runtimeInSeconds: 10,
        parents: ["split_ID0000001"],
        children: [],
        cores: 4,
        files: [file("chunk.txt", "input", 512), file("result.txt", "output", 128)],
      },
    ],
  },
};
const options = { system: "builtin" };

describe("graphOfWfCommons", () => {
  it("keeps measured seconds, CPU, memory and the bytes of each edge", () => {
    expect(graphOfWfCommons(NEW, "w.json", options)).toEqual({
      ok: true,
      value: {
        graph: {
          schema: "drvfleet.graph/1",
          name: "two",
          source: { format: "wfcommons", schemaVersion: "1.5", makespanSeconds: 14.2 },
          nodes: [
            {
              name: "analyze_ID0000002",
              pname: "analyze",
              kind: "build",
              system: "builtin",
              seconds: { "*": 10 },
              cpu: 4,
              outputBytes: 128,
            },
            {
              name: "split_ID0000001",
              pname: "split",
              kind: "build",
              system: "builtin",
              seconds: { "*": 4.2 },
              cpu: 0.9378,
              memoryBytes: 4194304,
              outputBytes: 520,
              sourceBytes: 1024,
            },
          ],
          edges: { from: [1], to: [0], bytes: [512] },
        },
        notes: [],
      },
    });
  });

  it("reads the layout before 1.5 alike, references by id or by name", () => {
    const [before, after] = [graphOfWfCommons(OLD, "w.json", options), graphOfWfCommons(NEW, "w.json", options)];
    if (!before.ok || !after.ok) throw new Error(JSON.stringify(before));
    expect(before.value.graph.edges).toEqual(after.value.graph.edges);
    expect(before.value.graph.nodes).toEqual(after.value.graph.nodes);
  });

  it("says how many runtimes are unknown", () => {
    const { execution: _, ...workflow } = NEW.workflow;
    expect(graphOfWfCommons({ ...NEW, workflow }, "w.json", options)).toMatchObject({
      value: { notes: ["2 of 2 tasks have no measured runtime"] },
    });
  });

  it.each([
    [[], "w.json", "found []"],
    [{ name: "x" }, "w.json.workflow", "found nothing"],
    [{ workflow: {} }, "w.json workflow", "neither specification, tasks nor jobs"],
    [{ workflow: { tasks: [{ name: "a", runtimeInSeconds: -1 }] } }, "w.json workflow.tasks.0.runtimeInSeconds", "found -1"],
    [{ workflow: { tasks: [{ name: "a", parents: ["b"] }] } }, "w.json task a", 'unknown task "b"'],
    [{ workflow: { tasks: [{ name: "a" }, { name: "a" }] } }, "w.json", 'the task "a" twice'],
    [{ workflow: { specification: { tasks: [{ name: "a" }] } } }, "w.json workflow.specification.tasks.0.id", "found nothing"],
  ])("faults: %j", (value, where, what) => {
    expect(graphOfWfCommons(value, "w.json", options)).toMatchObject({
      ok: false,
      faults: [{ code: "input", where, what: expect.stringContaining(what) }],
    });
  });
});
