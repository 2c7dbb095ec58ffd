// The program as a program: help, version, schemas, completion, signals, closed pipes.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, drvfleet, filesIn, folder, MAIN, ROOT } from "../program.js";
import { scenario, write } from "./tiny.js";

const place = folder();
beforeAll(() =>
  write(place.path, { "long.json": scenario({ graph: { generate: { kind: "layered", nodes: 20000 } }, seeds: 200 })["scenario.json"]! }),
);
afterAll(() => place.remove());

const COMMANDS = ["compare", "simulate", "explain", "report", "run", "check", "import", "schema", "completion"];

describe("help", () => {
  it("lists the commands, and each has its own", async () => {
    const { code, out } = await drvfleet(["--help"]);
    expect(code).toBe(0);
    for (const name of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    for (const name of COMMANDS) {
      const own = await drvfleet([name, "--help"]);
      expect(own).toMatchObject({ code: 0, err: "" });
      expect(own.out).toMatch(new RegExp(`^Usage: drvfleet ${name}`));
    }
  });

  it("says the version of the package", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await drvfleet(["--version"])).toMatchObject({ code: 0, out: `${version}\n`, err: "" });
  });

  it.each([
    [[], /Usage: drvfleet/],
    [["comparre"], /unknown command 'comparre'.*\n.*compare/],
    [["compare"], /missing required argument 'scenario'\n {2}hint: --help/],
    [["compare", "a", "b"], /too many arguments/],
    [["import"], /Usage: drvfleet import/],
  ])("%j is a usage error: exit 2", async (args, says) => {
    const ended = await drvfleet(args);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(says);
  });
});

describe("schema", () => {
  it.each(["graph", "fleet", "scenario", "trace", "history"])("prints the JSON Schema of %s", async (name) => {
    const { code, out, err } = await drvfleet(["schema", name]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const schema = JSON.parse(out);
    expect(schema.title).toContain(`drvfleet.${name}/1`);
    expect(schema.$schema).toMatch(/json-schema\.org/);
  });

  it("shows every default of a scenario's models", async () => {
    const { properties } = JSON.parse((await drvfleet(["schema", "scenario"])).out);
    for (const [name, model] of Object.entries<{ default?: unknown }>(properties.models.properties))
      expect(model.default, name).toBeDefined();
    expect(properties.seeds.default).toBe(20);
  });

  it("suggests a name", async () => {
    const ended = await drvfleet(["schema", "grph"]);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(/did you mean graph\?/);
  });
});

describe("completion", () => {
  it("completes commands and flags in bash", async () => {
    const script = (await drvfleet(["completion", "bash"])).out;
    const complete = async (...words: string[]) => {
      const line = `COMP_WORDS=(drvfleet ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _drvfleet; echo "\${COMPREPLY[@]}"`;
      return (await command("bash", ["-c", `${script}\n${line}`])).out.trim().split(" ");
    };
    expect(await complete("comp")).toEqual(["compare", "completion"]);
    expect(await complete("compare", "x.yaml", "--fail")).toEqual(["--fail-if"]);
    expect(await complete("import", "gr")).toEqual(["graph"]);
    expect(await complete("import", "graph", "--ro")).toEqual(["--roots"]);
  });

  it("names every command and flag in zsh and fish", async () => {
    for (const shell of ["zsh", "fish"]) {
      const { code, out } = await drvfleet(["completion", shell]);
      expect(code).toBe(0);
      for (const name of [...COMMANDS, "fail-if", "roots"]) expect(out).toContain(name);
    }
    expect((await drvfleet(["completion", "tcsh"])).code).toBe(2);
  });
});

describe("signals and pipes", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends the work with %i and leaves nothing", async (signal, code) => {
    const child = spawn(process.execPath, [MAIN, "compare", "long.json", "--threads", "1", "--out", "never"], { cwd: place.path });
    const started = Date.now();
    const timer = setTimeout(() => child.kill(signal), 2500);
    const ended = await new Promise((resolve) => child.on("exit", (status, by) => resolve({ status, by })));
    clearTimeout(timer);
    expect(ended).toEqual({ status: code, by: null });
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(place.files().filter((name) => name.startsWith("never"))).toEqual([]);
  });

  it("goes on when its reader has seen enough, and writes the report", async () => {
    const line = `'${process.execPath}' '${MAIN}' compare scenario.json --json --out piped | head -c 10; echo " \${PIPESTATUS[0]}"`;
    const { out, err } = await command("bash", ["-c", line], { cwd: place.path });
    expect(out).toBe('{"schema": 0\n'.slice(0, 10).concat(" 0\n"));
    expect(err).toBe("");
    expect(filesIn(place.at("piped"))).toContain("report.html");
  });

  it("has no colours for what is no terminal", async () => {
    const { out } = await drvfleet(["compare", "scenario.json", "--seeds", "1"], { cwd: place.path, env: { FORCE_COLOR: "1" } });
    expect(out).not.toContain("\u001b");
  });
});

describe("the built program", () => {
  it("is what the package says", () => {
    const { bin, name } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8"));
    expect({ name, bin }).toEqual({ name: "drvfleet", bin: { drvfleet: "dist/cli/main.js" } });
  });
});
