import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { agentFolder, openFolder } from "#live/agent/folder.js";

it("rids the directory of what agents that were killed have left, and of nothing that one holds", () => {
  const path = mkdtempSync(join(tmpdir(), "agent-"));
  try {
    // No Linux has that many processes.
    const [dead, alive] = [2 ** 22 + 1, process.pid].map((pid) => join(path, "ssh", `own-${pid}`));
    for (const own of [dead!, alive!]) mkdirSync(own, { recursive: true });
    expect(openFolder(agentFolder(path), process.getuid!())).toBe(null);
    expect([dead!, alive!].map((own) => existsSync(own))).toEqual([false, true]);
  } finally {
    rmSync(path, { recursive: true });
  }
});
