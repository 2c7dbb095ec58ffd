// The named conducts: how Nix, Hydra and our own engines behave around their choice. A figure is measured (then its
// source stands beside it) or the conduct is marked as assumed.
// Sources: Nix 2.8.0, 2.26.3, 2.34.8 measured on four hosts (medians); Worker::run and build-remote as read at those tags;
// Hydra's queue runner, C++ 05a917c75891 and Rust 14332fbf5547, as read.
import type { Conduct, Offering, Reaction, Timing } from "./conduct.js";
import { atLeast, type NixVersion } from "#model/nix-version.js";

export const NIX_DEFAULT_VERSION = "2.34";

/** As Nix ships: without --keep-going the first failure kills every build; a dead machine is asked again by every hook. */
const ONCE: Reaction = { buildAttempts: 1, hostAttempts: 1, retrySeconds: 0, backoff: 1, keepGoing: false, hostsDown: "asked" };
const HYDRA_RETRIES: Reaction = {
  buildAttempts: 1,
  hostAttempts: 5,
  retrySeconds: 60,
  backoff: 3,
  keepGoing: true,
  hostsDown: "known",
};
/** Our engine sets a lost host aside and builds elsewhere at once. */
const ELSEWHERE: Reaction = { buildAttempts: 1, hostAttempts: 5, retrySeconds: 0.1, backoff: 2, keepGoing: true, hostsDown: "known" };

/**
 * Small outputs, medians on a quiet machine: the hook starts in 25 ms, the builder 11 ms after the accept, the output is back
 * 5 ms after the end and noticed 5 ms later. Spread of 33 recorded runs: connects half a second apart differ by 0.06 to 0.09,
 * those 20 s apart by 0.07 to 0.13, the medians of equal runs by 0.02 to 0.04; hook starts (0.35) and builder starts (0.8)
 * vary by themselves, and the hook's with the connects. Four machines, 17 sessions (scenarios/recorded/sites): hooks start in 27 to 67 ms,
 * notices take 6 to 23, by 0.4 and more; who has slow ones has slow connects (test).
 * Usual connects of configurations differ by 0 to 0.04 in six of seven sessions of 2 to 9 of them, by 0.16 in that with large copies on some: 0.06 by their mean square. Of 168 copies of a megabyte and more over no slow
 * link a tenth took less than a third of the usual time beside what went on there, most of them a tenth of it; the others vary by 0.4.
 */
const NIX_TIMING: Timing = {
  ask: "serial",
  connect: "each",
  connectCv: 0.075,
  loadCv: 0.06,
  configurationCv: 0.06,
  siteCv: 0.4,
  wanderCv: 0.08,
  wanderSeconds: 3,
  beginSeconds: 0,
  hookSeconds: 0.025,
  hookCv: 0.35,
  acceptSeconds: 0.001,
  refuseSeconds: 0.002,
  startSeconds: 0.011,
  startCv: 0.8,
  copyCv: 0.4,
  copySmooth: 0.1,
  returnSeconds: 0.005,
  noticeSeconds: 0.005,
  noticeCv: 0,
  slotUntil: "returned",
  dependents: "returned",
  inputs: "accepted",
};

const FREE_TIMING: Timing = {
  ask: "parallel",
  connect: "kept",
  connectCv: 0,
  loadCv: 0,
  configurationCv: 0,
  siteCv: 0,
  wanderCv: 0,
  wanderSeconds: 5,
  beginSeconds: 0,
  hookSeconds: 0,
  hookCv: 0,
  acceptSeconds: 0,
  refuseSeconds: 0,
  startSeconds: 0,
  startCv: 0,
  copyCv: 0,
  copySmooth: 0,
  returnSeconds: 0,
  noticeSeconds: 0,
  noticeCv: 0,
  slotUntil: "returned",
  dependents: "returned",
  inputs: "accepted",
};

/** Waves of a goal, by the version that has them first: its parts are goals of their own from 2.30 on. As read, measured up to 2.29 and for 2.34. */
const WAVES: readonly (readonly [since: string, perLevel: number, toAsk: number])[] = [
  ["2.31", 3, 5],
  ["2.30", 2, 4],
  ["0.0", 1, 3],
];
/** Before 2.30 a goal that may be substituted looks for that before it knows its inputs: measured on 2.8.0 and 2.26.3 (test/system/fuzz). */
const WAVES_OF_SUBSTITUTION = 2;

/** Nix's own: waves by name, serial blocking asks, a poll tick. `substitute`: as in nix.conf, where no cache has anything. */
export function nixConduct(version: NixVersion, substitute = false): Conduct {
  const since = (first: string): boolean => atLeast(version, first);
  const [, perLevel, wavesToAsk] = WAVES.find(([first]) => since(first))!;
  const offering: Offering = {
    kind: "waves",
    wavesPerLevel: perLevel + (substitute && !since("2.30") ? WAVES_OF_SUBSTITUTION : 0),
    wavesToAsk,
    wavesToRetry: 2,
    wake: since("2.35.2") ? "free-local-slots" : since("2.35") ? "one" : "all",
    pollSeconds: 5,
    nobody: since("2.33") ? "fails" : "waits",
  };
  return {
    name: "nix",
    source: "Nix Worker::run and build-remote, measured on 2.8.0, 2.26.3, 2.34.8",
    assumed: since("2.35") || (since("2.30") && !since("2.34")),
    offering,
    reaction: ONCE,
    timing: NIX_TIMING,
  };
}

const ALL: Offering = { kind: "all" };

/** Conducts without a parameter. `own` and `nix` are resolved by whoever knows the policy or the version. */
export const CONDUCTS = {
  ideal: {
    name: "ideal",
    source: "textbook: deciding costs nothing, an input travels from the instant its producer ends",
    assumed: false,
    offering: ALL,
    reaction: ELSEWHERE,
    timing: { ...FREE_TIMING, inputs: "produced" },
  },
  run: {
    name: "run",
    source: "our SSH engine, medians of 328 builds on four hosts: 1 ms to decide, 32 ms in which Nix starts and ends a builder",
    assumed: false,
    offering: ALL,
    reaction: ELSEWHERE,
    // What needs an output starts when the builder has ended, on the same host without any transfer; outputs go home beside that.
    timing: { ...FREE_TIMING, acceptSeconds: 0.001, startSeconds: 0.032, startCv: 0.8, slotUntil: "built", dependents: "built" },
  },
  hook: {
    name: "hook",
    source: "our build hook and its agent, medians: in a chain 105 ms from an end to the next start, of many at once a question each 50 ms",
    assumed: false,
    offering: ALL,
    reaction: ELSEWHERE,
    // An output is registered, then noticed, then its dependents are asked for, one by one.
    timing: {
      ...FREE_TIMING,
      beginSeconds: 0.15,
      hookSeconds: 0.05,
      acceptSeconds: 0.045,
      startSeconds: 0.02,
      startCv: 0.8,
      returnSeconds: 0.035,
      noticeSeconds: NIX_TIMING.noticeSeconds,
      slotUntil: "built",
    },
  },
  "hydra-cpp": {
    name: "hydra-cpp",
    source: "Hydra's C++ queue runner as read: a thread and a connection per step, the slot freed before the download",
    assumed: true,
    offering: ALL,
    reaction: HYDRA_RETRIES,
    timing: { ...FREE_TIMING, connect: "each", connectCv: 0.1, slotUntil: "built" },
  },
  "hydra-rust": {
    name: "hydra-rust",
    source: "Hydra's Rust queue runner as read: 500 ms between dispatches, the slot held until outputs are uploaded",
    assumed: true,
    offering: ALL,
    reaction: HYDRA_RETRIES,
    timing: { ...FREE_TIMING, acceptSeconds: 0.25 },
  },
} as const satisfies Record<string, Conduct>;

export type ConductName = "own" | "nix" | keyof typeof CONDUCTS;
export const CONDUCT_NAMES: readonly ConductName[] = ["own", "nix", "run", "hook", "ideal", "hydra-cpp", "hydra-rust"];
