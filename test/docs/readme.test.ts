// Every command in the documentation works as written: in order, in a copy of the repository, with exit code 0. A block is
// left out by `<!-- not run: why -->` above it; what is no command of ours (installing, real Nix) is left out too.
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, folder, ROOT } from "../program.js";

const DOCUMENTS = ["README.md", "scenarios/README.md", "src/README.md", "bench/README.md"].filter((name) => existsSync(`${ROOT}/${name}`));
const OURS = /^(npx )?drvfleet\b|^node dist\/|^npm start\b|^npm run -s flows\b/;

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Commands of the ```sh blocks, continued lines joined, comments left out. */
function commands(markdown: string): Line[] {
  const found: Line[] = [];
  let inside = false;
  let left = false;
  let open: Line | null = null;
  for (const [i, raw] of markdown.split("\n").entries()) {
    if (/^```/.test(raw.trim())) {
      inside = !inside && /^```(sh|bash|console)\b/.test(raw.trim()) && !left;
      left = false;
    } else if (inside) {
      const text: string = `${open?.text ?? ""}${raw
        .replace(/^\s*\$ /, "")
        .replace(/\s+#\s.*$/, "")
        .trim()}`;
      const number: number = open?.number ?? i + 1;
      open = text.endsWith("\\") ? { number, text: `${text.slice(0, -1).trimEnd()} ` } : null;
      if (open === null && OURS.test(text)) found.push({ number, text });
    } else if (/<!--\s*not run\b.*-->/.test(raw)) left = true;
    else if (raw.trim() !== "") left = false;
  }
  return found;
}

describe.each(DOCUMENTS)("the commands of %s", (name) => {
  const place = folder();
  const lines = commands(readFileSync(`${ROOT}/${name}`, "utf8"));
  if (lines.length === 0) return void it("are none", () => expect(lines).toEqual([]));

  beforeAll(() => {
    for (const part of ["dist", "scenarios", "package.json", "README.md"]) cpSync(`${ROOT}/${part}`, place.at(part), { recursive: true });
    symlinkSync(`${ROOT}/node_modules`, place.at("node_modules"));
    mkdirSync(place.at("bin"));
    writeFileSync(place.at("bin/drvfleet"), `#!/bin/sh\nexec '${process.execPath}' '${place.at("dist/cli/main.js")}' "$@"\n`, {
      mode: 0o755,
    });
  });
  afterAll(() => place.remove());

  it.each(lines.map(({ number, text }) => [number, text]))(
    "line %i: %s",
    async (_, text) => {
      const env = { PATH: `${place.at("bin")}:${process.env.PATH}` };
      const { code, err } = await command("bash", ["-c", String(text).replace(/^npx /, "")], { cwd: place.path, env });
      expect(code, err).toBe(0);
      expect(err).not.toMatch(/^error:/m);
    },
    120_000,
  );
});

describe("npm start", () => {
  it("is `compare` of the book's fleet, and leaves a report", () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8"));
    expect(scripts.start).toBe("node dist/cli/main.js compare scenarios/book.yaml --out out/book");
  });
});

describe("blocks of commands", () => {
  it("are read as written", () => {
    const text = [
      "```sh",
      "drvfleet compare a \\",
      "  --seeds 3   # few",
      "make x",
      "```",
      "<!-- not run: long -->",
      "```sh",
      "drvfleet x",
      "```",
    ];
    expect(commands(text.join("\n"))).toEqual([{ number: 2, text: "drvfleet compare a --seeds 3" }]);
  });
});

it("says how far the simulation is off as validate's table does", () => {
  const table = readFileSync(`${ROOT}/scenarios/recorded/README.md`, "utf8");
  const readme = readFileSync(`${ROOT}/README.md`, "utf8").replace(/\s+/g, " ");
  const [sample, heldOut] = ["in sample", "held out"].map((part) => {
    const text = table.slice(table.indexOf(`\n${part}: `)).replace(/\s+/g, " ");
    const [, runs, error, noise, beyond, configurations, atBest, inside] =
      /configurations, (\d+) runs makespan error ([\d.]+ %) \(median\).*?noise ([\d.]+ %).*? (\d+) of (\d+) configurations beyond .*?at best ([\d.]+)\).*?holds (\d+) of/.exec(
        text,
      ) ?? [];
    return { runs, error, noise, beyond, configurations, atBest, inside };
  });
  expect(readme).toContain(`${Number(sample!.runs) + Number(heldOut!.runs)} recorded runs of real Nix`);
  expect(readme).toContain(`Of the ${sample!.runs} in sample it misses the makespan by ${sample!.error} in the median`);
  expect(readme).toContain(`where equal real runs differ by ${sample!.noise}, and holds ${sample!.inside} inside`);
  expect(readme).toContain(`of the ${heldOut!.runs} held out, other graphs and other configurations, by ${heldOut!.error} where`);
  expect(readme).toContain(`equal runs differ by ${heldOut!.noise}, and holds ${heldOut!.inside}.`);
  expect(readme).toContain(`Of the ${heldOut!.configurations} configurations held out it misses ${heldOut!.beyond} by more than 10 %`);
  expect(readme).toContain(`right in all but chance would miss ${heldOut!.atBest}.`);
});
