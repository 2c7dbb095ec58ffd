// The committed reports are what the program makes of the committed scenarios, byte for byte.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const COMMITTED = join(ROOT, "reports");
const made = mkdtempSync(join(tmpdir(), "drvfleet-reports-"));

afterAll(() => rmSync(made, { recursive: true, force: true }));

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(make\.sh|README\.md)$/.test(entry.name))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

describe("reports/", () => {
  it("is what reports/make.sh makes", { timeout: 300_000 }, () => {
    execFileSync("sh", [join(COMMITTED, "make.sh"), made], { stdio: "pipe" });
    expect(filesBelow(made)).toEqual(filesBelow(COMMITTED));
    for (const name of filesBelow(made)) {
      expect(readFileSync(join(made, name), "utf8") === readFileSync(join(COMMITTED, name), "utf8"), name).toBe(true);
    }
  });
});
