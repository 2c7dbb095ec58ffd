// The same command gives the same bytes: on this Node and on Node 24, with one worker thread and with eight.
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, filesIn, folder, MAIN, ROOT } from "../program.js";
import { missing } from "./needs.js";

const place = folder();
const NAME = `node-linux-${process.arch}`;
const NODE_24 = place.at("node_modules", NAME, "bin/node");

/** PNG and gzip are not promised; run.json repeats the command line, which differs. */
const UNPROMISED = /\.(png|gz)$|^run\.json$/;

beforeAll(async () => {
  await command("npm", ["install", "--no-save", "--prefer-offline", "--no-audit", "--no-fund", `${NAME}@24`], { cwd: place.path });
}, 300_000);
afterAll(() => place.remove());

async function made(node: string, out: string, args: readonly string[]): Promise<Map<string, string>> {
  const ended = await command(node, [MAIN, "compare", ...args, "--json", "--out", place.at(out)], { cwd: ROOT });
  expect(ended.code, ended.err).toBe(0);
  const files = filesIn(place.at(out)).filter((name) => !UNPROMISED.test(name));
  return new Map([
    ["standard output", ended.out],
    ...files.map((name): [string, string] => [name, readFileSync(place.at(out, name), "utf8")]),
  ]);
}

function expectSame(some: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>): void {
  expect([...others.keys()]).toEqual([...some.keys()]);
  for (const [name, text] of some) expect(others.get(name) === text, `${name} is the same`).toBe(true);
}

describe("the same bytes", () => {
  for (const [name, flags] of [
    ["book.yaml", ["--seeds", "2", "--policies", "nix,list,heft,random"]],
    ["models/maxmin.yaml", ["--seeds", "3"]],
    ["models/faults.yaml", ["--seeds", "3"]],
  ] as const) {
    it(`of ${name} with one thread and with eight, on this Node and on Node 24`, async ({ skip }) => {
      const args = [`scenarios/${name}`, ...flags];
      const one = await made(process.execPath, `${name}.1`, [...args, "--threads", "1"]);
      for (const file of [
        "summary.csv",
        "builds.csv",
        "hosts.csv",
        "trace.jsonl",
        "report.html",
        "charts/gantt.svg",
        "charts/gantt.vl.json",
      ])
        expect([...one.keys()]).toContain(file);
      expectSame(one, await made(process.execPath, `${name}.8`, [...args, "--threads", "8"]));
      if (missing("Node 24 from the registry", !existsSync(NODE_24))) skip("Node 24 cannot be had from the registry");
      expect((await command(NODE_24, ["--version"])).out).toMatch(/^v24\./);
      expectSame(one, await made(NODE_24, `${name}.24`, [...args, "--threads", "8"]));
    });
  }
});
