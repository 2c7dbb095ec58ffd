// A static Linux program of 350 bytes, the same for three processors, to be run where nothing is installed: that it
// answers proves that the system (or its binfmt handler) really works, and its time says how fast. It goes round a loop of
// what compilers do much of (shifts, a load and a store in 512 KiB, an indirect call, a branch that nobody can foretell)
// and prints "ok" and 16 letters that only a right machine finds. Knows nothing of hosts, shells or Nix.
import { assemblyOf, type Listed, staticElf } from "./static-elf.js";

/**
 * 0x4000b0: rounds left · 0x4000b8: the seed of Marsaglia's xorshift64 (13, 7, 17) · 0x410000: 65,536 words, zero ·
 * 0x490000: what is printed. A round: word = table[x mod 65536] += x; if word is odd sum ^= word, else sum = 3 sum + 1.
 */
const MACHINES = {
  "x86_64-linux": {
    machine: 62,
    listing: `
    4c8b3425b0004000  mov r14, [0x4000b0]
    488b1c25b8004000  mov rbx, [0x4000b8]
    41bd00004100      mov r13d, 0x410000
    4c8d3d80000000    lea r15, [rip+step]
    4531e4            xor r12d, r12d
                      again:
    4889d8            mov rax, rbx
    48c1e00d          shl rax, 13
    4831c3            xor rbx, rax
    4889d8            mov rax, rbx
    48c1e807          shr rax, 7
    4831c3            xor rbx, rax
    4889d8            mov rax, rbx
    48c1e011          shl rax, 17
    4831c3            xor rbx, rax
    0fb7c3            movzx eax, bx
    498b4cc500        mov rcx, [r13+rax*8]
    4801d9            add rcx, rbx
    49894cc500        mov [r13+rax*8], rcx
    41ffd7            call r15
    49ffce            dec r14
    75ca              jnz again
    498db500000800    lea rsi, [r13+0x80000]
    c7066f6b2000      mov dword ptr [rsi], 0x206b6f
    b903000000        mov ecx, 3
                      digit:
    49c1c404          rol r12, 4
    4489e0            mov eax, r12d
    83e00f            and eax, 15
    83c061            add eax, 97
    88040e            mov [rsi+rcx], al
    ffc1              inc ecx
    83f913            cmp ecx, 19
    75e9              jne digit
    c646130a          mov byte ptr [rsi+19], 10
    b801000000        mov eax, 1
    bf01000000        mov edi, 1
    ba14000000        mov edx, 20
    0f05              syscall
    b83c000000        mov eax, 60
    31ff              xor edi, edi
    0f05              syscall
                      step:
    f6c101            test cl, 1
    7404              jz even
    4931cc            xor r12, rcx
    c3                ret
                      even:
    4f8d646401        lea r12, [r12+r12*2+1]
    c3                ret`,
  },
  "aarch64-linux": {
    machine: 183,
    listing: `
    1308a0d2          movz x19, #0x40, lsl #16
    745a40f9          ldr x20, [x19, #0xb0]
    765e40f9          ldr x22, [x19, #0xb8]
    3308a0d2          movz x19, #0x41, lsl #16
    35040010          adr x21, step
    170080d2          mov x23, #0
                      again:
    d63616ca          eor x22, x22, x22, lsl #13
    d61e56ca          eor x22, x22, x22, lsr #7
    d64616ca          eor x22, x22, x22, lsl #17
    c03e4092          and x0, x22, #0xffff
    617a60f8          ldr x1, [x19, x0, lsl #3]
    2100168b          add x1, x1, x22
    617a20f8          str x1, [x19, x0, lsl #3]
    a0023fd6          blr x21
    940600f1          subs x20, x20, #1
    e1feff54          b.ne again
    61024291          add x1, x19, #0x80, lsl #12
    e36d8d52          movz w3, #0x6b6f
    0304a072          movk w3, #0x20, lsl #16
    230000b9          str w3, [x1]
    640080d2          mov x4, #3
                      digit:
    f7f2d793          ror x23, x23, #60
    e30e4092          and x3, x23, #15
    63840191          add x3, x3, #97
    23682438          strb w3, [x1, x4]
    84040091          add x4, x4, #1
    9f4c00f1          cmp x4, #19
    41ffff54          b.ne digit
    43018052          mov w3, #10
    234c0039          strb w3, [x1, #19]
    200080d2          mov x0, #1
    820280d2          mov x2, #20
    080880d2          mov x8, #64
    010000d4          svc #0
    000080d2          mov x0, #0
    a80b80d2          mov x8, #93
    010000d4          svc #0
                      step:
    61000036          tbz x1, #0, even
    f70201ca          eor x23, x23, x1
    c0035fd6          ret
                      even:
    f706178b          add x23, x23, x23, lsl #1
    f7060091          add x23, x23, #1
    c0035fd6          ret`,
  },
  "riscv64-linux": {
    machine: 243,
    listing: `
    37044000          lui s0, 0x400
    8334040b          ld s1, 0xb0(s0)
    8339840b          ld s3, 0xb8(s0)
    37044100          lui s0, 0x410
    170900001309c909  lla s2, step
    130a0000          li s4, 0
                      again:
    9392d900          slli t0, s3, 13
    b3c95900          xor s3, s3, t0
    93d27900          srli t0, s3, 7
    b3c95900          xor s3, s3, t0
    93921901          slli t0, s3, 17
    b3c95900          xor s3, s3, t0
    93920903          slli t0, s3, 48
    93d2d202          srli t0, t0, 45
    b3828200          add t0, t0, s0
    83b50200          ld a1, 0(t0)
    b3853501          add a1, a1, s3
    23b0b200          sd a1, 0(t0)
    e7000900          jalr s2
    9384f4ff          addi s1, s1, -1
    e39404fc          bnez s1, again
    b7054900          lui a1, 0x490
    b7722000          lui t0, 0x207
    9382f2b6          addi t0, t0, -1169
    23a05500          sw t0, 0(a1)
    13833500          addi t1, a1, 3
    93833501          addi t2, a1, 19
                      digit:
    9352ca03          srli t0, s4, 60
    131a4a00          slli s4, s4, 4
    93821206          addi t0, t0, 97
    23005300          sb t0, 0(t1)
    13031300          addi t1, t1, 1
    e31673fe          bne t1, t2, digit
    9302a000          li t0, 10
    23805300          sb t0, 0(t2)
    13051000          li a0, 1
    13064001          li a2, 20
    93080004          li a7, 64
    73000000          ecall
    13050000          li a0, 0
    9308d005          li a7, 93
    73000000          ecall
                      step:
    93f21500          andi t0, a1, 1
    63860200          beqz t0, even
    334aba00          xor s4, s4, a1
    67800000          ret
                      even:
    93121a00          slli t0, s4, 1
    330a5a00          add s4, s4, t0
    130a1a00          addi s4, s4, 1
    67800000          ret`,
  },
} as const satisfies Readonly<Record<string, Listed>>;

export type TinySystem = keyof typeof MACHINES;
export const TINY_SYSTEMS = Object.keys(MACHINES) as readonly TinySystem[];

export function isTinySystem(system: string): system is TinySystem {
  return Object.hasOwn(MACHINES, system);
}

/** What the program prints for one round and for `ROUNDS`, on every processor. */
export const ANSWER_ONCE = "ok nmblhhkoalpdenkn";
export const ANSWER = "ok pfojjbocpjklakji";

/** Rounds that take 0.05 s on a fast processor of 2025: long beside a start, short beside a person. */
export const ROUNDS = 8_000_000;

const SEED = 0x9e3779b97f4a7c15n;
const TABLE = { at: 0x410000, bytes: 0x81000 };

export function tinyProgram(system: TinySystem, rounds: number): Uint8Array {
  return staticElf(MACHINES[system], [BigInt(rounds), SEED], TABLE);
}

/** What an assembler is given to check the listing. */
export function tinyAssembly(system: TinySystem): string {
  return assemblyOf(MACHINES[system]);
}
