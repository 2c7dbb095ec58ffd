// `drvfleet agent --history`: a history that cannot be read is the user's fault, before anything is begun.
import { existsSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { drvfleet, folder } from "../program.js";
import { FLEET } from "./tiny.js";

describe("agent --history", () => {
  const place = folder();
  afterAll(() => place.remove());

  it("names the line that is no build, and begins nothing", async () => {
    writeFileSync(place.at("fleet.json"), JSON.stringify(FLEET));
    writeFileSync(place.at("past.jsonl"), '{"schema":"drvfleet.history/1"}\n{"pname":"gcc"}\n');
    const ended = await drvfleet(
      ["agent", "--fleet", place.at("fleet.json"), "--history", place.at("past.jsonl"), "--runtime", place.at("agent")],
      {
        cwd: place.path,
      },
    );
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toContain("past.jsonl:2");
    expect(existsSync(place.at("agent"))).toBe(false);
  }, 20_000);
});
