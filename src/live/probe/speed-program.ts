// How fast a host is, alone and with all its cores, and how much slower it emulates: a script for any POSIX shell, to be
// fed to `sh -s` over SSH, and the reader of its lines. Needs no compiler there: it writes the tiny program of each system
// into a temporary folder, runs it for about half a second each, and leaves nothing. CPU time where `times` tells it, so
// that a neighbour does not make a host slow; the wall for all cores together, so that he does. Knows no Nix and no fleet.
import { printfOf } from "./static-elf.js";
import { ANSWER, isTinySystem, ROUNDS, TINY_SYSTEMS, type TinySystem, tinyProgram } from "./tiny-program.js";

/** One system's program on the host. */
export type TinyRun =
  | { readonly kind: "ran"; readonly seconds: number }
  /** `why`: what the shell or the kernel said, one line; or that the answer was wrong. */
  | { readonly kind: "failed"; readonly why: string };

export interface SpeedReading {
  /** By Nix system; `seconds` of CPU per run. */
  readonly runs: Readonly<Partial<Record<TinySystem, TinyRun>>>;
  /** The host's own system; null: none of those that have a program, or nothing may be executed there. */
  readonly native: TinySystem | null;
  /** How many cores the host counts, and the work of how many undisturbed ones they did together; null: not measured. */
  readonly together: { readonly cores: number; readonly worth: number } | null;
  /** Why nothing was measured, or "". */
  readonly trouble: string;
}

/**
 * CPU seconds of one run on the reference core, of speed 1, which builds binutils (one LFS SBU) in 150 core-seconds.
 * Tied to it once: a core of an AMD EPYC, 0.05 s a run, built binutils 2.40 as LFS does in 354 s of user time, busy beside
 * (the system time of that virtual machine, which forks slowly, is left out). Compilers and the loop differ by ±30 %
 * between processors: assumed.
 */
export const REFERENCE_SECONDS = 0.12;

/** The host's speed by the reference core; null where its own program did not run. */
export function speedOf({ native, runs }: SpeedReading): number | null {
  const own = native === null ? undefined : runs[native];
  return own?.kind === "ran" && own.seconds > 0 ? REFERENCE_SECONDS / own.seconds : null;
}

/** Emulated ÷ native CPU seconds of the tiny program; null where one of them did not run. */
export function loopSlowdown({ native, runs }: SpeedReading, system: TinySystem): number | null {
  const own = native === null ? undefined : runs[native];
  const other = runs[system];
  return own?.kind === "ran" && other?.kind === "ran" && own.seconds > 0 ? other.seconds / own.seconds : null;
}

const MARK = "drvfleet-speed";

/** `systems`: what the host is said to run; its own program runs in any case, first. */
export function speedScript(systems: readonly string[]): string {
  const wanted = TINY_SYSTEMS.filter((system) => systems.includes(system));
  return `# Written by drvfleet: measures processor speed for about ${1 + wanted.length} s and removes what it made.
(
LC_ALL=C; export LC_ALL; umask 077
place=
trap 'cd /; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
for parent in "\${TMPDIR:-/tmp}" "$HOME" /dev/shm; do
  place=$(mktemp -d "$parent/drvfleet.XXXXXX" 2>/dev/null) || continue
  printf '#!/bin/sh\\n' > "$place/try" && chmod 700 "$place/try" && "$place/try" 2>/dev/null </dev/null && break
  rm -rf "$place"; place=
done
if [ -z "$place" ]; then echo '${MARK} trouble no folder in TMPDIR, HOME or /dev/shm where programs may be executed'; exit 0; fi
# Some shells take a program that the kernel refuses for a script: whatever its bytes mean to them, they mean it in here.
cd "$place"

now() { if read -r up idle </proc/uptime; then up=\${up%.*}\${up#*.}; else up=$(date +%s)00; fi; }
spent() { times > times; { read -r own; read -r waited; } < times; }
write() {
  case $1 in
${TINY_SYSTEMS.map((system) => `    ${system}) ${printfOf(tinyProgram(system, ROUNDS))} ;;`).join("\n")}
  esac > "$1"
  chmod 700 "$1"
}
# Runs the program of a system until half a second has passed, and says how long that took.
spin() {
  runs=0; spent; before=$waited; now; from=$up
  while :; do
    "./$1" >answer 2>why </dev/null; code=$?
    answer=; read -r answer < answer
    why=; read -r why < why
    if [ $code != 0 ]; then echo "${MARK} failed $1 exit $code $why"; return 1; fi
    runs=$((runs + 1)); now
    [ $((up - from)) -lt 50 ] || break
  done
  spent; echo "${MARK} ran $1 $runs $((up - from)) $before $waited $answer"
}

case $(uname -s)-$(uname -m) in
${TINY_SYSTEMS.map((system) => `  Linux-${system.replace("-linux", "")}) native=${system} ;;`).join("\n")}
  *) native=none ;;
esac
echo "${MARK} native $native"
if [ $native != none ]; then
  write $native
  if spin $native; then
    cores=$(getconf _NPROCESSORS_ONLN || nproc || echo 1); started=0; now; from=$up
    while [ $started -lt $cores ]; do
      ( i=0; while [ $i -lt $runs ]; do ./$native >/dev/null </dev/null; i=$((i + 1)); done ) &
      started=$((started + 1))
    done
    wait; now; echo "${MARK} together $cores $runs $((up - from))"
  fi
fi
for system in ${wanted.join(" ")}; do
  if [ $system != $native ]; then write $system; spin $system; fi
done
) 2>/dev/null
`;
}

/** Reads what the script printed, among whatever else was printed. Never fails: what is not there is not measured. */
export function readSpeed(text: string): SpeedReading {
  const runs: Partial<Record<TinySystem, TinyRun>> = {};
  let native: TinySystem | null = null;
  let trouble = "";
  let together: { cores: number; runs: number; wall: number } | null = null;
  for (const line of text.split("\n")) {
    const [mark, what = "", ...words] = line.trimEnd().split(" ");
    if (mark !== MARK) continue;
    const [first = ""] = words;
    if (what === "trouble") trouble = words.join(" ");
    else if (what === "native" && isTinySystem(first)) native = first;
    else if (what === "together") together = { cores: Number(words[0]), runs: Number(words[1]), wall: Number(words[2]) / 100 };
    else if (what === "failed" && isTinySystem(first))
      runs[first] = { kind: "failed", why: whyOf(Number(words[2]), words.slice(3).join(" ")) };
    else if (what === "ran" && isTinySystem(first)) runs[first] = ranOf(words.slice(1));
  }
  const own = native === null ? undefined : runs[native];
  const isMeasured = together !== null && together.wall > 0 && own?.kind === "ran";
  return {
    runs,
    native,
    together: isMeasured ? { cores: together!.cores, worth: (together!.cores * together!.runs * own.seconds) / together!.wall } : null,
    trouble,
  };
}

/** The program ends with 0 or by a signal; any other code is the shell's, for a file that the kernel would not run. */
function whyOf(code: number, said: string): string {
  // A shell that takes the file for a script says its bytes.
  const words = /exec format error/i.test(said) ? "exec format error" : said.replace(/[^ -~]+/g, "?");
  return code < 128 ? `the kernel takes it for no program (exit ${code}: ${words})` : `ended by signal ${code - 128}`;
}

/** RUNS WALL BEFORE-USER BEFORE-SYSTEM AFTER-USER AFTER-SYSTEM ANSWER…; a shell without usable `times` leaves the wall. */
function ranOf(words: readonly string[]): TinyRun {
  const answer = words.slice(6).join(" ");
  if (answer !== ANSWER) return { kind: "failed", why: `answered ${JSON.stringify(answer)}, expected ${JSON.stringify(ANSWER)}` };
  const [runs, wall] = words.slice(0, 2).map(Number);
  const [userBefore, systemBefore, userAfter, systemAfter] = words.slice(2, 6).map(secondsOf);
  const spent = userAfter! + systemAfter! - userBefore! - systemBefore!;
  return { kind: "ran", seconds: (spent > 0 ? spent : wall! / 100) / runs! };
}

/** `1m2.345s`, as POSIX has `times` print it. */
function secondsOf(time: string): number {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(time) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
