// The tiny program really runs, on each processor that qemu can play, and is what an assembler makes of its listing.
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { ANSWER, ANSWER_ONCE, tinyAssembly, ROUNDS, TINY_SYSTEMS, tinyProgram } from "#live/probe/tiny-program.js";
import { command, folder } from "../program.js";
import { lacks } from "./needs.js";

const place = folder();
afterAll(() => place.remove());

const HEADERS = 0xc0;
/** What each assembler must be told to write as we do. */
const DIALECTS: Readonly<Record<string, string>> = {
  "x86_64-linux": ".intel_syntax noprefix\n",
  "riscv64-linux": ".option norvc\n.option norelax\n",
};

for (const system of TINY_SYSTEMS) {
  const processor = system.replace("-linux", "");

  describe.skipIf(lacks(`qemu-${processor}-static`))(`${system} under qemu-user`, () => {
    it.each([
      [1, ANSWER_ONCE],
      [ROUNDS, ANSWER],
    ])("answers after %i rounds", async (rounds, answer) => {
      const file = place.at(`${system}-${rounds}`);
      writeFileSync(file, tinyProgram(system, rounds));
      chmodSync(file, 0o755);
      const { code, out, err } = await command(`qemu-${processor}-static`, [file]);
      expect({ code, out, err }).toEqual({ code: 0, out: `${answer}\n`, err: "" });
    });
  });

  describe.skipIf(lacks(`${processor}-linux-gnu-as`))(`${system} in an assembler`, () => {
    it("has the bytes of its listing", async () => {
      const [source, object, program, bytes] = ["s", "o", "elf", "bin"].map((ending) => place.at(`${processor}.${ending}`));
      writeFileSync(source!, `${DIALECTS[system] ?? ""}.globl _start\n_start:\n${tinyAssembly(system)}\n`);
      const tool = (name: string) => `${processor}-linux-gnu-${name}`;
      for (const [name, args] of [
        ["as", ["-o", object!, source!]],
        ["ld", ["-Ttext=0x4000c0", "-o", program!, object!]],
        ["objcopy", ["-O", "binary", "-j", ".text", program!, bytes!]],
      ] as const) {
        const { code, err } = await command(tool(name), [...args]);
        expect(code, err).toBe(0);
      }
      expect(readFileSync(bytes!).toString("hex")).toBe(Buffer.from(tinyProgram(system, 1).subarray(HEADERS)).toString("hex"));
    });
  });
}
