import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loopSlowdown, readSpeed, speedOf, speedScript } from "#live/probe/speed-program.js";
import { ANSWER } from "#live/probe/tiny-program.js";
import { command, folder } from "../../program.js";

const RECORDED = `Welcome to kana
drvfleet-speed native x86_64-linux
drvfleet-speed ran x86_64-linux 10 52 0m0.020000s 0m0.020000s 0m0.500000s 0m0.040000s ${ANSWER}
drvfleet-speed together 4 10 125
drvfleet-speed ran aarch64-linux 2 55 0m0.5s 0m0.04s 0m0.98s 0m0.06s ${ANSWER}
drvfleet-speed failed riscv64-linux exit 126 sh: 30: ./riscv64-linux: Exec format error
`;

describe("reading what the speed script prints", () => {
  it("takes CPU time per run, what all cores were worth together, and why a system does not run", () => {
    const reading = readSpeed(RECORDED);
    expect(reading.native).toBe("x86_64-linux");
    expect(reading.runs["x86_64-linux"]).toEqual({ kind: "ran", seconds: expect.closeTo(0.05, 9) });
    expect(reading.together).toEqual({ cores: 4, worth: expect.closeTo(1.6, 9) });
    expect(reading.runs["riscv64-linux"]).toEqual({
      kind: "failed",
      why: "the kernel takes it for no program (exit 126: exec format error)",
    });
    expect(loopSlowdown(reading, "aarch64-linux")).toBeCloseTo(5, 9);
    expect(loopSlowdown(reading, "riscv64-linux")).toBeNull();
  });

  it("is twice as fast in half the time", () => {
    const faster = RECORDED.replace("0m0.500000s 0m0.040000s", "0m0.250000s 0m0.040000s");
    expect(speedOf(readSpeed(faster))! / speedOf(readSpeed(RECORDED))!).toBeCloseTo(2, 9);
  });

  it("takes the wall where the shell's `times` is of no use", () => {
    const reading = readSpeed(`drvfleet-speed native riscv64-linux\ndrvfleet-speed ran riscv64-linux 4 60 - - - - ${ANSWER}\n`);
    expect(reading.runs["riscv64-linux"]).toEqual({ kind: "ran", seconds: 0.15 });
  });

  it("says in plain letters what a shell makes of a program that it takes for a script", () => {
    const { runs } = readSpeed("drvfleet-speed failed riscv64-linux exit 127 ./riscv64-linux: 1: J\u00027\ufffd7\u00177: not found\n");
    expect(runs["riscv64-linux"]).toEqual({
      kind: "failed",
      why: "the kernel takes it for no program (exit 127: ./riscv64-linux: 1: J?7?7?7: not found)",
    });
    const ended = readSpeed("drvfleet-speed failed aarch64-linux exit 132 Illegal instruction\n");
    expect(ended.runs["aarch64-linux"]).toEqual({ kind: "failed", why: "ended by signal 4" });
  });

  it("believes no wrong answer", () => {
    const reading = readSpeed(RECORDED.replace(ANSWER, "ok aaaaaaaaaaaaaaaa"));
    expect(reading.runs["x86_64-linux"]!.kind).toBe("failed");
    expect(speedOf(reading)).toBeNull();
    expect(reading.together).toBeNull();
  });

  it("measures nothing where nothing was printed, and says what the script says", () => {
    expect(readSpeed("")).toEqual({ runs: {}, native: null, together: null, trouble: "" });
    expect(readSpeed("drvfleet-speed trouble no folder\n").trouble).toBe("no folder");
  });
});

const isKnown = process.platform === "linux" && (process.arch === "x64" || process.arch === "arm64" || process.arch === "riscv64");

describe.skipIf(!isKnown)("the speed script in a shell", () => {
  it.each(["sh", "bash"])("measures this machine in %s, fed on stdin, and leaves nothing", async (shell) => {
    if (!existsSync(`/bin/${shell}`)) return;
    const place = folder();
    const { code, out, err } = await command(shell, ["-s"], { input: speedScript([]), env: { TMPDIR: place.path } });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const reading = readSpeed(out);
    expect(speedOf(reading)).toBeGreaterThan(0.01);
    expect(speedOf(reading)).toBeLessThan(100);
    expect(reading.together!.worth).toBeGreaterThan(0);
    expect(readdirSync(place.path)).toEqual([]);
    place.remove();
  });
});
