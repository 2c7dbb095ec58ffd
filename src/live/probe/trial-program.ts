// A static Linux program of 152 bytes for four processors that makes the folder named by its first argument: the builder
// of a trial derivation, which needs no shell in the sandbox and proves that programs of that system really run there.
// Assembled by hand, as static-elf.ts says. Knows no Nix.
import { assemblyOf, type Listed, staticElf } from "./static-elf.js";

interface Machine extends Listed {
  /** e_flags of the ELF header: the ABI, where a processor has had two. */
  readonly flags: number;
}

/** mkdir(argv[1], 0755), then exit with its error number (of 8 bits), 0 when it went well. */
const MACHINES = {
  "x86_64-linux": {
    machine: 62,
    flags: 0,
    listing: `
    488b7c2410        mov rdi, [rsp+16]
    beed010000        mov esi, 493
    b853000000        mov eax, 83
    0f05              syscall
    89c7              mov edi, eax
    f7df              neg edi
    b83c000000        mov eax, 60
    0f05              syscall`,
  },
  "aarch64-linux": {
    machine: 183,
    flags: 0,
    listing: `
    600c8092          mov x0, #-100
    e10b40f9          ldr x1, [sp, #16]
    a23d80d2          mov x2, #493
    480480d2          mov x8, #34
    010000d4          svc #0
    e00300cb          neg x0, x0
    a80b80d2          mov x8, #93
    010000d4          svc #0`,
  },
  "riscv64-linux": {
    machine: 243,
    flags: 0,
    listing: `
    1305c0f9          li a0, -100
    83350101          ld a1, 16(sp)
    1306d01e          li a2, 493
    93082002          li a7, 34
    73000000          ecall
    3305a040          neg a0, a0
    9308d005          li a7, 93
    73000000          ecall`,
  },
  "powerpc64le-linux": {
    machine: 21,
    flags: 2,
    listing: `
    9cff6038          li 3, -100
    100081e8          ld 4, 16(1)
    ed01a038          li 5, 493
    1f010038          li 0, 287
    02000044          sc
    01000038          li 0, 1
    02000044          sc`,
  },
} as const satisfies Readonly<Record<string, Machine>>;

export type TrialSystem = keyof typeof MACHINES;
export const TRIAL_SYSTEMS = Object.keys(MACHINES) as readonly TrialSystem[];

export function isTrialSystem(system: string): system is TrialSystem {
  return Object.hasOwn(MACHINES, system);
}

export function trialProgram(system: TrialSystem): Uint8Array {
  const machine = MACHINES[system];
  const file = staticElf(machine);
  new DataView(file.buffer).setUint32(0x30, machine.flags, true);
  return file;
}

/** The right sides of the listing: what an assembler is given to check the left ones. */
export function trialAssembly(system: TrialSystem): string {
  return assemblyOf(MACHINES[system]);
}
