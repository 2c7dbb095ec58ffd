// What `run` makes of a scenario file: one in memory, in which nothing depends on the folder that the file was in.
import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runInput } from "#cli/run-input.js";
import { folder } from "../program.js";
import { SCENARIO, write } from "./tiny.js";

describe("a scenario that is built for real", () => {
  const place = folder();
  beforeAll(() => {
    mkdirSync(place.at("deep"));
    write(place.at("deep"), {
      "scenario.json": JSON.stringify({ ...SCENARIO, model: "model.json", history: "past.jsonl" }),
      "model.json": JSON.stringify({ schema: "drvfleet.model/1", name: "site", conducts: {} }),
      "past.jsonl": '{"schema":"drvfleet.history/1"}\n',
    });
  });
  afterAll(() => place.remove());

  it("has its model inside and names its history by whole paths", async () => {
    const input = await runInput([place.at("deep/scenario.json")], {}, null);
    expect(input).toMatchObject({
      ok: true,
      value: { scenario: { model: { schema: "drvfleet.model/1", name: "site" }, history: [place.at("deep/past.jsonl")] } },
    });
  });
});
