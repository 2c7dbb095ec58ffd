// How much slower qemu-user is than the processor itself, by kind of work. Each program runs natively and emulated in
// turn, from one source (or one version of one package), and must give the same answer. CPU time of the process and its
// children, as the shell's `time` tells it, for a neighbour then matters less; for `fetch`, which waits, the wall.
// Prints per kind: what ran, digest, medians, the ratio of medians and the range of the pairs' ratios. Usage:
//   npx tsc -p tsconfig.bench.json && node dist-bench/emulation.bench.js [--times 5] [--scale 1] [--packages FOLDER] [--json FILE]
// FOLDER: what emulation/compilers.sh unpacked; without it, `compiler` and `shell` are left out, which is said.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ROUNDS, tinyProgram } from "#live/probe/tiny-program.js";
import { compiledSource } from "./emulation/compiled-source.js";
import { median } from "./measure.js";

const TARGETS = [
  { system: "aarch64-linux", processor: "aarch64", debian: "arm64" },
  { system: "riscv64-linux", processor: "riscv64", debian: "riscv64" },
] as const;
type Target = (typeof TARGETS)[number];

/** One program in two bodies: the words of its command line. */
interface Pair {
  readonly native: readonly string[];
  readonly emulated: readonly string[];
}

interface Kind {
  readonly name: string;
  /** Undefined: what it needs is not there. */
  pair(target: Target): Pair | undefined;
  readonly time: "cpu" | "wall";
}

interface Timed {
  readonly cpu: number;
  readonly wall: number;
  readonly digest: string;
}

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "5" },
    scale: { type: "string", default: "1" },
    packages: { type: "string" },
    json: { type: "string" },
  },
});
const times = Number(values.times);
const scale = Number(values.scale);
const packages: string | undefined = values.packages;
const sources = fileURLToPath(new URL("../bench/emulation/", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "drvfleet-bench-"));

try {
  const missing = needs();
  if (missing.length > 0) {
    console.error(`emulation.bench: not measured, for want of ${missing.join(", ")}`);
    process.exitCode = 1;
  } else measureAll();
} finally {
  rmSync(place, { recursive: true });
}

function needs(): string[] {
  const programs = ["bash", "gcc", ...TARGETS.flatMap(({ processor }) => [`qemu-${processor}-static`, `${processor}-linux-gnu-gcc`])];
  const missing = programs.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  return arch() === "x64" ? missing : ["an x86_64 machine", ...missing];
}

function measureAll(): void {
  build("gcc", join(place, "native"));
  for (const { processor } of TARGETS) build(`${processor}-linux-gnu-gcc`, join(place, processor));
  const source = join(place, "compiled.c");
  writeFileSync(source, compiledSource(Math.max(1, Math.round(20 * scale))));

  const machine = {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]!.model,
    cores: cpus().length,
    qemu: firstLine(["qemu-riscv64-static", "--version"]),
    gcc: firstLine(["gcc", "--version"]),
    packages: TARGETS.flatMap(unpacked),
    times,
    scale,
    load: loadavg().map((load) => Number(load.toFixed(1))),
  };
  console.log(
    Object.entries(machine)
      .map(([name, value]) => `${name} ${value}`)
      .join("  "),
  );
  console.log("system         kind      digest        native s  emulated s  ratio  pairs from–to");
  const rows = TARGETS.flatMap((target) => kinds(source).flatMap((kind) => measured(target, kind)));
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      `${JSON.stringify({ ...machine, loadAfter: loadavg().map((load) => Number(load.toFixed(1))), rows }, null, 1)}\n`,
    );
}

function build(compiler: string, to: string): void {
  run([compiler, "-O2", "-static", "-ffp-contract=off", "-o", to, join(sources, "kernels.c"), "-lm"]);
}

function kinds(source: string): Kind[] {
  const kernel = (name: string, rounds: number, time: "cpu" | "wall" = "cpu"): Kind => ({
    name,
    time,
    pair: ({ processor }) => {
      const emulator = found(`qemu-${processor}-static`);
      const words = [name, String(Math.max(1, Math.round(rounds * scale)))];
      const self = join(place, processor);
      return { native: [join(place, "native"), ...words], emulated: [emulator, self, ...words, emulator, self] };
    },
  });
  return [
    kernel("integer", 100_000),
    kernel("float", 60_000),
    kernel("memory", 40),
    kernel("branchy", 2_000),
    kernel("fork", 60),
    {
      name: "shell",
      time: "cpu",
      pair: (target) => packaged(target, "usr/bin/dash", [join(sources, "configure.sh"), String(Math.ceil(150 * scale))]),
    },
    { name: "compiler", time: "cpu", pair: (target) => packaged(target, "cc1", ["-quiet", "-O2", "-fno-ident", source, "-o", "-"]) },
    { name: "loop", time: "cpu", pair: loop },
    kernel("fetch", 100, "wall"),
  ];
}

/** The program that `drvfleet check` measures hosts with: ties the other figures to it. */
function loop({ system, processor }: Target): Pair {
  const file = (of: "x86_64-linux" | Target["system"]) => {
    const path = join(place, `loop-${of}`);
    writeFileSync(path, tinyProgram(of, Math.max(1, Math.round(ROUNDS * 4 * scale))));
    chmodSync(path, 0o755);
    return path;
  };
  return { native: [file("x86_64-linux")], emulated: [found(`qemu-${processor}-static`), file(system)] };
}

/** Versions of the packages of both roots. */
function unpacked({ debian }: Target): string[] {
  if (packages === undefined) return [];
  const lists = ["amd64", debian].map((host) => join(packages, `${debian}-on-${host}`, "packages"));
  return lists.filter((list) => existsSync(list)).flatMap((list) => readFileSync(list, "utf8").trim().split("\n"));
}

/** A program of the two roots, each with its own libraries. */
function packaged({ processor, debian }: Target, program: string, words: readonly string[]): Pair | undefined {
  if (packages === undefined) return undefined;
  const native = join(packages, `${debian}-on-amd64`);
  const other = join(packages, `${debian}-on-${debian}`);
  if (!existsSync(join(native, program)) || !existsSync(join(other, program))) return undefined;
  const loader = join(native, "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
  return {
    native: [loader, "--library-path", join(native, "usr/lib/x86_64-linux-gnu"), join(native, program), ...words],
    emulated: [found(`qemu-${processor}-static`), "-L", other, join(other, program), ...words],
  };
}

function measured(target: Target, kind: Kind): readonly unknown[] {
  const pair = kind.pair(target);
  if (pair === undefined) {
    console.log(`${target.system.padEnd(13)}  ${kind.name.padEnd(8)}  not measured: no --packages with it (emulation/compilers.sh)`);
    return [];
  }
  const native: Timed[] = [];
  const emulated: Timed[] = [];
  for (let i = 0; i < times; i++) {
    native.push(timed(pair.native));
    emulated.push(timed(pair.emulated));
  }
  const digests = new Set([...native, ...emulated].map(({ digest }) => digest));
  if (digests.size > 1) throw new Error(`${target.system} ${kind.name}: unlike answers ${[...digests].join(", ")}`);
  const seconds = (all: readonly Timed[]) => all.map((one) => one[kind.time]);
  const ratios = native.map((one, i) => emulated[i]![kind.time] / one[kind.time]);
  const row = {
    system: target.system,
    kind: kind.name,
    time: kind.time,
    digest: native[0]!.digest,
    native: round(median(seconds(native))),
    emulated: round(median(seconds(emulated))),
    ratio: round(median(seconds(emulated)) / median(seconds(native))),
    from: round(Math.min(...ratios)),
    to: round(Math.max(...ratios)),
  };
  console.log(
    [
      row.system.padEnd(13),
      row.kind.padEnd(8),
      row.digest,
      row.native.toFixed(3).padStart(8),
      row.emulated.toFixed(3).padStart(10),
      row.ratio.toFixed(2).padStart(5),
      `${row.from.toFixed(2)}–${row.to.toFixed(2)}`,
    ].join("  "),
  );
  return [row];
}

/** CPU seconds of a command and all that it waited for, and a digest of what it printed. */
function timed(words: readonly string[]): Timed {
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&3; } 3>&2';
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script, "bash", ...words], {
    maxBuffer: 1 << 28,
    env: { ...process.env, LC_ALL: "C" },
  });
  const said = stderr.toString().trim();
  const [wall, user, system] = said.split(/\s+/).slice(-3).map(Number);
  if (status !== 0 || stdout.length === 0 || !Number.isFinite(wall! + user! + system!))
    throw new Error(`${words.join(" ")} ended with ${status}: ${said}`);
  return { cpu: user! + system!, wall: wall!, digest: createHash("sha256").update(stdout).digest("hex").slice(0, 12) };
}

function found(program: string): string {
  return run(["sh", "-c", `command -v ${program}`]);
}

function firstLine(words: readonly string[]): string {
  return run(words).split("\n")[0]!;
}

function run([program, ...words]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program!, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} ended with ${status}: ${stderr}`);
  return stdout.trim();
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
