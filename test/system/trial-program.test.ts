// The trial program really makes its folder, on each processor that qemu can play, and is what an assembler makes of its listing.
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { TRIAL_SYSTEMS, trialAssembly, trialProgram } from "#live/probe/trial-program.js";
import { command, folder } from "../program.js";
import { lacks } from "./needs.js";

const place = folder();
afterAll(() => place.remove());

const HEADERS = 0x78;
const DIALECTS: Readonly<Record<string, string>> = {
  "x86_64-linux": ".intel_syntax noprefix\n",
  "riscv64-linux": ".option norvc\n",
};
const EXISTS = 17;
const NO_SUCH = 2;

for (const system of TRIAL_SYSTEMS) {
  const processor = system.replace("-linux", "");
  const qemu = `qemu-${processor === "powerpc64le" ? "ppc64le" : processor}-static`;

  describe.skipIf(lacks(qemu))(`${system} under qemu-user`, () => {
    it("makes the folder, and tells the error where it cannot", async () => {
      const [file, out] = [place.at(system), place.at(`${system}.out`)];
      writeFileSync(file, trialProgram(system));
      chmodSync(file, 0o755);
      expect(await command(qemu, [file, out])).toMatchObject({ code: 0, out: "", err: "" });
      expect(existsSync(out)).toBe(true);
      expect((await command(qemu, [file, out])).code).toBe(EXISTS);
      expect((await command(qemu, [file, place.at("none/such")])).code).toBe(NO_SUCH);
    });
  });

  // Nothing else needs an assembler for POWER: there qemu alone is the judge.
  if (processor === "powerpc64le") continue;
  describe.skipIf(lacks(`${processor}-linux-gnu-as`))(`${system} in an assembler`, () => {
    it("has the bytes of its listing", async () => {
      const [source, object, bytes] = ["s", "o", "bin"].map((ending) => place.at(`${processor}.${ending}`));
      writeFileSync(source!, `${DIALECTS[system] ?? ""}${trialAssembly(system)}\n`);
      const assembled = await command(`${processor}-linux-gnu-as`, ["-o", object!, source!]);
      expect(assembled.code, assembled.err).toBe(0);
      await command(`${processor}-linux-gnu-objcopy`, ["-O", "binary", "-j", ".text", object!, bytes!]);
      const code = Buffer.from(trialProgram(system).subarray(HEADERS));
      expect(readFileSync(bytes!).subarray(0, code.length).toString("hex")).toBe(code.toString("hex"));
    });
  });
}
