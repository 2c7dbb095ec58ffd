// How much slower than native a foreign system's build is under qemu-user, where the fleet does not say. Measured: one
// x86_64 machine, qemu-user, CPU seconds emulated ÷ native, medians of 5. Ignores the host's own instruction set and
// qemu's version; published whole-package pairs for aarch64 range 1.7–20.2 around a geometric mean of 9.0 (n = 13).
import type { Workload } from "#model/graph-file.js";

/**
 * compile: cc1 -O2 of 10 kB of C · shell: busybox sh, 400 subshells and a loop · float: multiply, add, square root ·
 * memory: copies of 32 MiB (riscv64 measured 0.94, taken as 1: noise) · fetch: waits for the network.
 * test: assumed to be an even mix, the geometric mean of integer loop, float, memory, qsort, fork+exec and shell
 * (aarch64 2.18, 4.34, 1.18, 5.49, 18.18, 11.75; riscv64 1.40, 8.77, 1, 5.65, 15.21, 9.98).
 */
const SLOWDOWN: Readonly<Record<string, Readonly<Record<Workload, number>>>> = {
  "aarch64-linux": { compile: 11.9, shell: 11.7, float: 4.3, memory: 1.2, fetch: 1, test: 4.9 },
  "riscv64-linux": { compile: 13, shell: 10, float: 8.8, memory: 1, fetch: 1, test: 4.7 },
};

const AARCH64 = SLOWDOWN["aarch64-linux"];
const RISCV64 = SLOWDOWN["riscv64-linux"];

/** Emulated ÷ native core-seconds on the same core; for a system not measured, the geometric mean of those that are. */
export function emulationDefault(system: string, workload: Workload): number {
  if (Object.hasOwn(SLOWDOWN, system)) return SLOWDOWN[system][workload];
  return Math.round(Math.sqrt(AARCH64[workload] * RISCV64[workload]) * 100) / 100;
}
