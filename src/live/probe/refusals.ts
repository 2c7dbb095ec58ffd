// What Nix said when it refused → why, and what to change. The texts of 2.8, 2.26 and 2.34 differ and all count. Pure.
import type { ProbedHardware } from "#model/probed-host.js";
import type { Inventory } from "./inventory.js";
import { TRIAL_SYSTEMS } from "./trial-program.js";

/** what, words, hint: the last arguments of a step's note. */
export type Refusal = readonly [what: string, words: string, hint: string];

const STORE: readonly (readonly [RegExp, string, string])[] = [
  [/No space left|disk is full|Disk quota/i, "its disk is full", "free space there: nix-collect-garbage, or min-free in nix.conf"],
  [
    /Read-only file system|readonly database|remounting .* writable/i,
    "its store is read-only",
    "mount it writable, or find out why the kernel made it read-only",
  ],
  [
    /daemon.*(Permission denied)|Permission denied.*daemon/i,
    "this user may not talk to its nix-daemon",
    "add the user to allowed-users in nix.conf there",
  ],
  [
    /cannot connect to (daemon|socket)|Connection refused|daemon-socket/i,
    "its nix-daemon does not answer",
    "start it: systemctl start nix-daemon.socket",
  ],
  [/Permission denied|Operation not permitted/i, "this user may not write to its store", "connect as root, or let a nix-daemon run there"],
  [/no folder in TMPDIR/, "no temporary folder can be made there", "make /tmp writable, or free space there"],
];

export const STORE_UNKNOWN = "its store takes nothing";

export function storeRefusal(words: string): Refusal {
  const known = STORE.find(([pattern]) => pattern.test(words));
  return known === undefined ? [STORE_UNKNOWN, words, "run nix-store --add FILE there by hand"] : [known[1], words, known[2]];
}

export function systemRefusal(system: string, words: string, inventory: Inventory): Refusal {
  const native = isNative(system, inventory.hardware);
  if (/Exec format error|executing .*: (No such file|Exec format)/i.test(words)) return handlerRefusal(system, words, inventory);
  if (/is required to build|required system or feature|platform mismatch/i.test(words))
    return [
      `Nix there does not take builds for ${system}`,
      words,
      native
        ? `add ${system} to extra-platforms in nix.conf there, or take it out of the fleet`
        : `add ${system} to extra-platforms in nix.conf there (NixOS: boot.binfmt.emulatedSystems), or take it out of the fleet`,
    ];
  if (/max-jobs|start any build/i.test(words))
    return [
      "it builds nothing: max-jobs is 0 there",
      words,
      "set max-jobs to 1 or more in nix.conf there; as a limit on remote builds it does not count",
    ];
  if (/build users|build-users-group|nixbld/i.test(words))
    return ["it has no users to build with", words, "make the group and users that build-users-group names, with members"];
  if (/no end within/.test(words))
    return [`a build for ${system} does not come to an end`, words, "look at what runs there; stop what holds its build users"];
  return [`a build for ${system} fails there`, words, "run a small nix-build there by hand"];
}

function handlerRefusal(system: string, words: string, { handlers, hardware }: Inventory): Refusal {
  if (isNative(system, hardware)) return [`its processor does not run programs for ${system}`, words, `take ${system} out of the fleet`];
  const processor = processorOf(system);
  const handler = handlers.find(({ name, interpreter }) => `${name} ${interpreter}`.includes(processor));
  if (handler === undefined)
    return [
      `no binfmt handler runs programs for ${system}`,
      words,
      `NixOS: boot.binfmt.emulatedSystems = [ "${system}" ]; Debian: apt install qemu-user-static binfmt-support`,
    ];
  if (!handler.enabled)
    return [`the binfmt handler ${handler.name} for ${system} is switched off`, words, `echo 1 > /proc/sys/fs/binfmt_misc/${handler.name}`];
  if (!handler.fixed)
    return [
      `the binfmt handler ${handler.name} for ${system} is not found in the sandbox`,
      words,
      "register it with flag F and a static qemu, or name the interpreter in extra-sandbox-paths there",
    ];
  return [`the binfmt handler ${handler.name} for ${system} does not run programs`, words, `does ${handler.interpreter} start there?`];
}

const FAMILIES: readonly (readonly [machine: RegExp, system: RegExp])[] = [
  [/^x86_64$|^amd64$/, /^(x86_64(-v\d)?|i[3-6]86)-/],
  [/^(aarch64|arm64)$/, /^(aarch64|armv[567]l)-/],
  [/^riscv64$/, /^riscv64-/],
];

/** Whether the host's processor itself runs the system's programs. */
export function isNative(system: string, { machine }: ProbedHardware): boolean {
  const family = FAMILIES.find(([own]) => own.test(machine));
  return family === undefined ? system.startsWith(`${machine}-`) : family[1].test(system);
}

/** The system of the host's own programs, as far as its kernel tells. */
export function nativeTrial({ machine, kernel }: ProbedHardware): string {
  const system = TRIAL_SYSTEMS.find((known) => isNative(known, { machine } as ProbedHardware));
  const processor = system === undefined ? machine : processorOf(system);
  return `${processor}-${kernel.toLowerCase()}`;
}

function processorOf(system: string): string {
  return system.slice(0, system.lastIndexOf("-"));
}

/** The plainest first. */
const TELLING: readonly RegExp[] = [
  /Exec format error|not privileged|lacks a|No space left|disk is full|Read-only|Permission denied|max-jobs|build users/i,
  /^Reason: /,
  /is required to build|only supported/i,
];

/** Whether the words say why, and not only that. */
export function tells(words: string): boolean {
  return words.split("\n").some((line) => TELLING.some((pattern) => pattern.test(line.trim())));
}

/** The line of Nix's words that says why: the log's last error first, for it is nearest to the cause. */
export function refusal(message: string, log: string): string {
  const lines = `${message}\n${log}`
    // What a build cannot even begin with, Nix 2.8 writes into the log as one process of its own tells it another: among zero bytes.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they part texts here
    .split(/[\n\u0000]/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of the terminal
    .map((line) => line.replace(/\u001b\[[0-9;]*m/g, "").trim())
    .filter((line) => line !== "");
  for (const pattern of TELLING) {
    const at = lines.findIndex((line) => pattern.test(line));
    // From 2.30 on the reason and what is required stand on lines of their own.
    if (at >= 0) return lines[at]!.startsWith("Reason: ") ? lines.slice(at, at + 3).join(", ") : lines[at]!;
  }
  return lines.find((line) => /error/i.test(line)) ?? lines[0] ?? "the connection ended";
}
