// scenarios/recorded is made from the testbed's own files: made again, it does not differ.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { filesIn } from "../program.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RECORDED = join(ROOT, "scenarios/recorded");

it("has the scenarios and traces that its script makes of the recordings, and no others", async () => {
  const script: { converted(runs: unknown): Map<string, string>; runsIn(folder: string): unknown } = await import(
    /* @vite-ignore */ join(RECORDED, "convert.mjs")
  );
  const made = script.converted(script.runsIn(join(ROOT, "test/fixtures/traces")));
  expect([...made.keys(), "README.md", "convert.mjs"].sort()).toEqual(filesIn(RECORDED));
  for (const [path, text] of made) expect(readFileSync(join(RECORDED, path), "utf8"), path).toBe(text);
});
