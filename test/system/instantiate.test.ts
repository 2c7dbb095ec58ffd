// The committed graphs are what real Nix makes of the committed expression, read from what it prints and from the store
// itself; and the expression really builds.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GraphFile } from "#model/graph-file.js";
import { command, drvfleet, folder, ROOT } from "../program.js";
import { lacks } from "./needs.js";

const place = folder();
afterAll(async () => {
  // Nix makes its store read-only.
  await command("chmod", ["-R", "u+w", place.path]);
  place.remove();
});

const committed = (name: string): GraphFile =>
  JSON.parse(gunzipSync(readFileSync(`${ROOT}/scenarios/graphs/base-system-${name}.json.gz`)).toString("utf8"));

describe.skipIf(lacks("nix-instantiate"))("scenarios/instantiate.sh", () => {
  /** By graph name: the JSON's path and the roots. */
  const made = new Map<string, { json: string; roots: string[] }>();

  beforeAll(async () => {
    const { code, out, err } = await command("sh", [`${ROOT}/scenarios/instantiate.sh`, place.at("out")]);
    expect(code, err).toBe(0);
    for (const line of out.trim().split("\n")) {
      const [json, ...roots] = line.split(" ");
      made.set(/([^/]+)\.show-derivation\.json$/.exec(json!)![1]!, { json: json!, roots });
    }
  }, 120_000);

  it.each(["x86_64", "aarch64", "riscv64", "all"])("makes the committed graph of %s, from JSON and from the store", async (name) => {
    const { json, roots } = made.get(name)!;
    const { nodes, edges } = committed(name);
    expect(nodes.length).toBeGreaterThan(250);
    expect(nodes.every(({ drv }) => drv !== undefined)).toBe(true);
    const fromJson = await drvfleet(["import", "graph", json, "-o", place.at(`${name}.json`)]);
    const fromStore = await drvfleet([
      "import",
      "graph",
      place.at("out/store"),
      "--roots",
      roots.join(","),
      "-o",
      place.at(`${name}.store.json.gz`),
    ]);
    expect({ json: fromJson.code, store: fromStore.code }, fromJson.err + fromStore.err).toEqual({ json: 0, store: 0 });
    const one: GraphFile = JSON.parse(readFileSync(place.at(`${name}.json`), "utf8"));
    const other: GraphFile = JSON.parse(gunzipSync(readFileSync(place.at(`${name}.store.json.gz`))).toString("utf8"));
    for (const graph of [one, other]) {
      expect(graph.nodes.map(({ drv }) => drv)).toEqual(nodes.map(({ drv }) => drv));
      expect(graph.nodes).toEqual(nodes);
      expect(graph.edges).toEqual(edges);
    }
  });
});

describe.skipIf(lacks("nix-build"))("scenarios/base-system.nix", () => {
  it("really builds, in small", async () => {
    const env = Object.fromEntries(
      ["STORE", "STATE", "LOG", "CONF", "LOCALSTATE"].map((name) => [`NIX_${name}_DIR`, place.at("nix", name)]),
    );
    const small = ["--arg", "scale", "0.00001", "--arg", "sizeScale", "0.000001", "--argstr", "system", "x86_64-linux"];
    const settings = ["--option", "sandbox", "false", "--option", "build-users-group", "", "--max-jobs", "4", "--no-out-link", "-Q"];
    const { code, out, err } = await command("nix-build", [`${ROOT}/scenarios/base-system.nix`, "-A", "world", ...small, ...settings], {
      env,
    });
    expect(code, err).toBe(0);
    expect(existsSync(out.trim())).toBe(true);
    expect(err.match(/^building '/gm)!.length).toBe(committed("x86_64").nodes.length);
  }, 180_000);
});
