// The emulation bench in small: native and emulated programs of one source give the same answers, and it says what it
// was not given. Its figures are for people; nothing here depends on a time.
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { command, folder, ROOT } from "../program.js";
import { lacks } from "./needs.js";

const place = folder();
afterAll(() => place.remove());

const NEEDS = ["gcc", "aarch64-linux-gnu-gcc", "riscv64-linux-gnu-gcc", "qemu-aarch64-static", "qemu-riscv64-static"];

interface Table {
  readonly qemu: string;
  readonly rows: readonly { system: string; kind: string; digest: string; ratio: number; from: number; to: number }[];
}

describe.skipIf(NEEDS.map(lacks).some(Boolean) || process.arch !== "x64")("bench/emulation.bench.ts", () => {
  it("measures what needs no packages, twice the same work, and says what it leaves out", async () => {
    const built = await command(process.execPath, [`${ROOT}/node_modules/typescript/bin/tsc`, "-p", "tsconfig.bench.json"]);
    expect(built.code, built.out).toBe(0);
    const json = place.at("measured.json");
    const { code, out, err } = await command(process.execPath, [
      "dist-bench/emulation.bench.js",
      ...["--times", "2", "--scale", "0.01", "--json", json],
    ]);
    expect(code, err).toBe(0);
    for (const system of ["aarch64-linux", "riscv64-linux"])
      for (const kind of ["shell", "compiler"]) expect(out).toMatch(new RegExp(`^${system} +${kind} +not measured: no --packages`, "m"));
    const { qemu, rows }: Table = JSON.parse(readFileSync(json, "utf8"));
    expect(qemu).toMatch(/^qemu-\w+ version \d/);
    const kinds = ["integer", "float", "memory", "branchy", "fork", "loop", "fetch"];
    expect(rows.map(({ kind }) => kind)).toEqual([...kinds, ...kinds]);
    for (const { ratio, from, to } of rows) expect([ratio, from, to].every((value) => value > 0 && Number.isFinite(value))).toBe(true);
    // One source: both systems find what the native program finds.
    const [first, second] = [rows.slice(0, kinds.length), rows.slice(kinds.length)];
    expect(first.map(({ digest }) => digest)).toEqual(second.map(({ digest }) => digest));
  }, 120_000);
});
