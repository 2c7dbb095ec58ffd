// How much slower than native a foreign system's build is under qemu-user, where the fleet does not say: by kind of work,
// with where the figure comes from and how far it may be off, so that truth is drawn and nobody takes a guess for a fact.
// Measured: bench/emulation/measured*.json (medians of emulated ÷ native CPU seconds of the same program, three x86_64
// machines). Ignores the host's own instruction set and qemu's version: that is what the spread is for.
import { exponential, ln } from "#base/random.js";
import type { Workload } from "#model/graph-file.js";

/** How the figure is known; `assumed`: of a fetch, and of a system that nobody here measured. */
export type SlowdownProvenance = "measured" | "assumed";

export interface Slowdown {
  /** Emulated ÷ native core-seconds on the same core: the median. */
  readonly slowdown: number;
  /** Coefficient of variation of the lognormal around it, over hosts and builds. 0 = certain. */
  readonly cv: number;
  readonly provenance: SlowdownProvenance;
}

/** Kinds of work of bench/emulation.bench.ts; `loop` is what `drvfleet check` measures a host with. */
export type Kernel = "integer" | "float" | "memory" | "branchy" | "fork" | "shell" | "compiler" | "loop";

/**
 * Geometric means over three machines (bench/emulation/measured*.json, of which each cell is one row's `ratio`: test/estimate/emulation).
 * They agree within 1.5 but where work forks: emulated forks take as long everywhere, native ones do not, so their ratios go from 10 to 30
 * and from 9 to 25, those of the shell from 11 to 59 and from 6 to 9. EPYC, qemu-user 7.2, gcc 12 -O2, cc1 14, dash 0.5.12.
 */
export const MEASURED: Readonly<Record<string, Readonly<Record<Kernel, number>>>> = {
  "aarch64-linux": { integer: 1.569, float: 5.225, memory: 1.331, branchy: 3.625, fork: 18.18, shell: 24.21, compiler: 13.74, loop: 3.885 },
  "riscv64-linux": { integer: 1.245, float: 7.38, memory: 1.191, branchy: 4.173, fork: 14.52, shell: 7.875, compiler: 10.15, loop: 4.75 },
};

/**
 * The geometric mean of which kernels a workload is. shell: configure scripts fork as much as they compute. test: assumed
 * to be an even mix of all. fetch waits for the network: assumed to be no slower (the bench: 1.3 and 1.7, pairs 0.75 to 2.7,
 * of the wall of a busy machine).
 */
const MIX: Readonly<Record<Exclude<Workload, "fetch">, readonly Kernel[]>> = {
  compile: ["compiler"],
  shell: ["shell", "fork"],
  float: ["float"],
  memory: ["memory"],
  test: ["integer", "float", "memory", "branchy", "fork", "shell"],
};

/**
 * Published native and emulated times of one job. aarch64, on cloud machines that compare: 13 jobs (manylinux and other
 * wheels, a Nix closure, a ROS workspace, GraalVM …), slowdown 1.7–20.2, geometric mean 9.0. riscv64, against today's
 * boards, which are themselves slow: 11 jobs (numpy, RapidFuzz, fonttools, OpenJDK, Fedora's binutils and openssl …),
 * 0.35–10.9, geometric mean 0.98: a fast x86 host that emulates beats the board about as often as not. So they give no
 * slowdown of riscv64, and no constant is right for all; what they give is how widely whole builds spread.
 * Sources: pull requests and issues of ssciwr/clang-format-wheel 121, PyTables 1331, home-assistant/wheels 920,
 * baleen37/dotfiles 1256, ChiefGyk3D/Hammunition 60, docker/setup-qemu-action 22, oracle/graal 3922, docker/buildx 2810,
 * jamesmortensen/geckodriver-arm-binaries 3; scikit-learn 33580, RapidFuzz 475, fonttools 4071, kairos-io/AuroraBoot 779,
 * adoptium/temurin-build 3876, R. W. M. Jones' RISC-V talk.
 */
export const PUBLISHED = {
  "aarch64-linux": [1.68, 4.04, 6.43, 7.67, 8, 10.64, 10.76, 10.85, 10.93, 13, 15.27, 17.94, 20.19],
  "riscv64-linux": [0.35, 0.44, 0.62, 0.66, 0.67, 0.67, 0.84, 1, 1.47, 2, 10.86],
} as const;

/** The published aarch64 pairs as a lognormal: σ = 0.66 (test). */
const BUILD_CV = 0.74;
/** Assumed: one kind of work is narrower than a whole build; of the three machines none is further off than twice that (test). */
const KERNEL_CV = 0.35;
const SPREAD: Readonly<Record<Workload, number>> = {
  compile: BUILD_CV,
  shell: BUILD_CV,
  float: KERNEL_CV,
  memory: KERNEL_CV,
  fetch: 0,
  test: BUILD_CV,
};
/** Assumed, of a system not measured: as wide as the published pairs of riscv64 against boards of all kinds, σ = 0.94. */
const STRANGER_CV = 1.19;

/** What is known of emulating that system on a host of another kind; of one not measured, the geometric mean of those that are. */
export function emulationDefault(system: string, workload: Workload): Slowdown {
  if (workload === "fetch") return { slowdown: 1, cv: 0, provenance: "assumed" };
  const own = Object.hasOwn(MEASURED, system) ? [MEASURED[system]!] : undefined;
  const ratios = (own ?? Object.values(MEASURED)).flatMap((kernels) => MIX[workload].map((kernel) => kernels[kernel]));
  return {
    // Emulation speeds nothing up: a copy that measured 0.97 was disturbed.
    slowdown: Math.max(1, Number(geometricMean(ratios).toPrecision(3))),
    cv: own === undefined ? STRANGER_CV : SPREAD[workload],
    provenance: own === undefined ? "assumed" : "measured",
  };
}

/**
 * The defaults of a host whose loop of `drvfleet check` was measured under its emulator: all kinds of work are taken to
 * stand to each other as they do here. Undefined: a system whose loop was never measured here.
 */
export function emulationOnHost(system: string, loopSlowdown: number): Readonly<Record<Workload, number>> | undefined {
  if (!Object.hasOwn(MEASURED, system)) return undefined;
  const scale = loopSlowdown / MEASURED[system]!.loop;
  const scaled = (workload: Workload) => Math.max(1, Number((emulationDefault(system, workload).slowdown * scale).toPrecision(3)));
  return {
    compile: scaled("compile"),
    shell: scaled("shell"),
    float: scaled("float"),
    memory: scaled("memory"),
    fetch: 1,
    test: scaled("test"),
  };
}

function geometricMean(values: readonly number[]): number {
  return exponential(values.reduce((sum, value) => sum + ln(value), 0) / values.length);
}
