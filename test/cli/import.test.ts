import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { importCommand } from "#cli/import.js";
import { withoutIgnored } from "#scenario/check.js";
import { fleetSpec } from "#scenario/fleet-spec.js";
import { graphSpec } from "#scenario/graph-spec.js";

const FORMATS = fileURLToPath(new URL("../fixtures/formats", import.meta.url));
let folder: string;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drvfleet-test-"));
  said = "";
  process.exitCode = undefined;
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]): Promise<number> {
  const program = new Command("drvfleet").option("--quiet");
  importCommand(program);
  await program.parseAsync(["import", ...args], { from: "user" });
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return code;
}
const out = (name: string) => join(folder, name);
const json = (name: string) => JSON.parse(readFileSync(out(name), "utf8"));
/** A graph file without its name and source. */
const shape = (name: string) => {
  const { nodes, edges } = json(name);
  return { nodes, edges };
};

describe("import graph", () => {
  it("makes one graph of JSON, gzipped JSON, a store directory, a relocated store and .drv files", async () => {
    const source = `${FORMATS}/2.34.8/mixed44.derivation-show.json`;
    writeFileSync(out("packed.json.gz"), gzipSync(readFileSync(source)));
    mkdirSync(out("root/nix"), { recursive: true });
    cpSync(`${FORMATS}/mixed44.drvs`, out("root/nix/store"), { recursive: true });
    const drvs = readdirSync(`${FORMATS}/mixed44.drvs`).map((name) => `${FORMATS}/mixed44.drvs/${name}`);
    const world = drvs.find((name) => name.endsWith("-world.drv"))!;
    expect(await run("graph", source, "-o", out("json.json"))).toBe(0);
    expect(said).toMatch(/json\.json: 44 nodes, 74 edges, 0 fetches; systems: /);
    for (const [name, ...inputs] of [
      ["gz", out("packed.json.gz")],
      ["dir", `${FORMATS}/mixed44.drvs`],
      ["root", out("root")],
      ["one", world],
      ["all", ...drvs],
    ]) {
      expect(await run("graph", ...inputs, "-o", out(`${name}.json`))).toBe(0);
      expect(shape(`${name}.json`)).toEqual(shape("json.json"));
    }
    expect(json("json.json")).toMatchObject({
      schema: "drvfleet.graph/1",
      name: "mixed44.derivation-show",
      source: { formats: ["derivation-json"] },
    });
    for (const name of ["one.json", "all.json"])
      expect(json(name).roots.map((root: number) => json(name).nodes[root].name)).toEqual(["world"]);
    expect(json("one.json").name).toBe("world");
  });

  it("reads only what the roots need", async () => {
    expect(await run("graph", `${FORMATS}/mixed44.drvs`, "--roots", "elm,plum", "--name", "part", "-o", out("g.json"))).toBe(0);
    const graph = json("g.json");
    expect(graph.name).toBe("part");
    expect(graph.roots.map((root: number) => graph.nodes[root].name)).toEqual(["elm", "plum"]);
    expect(graph.nodes.length).toBeLessThan(44);
  });

  it("takes the jobs of nix-eval-jobs as roots of the other inputs", async () => {
    const drv = readdirSync(`${FORMATS}/mixed44.drvs`).find((name) => name.endsWith("-elm.drv"));
    writeFileSync(
      out("jobs.jsonl"),
      `{"attr":"elm","attrPath":["elm"],"drvPath":"/nix/store/${drv}","name":"elm","system":"x86_64-linux"}\n`,
    );
    expect(await run("graph", out("jobs.jsonl"), `${FORMATS}/2.8.0/mixed44.derivation-show.json`, "-o", out("a.json"))).toBe(0);
    expect(await run("graph", out("jobs.jsonl"), `${FORMATS}/mixed44.drvs`, "-o", out("b.json"))).toBe(0);
    expect(shape("a.json")).toEqual(shape("b.json"));
    expect(json("a.json").roots.map((root: number) => json("a.json").nodes[root].name)).toEqual(["elm"]);
    expect(await run("graph", out("jobs.jsonl"), "-o", out("c.json"))).toBe(0);
    expect(json("c.json").nodes).toHaveLength(1);
    expect(said).toMatch(/note: nix-eval-jobs lists jobs, not their closure/);
  });

  it.each(["2.8.0/zoo.derivation-show.json", "2.34.8/zoo-ca.derivation-show.json", "mixed44.q-graph.dot"])(
    "writes what the graph schema accepts: %s",
    async (input) => {
      expect(await run("graph", `${FORMATS}/${input}`, "-o", out("g.json"))).toBe(0);
      expect(graphSpec.safeParse(json("g.json")).error).toBeUndefined();
    },
  );

  it("writes gzip by the name's end", async () => {
    expect(await run("graph", `${FORMATS}/mixed44.q-graph.dot`, "--system", "riscv64-linux", "-o", out("g.json.gz"))).toBe(0);
    expect(JSON.parse(gunzipSync(readFileSync(out("g.json.gz"))).toString())).toMatchObject({
      nodes: expect.arrayContaining([expect.objectContaining({ system: "riscv64-linux" })]),
    });
  });

  it("says nothing when asked to be quiet", async () => {
    expect(await run("graph", `${FORMATS}/mixed44.q-graph.dot`, "-o", out("g.json"), "--quiet")).toBe(0);
    expect(said).toBe("");
  });

  it.each([
    ["missing file", () => "nowhere.json", /error: nowhere.json: found no such file/],
    ["unknown format", () => put("x.txt", "hello world"), /x.txt: found "hello world", which begins no known graph format/],
    ["empty file", () => put("x.json", ""), /found an empty input/],
    ["empty closure", () => put("x.json", "{}"), /found no derivations/],
    ["empty directory", () => folder, /found no derivations/],
    [
      "truncated JSON",
      () => put("x.json", readFileSync(`${FORMATS}/2.8.0/zoo.derivation-show.json`).subarray(0, 3000)),
      /x.json:\d+:\d+ \(byte 3000\): found the end of the file/,
    ],
    [
      "truncated gzip",
      () => put("x.gz", gzipSync(readFileSync(`${FORMATS}/2.8.0/zoo.derivation-show.json`)).subarray(0, 900)),
      /x.gz: found the end of the file inside its gzip data/,
    ],
    [
      "damaged gzip",
      () => put("x.gz", Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])),
      /x.gz: found damaged gzip data|inside its gzip data/,
    ],
    [
      "closure without its inputs",
      () => put("00000000000000000000000000000000-x.drv", readFileSync(`${FORMATS}/zoo.drvs/z8iwm0bb4jbysf31iivr5nzvrb5i98vc-all.drv`)),
      /found no derivation for 4 inputs/,
    ],
    ["a .drv of another name", () => put("x.drv", 'Derive([],[],[],"s","b",[],[])'), /expected the store path of a derivation/],
    ["a broken .drv", () => put("00000000000000000000000000000000-x.drv", "Derive([("), /\(byte 9\): found the end of the file/],
  ])("faults once, with exit code 2 and nothing written: %s", async (_, input, message) => {
    expect(await run("graph", input(), "-o", out("target/g.json"))).toBe(2);
    expect(said).toMatch(message);
    expect(said.match(/error:/g)).toHaveLength(1);
    expect(said).not.toMatch(/\n\s+at /);
    expect(existsSync(out("target"))).toBe(false);
  });

  it("leaves an old file as it was when it cannot finish", async () => {
    writeFileSync(out("g.json"), "old");
    mkdirSync(out("taken"));
    expect(await run("graph", put("x.json", "{"), "-o", out("g.json"))).toBe(2);
    expect(readFileSync(out("g.json"), "utf8")).toBe("old");
    expect(await run("graph", `${FORMATS}/2.8.0/zoo.derivation-show.json`, "-o", out("taken"))).toBe(2);
    expect(said).toMatch(/error: .*taken: /);
    expect(readdirSync(folder).sort()).toEqual(["g.json", "taken", "x.json"]);
  });

  function put(name: string, content: string | Uint8Array): string {
    writeFileSync(out(name), content);
    return out(name);
  }
});

describe("import fleet", () => {
  it("follows nix.conf to the machines beside it", async () => {
    writeFileSync(out("nix.conf"), "system = x86_64-linux\nmax-jobs = 4\ninclude more.conf\n");
    writeFileSync(out("more.conf"), "extra-platforms = i686-linux\n");
    writeFileSync(out("machines"), `ruby x86_64-linux - 2\n@${out("others")}\n`);
    writeFileSync(out("others"), "kana x86_64-linux - 3\n");
    expect(await run("fleet", out("nix.conf"), "-o", out("f.json"))).toBe(0);
    expect(json("f.json")).toMatchObject({
      schema: "drvfleet.fleet/1",
      coordinator: { maxJobs: 4, systems: { "x86_64-linux": "native", "i686-linux": "native" } },
      builders: [
        { name: "ruby", maxJobs: 2 },
        { name: "kana", maxJobs: 3 },
      ],
      "x-import": { settings: { maxJobs: 4 } },
    });
    expect(said).toMatch(/f\.json: 2 builders with 5 slots, coordinator with 4/);
  });

  it("combines a nix.conf with other machines", async () => {
    writeFileSync(out("nix.conf"), "builders = ssh://own\n");
    writeFileSync(out("m.json"), '[{"hostName":"ruby","maxJobs":2}]');
    expect(await run("fleet", out("nix.conf"), out("m.json"), "-o", out("f.json"))).toBe(0);
    expect(json("f.json").builders.map((host: { name: string }) => host.name)).toEqual(["ruby"]);
    expect(said).toMatch(/its setting builders is passed over/);
  });

  it("writes what the fleet schema accepts, whatever the lines say", async () => {
    const lines = [
      "a builtin - 0 0",
      "ssh://u=x@b?x=1 x86_64-linux,aarch64-linux",
      "local?root=/x,y - 90000 5000",
      "c riscv64-linux - 1 1 kvm kvm",
      "ssh-ng://[::1]:22",
    ];
    writeFileSync(out("machines"), lines.join("\n"));
    expect(await run("fleet", out("machines"), "-o", out("f.json"))).toBe(0);
    expect(fleetSpec.safeParse(withoutIgnored(json("f.json"))).error).toBeUndefined();
    expect(json("f.json").builders).toHaveLength(5);
  });

  it("reads by the grammar of the version that is named", async () => {
    writeFileSync(out("machines"), "# a ; b\n");
    expect(await run("fleet", out("machines"), "--nix-version", "2.18", "-o", out("f.json"))).toBe(0);
    expect(json("f.json").builders).toMatchObject([{ name: "b" }]);
    expect(await run("fleet", out("machines"), "-o", out("f.json"))).toBe(0);
    expect(json("f.json").builders).toEqual([]);
  });

  it.each([
    ["ssh://a - - x\n", [], /machines:1 field 4: found maxJobs "x"/],
    ["ssh://a - - 1 1.5\n", ["--nix-version", "2.8"], /whole number\n {2}hint: Nix before 2.20/],
    ["ssh://a\n", ["--nix-version", "new"], /--nix-version: found "new"/],
    ["[{}]", [], /\[0\]\.hostName: found nothing/],
    ["@/\n", [], /found a directory, expected a file/],
    ["ab\n\xff", [], /machines:2:1 \(byte 3\): found byte 0xff/],
  ])("faults on %j %j", async (text, flags, message) => {
    writeFileSync(out("machines"), text, "latin1");
    expect(await run("fleet", out("machines"), ...flags, "-o", out("f.json"))).toBe(2);
    expect(said).toMatch(message);
    expect(existsSync(out("f.json"))).toBe(false);
  });
});
