// One case of the campaign, all of it drawn from its seed: who builds, what goes wrong, where, when, for how long, and the
// graph: 12 to 20 sleeping builds on five slots, a quarter of them with outputs of megabytes.
import { pick, type Random, stream } from "#base/random.js";
import type { Step } from "../run-bed.js";

/** Builds at once, by host. */
export const SLOTS: Readonly<Record<string, number>> = { aquamarine: 2, ruby: 2, kana: 1 };

/** What goes wrong, and with whom: what only the hook has, or both have. */
export const FAULTS = {
  "host killed": ["run", "hook"],
  "link silent": ["run", "hook"],
  "sshd stopped": ["run", "hook"],
  "disk full": ["run", "hook"],
  "client killed": ["run", "hook"],
  "agent killed": ["hook"],
} as const satisfies Readonly<Record<string, readonly SubjectName[]>>;

export type FaultKind = keyof typeof FAULTS;
export type SubjectName = "run" | "hook";

export interface Case {
  readonly seed: number;
  readonly subject: SubjectName;
  readonly kind: FaultKind;
  readonly host: string;
  /** Seconds after the client was started. */
  readonly at: number;
  /** Seconds until it is mended; infinite = not before the run is over. */
  readonly lasts: number;
  readonly steps: readonly Step[];
  /** Whether the user's own ssh keeps a connection to each host (ControlMaster). */
  readonly isLent: boolean;
}

/** Seconds for which something is broken, and how often it is never mended in time. */
const LASTS = { least: 0.3, most: 6, never: 0.2 };

export function caseOf(seed: number): Case {
  const random = stream(seed, "faults");
  const pairs = (Object.keys(FAULTS) as FaultKind[]).flatMap((kind) => FAULTS[kind].map((subject) => ({ kind, subject })));
  const { kind, subject } = pairs[pick(random, pairs.length)]!;
  const hosts = Object.keys(SLOTS);
  const host = hosts[pick(random, hosts.length)]!;
  const steps = drawnSteps(random);
  const slots = Object.values(SLOTS).reduce((sum, count) => sum + count, 0);
  const work = steps.reduce((sum, { seconds }) => sum + seconds, 0) / slots;
  const at = rounded(0.1 + random() * (work + 2));
  const never = random() < LASTS.never;
  const lasts = never ? Number.POSITIVE_INFINITY : rounded(LASTS.least + random() * (LASTS.most - LASTS.least));
  return { seed, subject, kind, host, at, lasts, steps, isLent: random() < 0.5 };
}

function drawnSteps(random: Random): Step[] {
  const count = 12 + pick(random, 9);
  return Array.from({ length: count }, (_, i) => {
    const wanted = pick(random, 4);
    const needs = new Set(Array.from({ length: i === 0 ? 0 : wanted }, () => `s${pick(random, i)}`));
    const seconds = rounded(0.2 + random() * 1.3);
    const size = random() < 0.25 ? 1024 + pick(random, 5 * 1024) : 1;
    return { name: `s${i}`, seconds, size, needs: [...needs].sort() };
  });
}

function rounded(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
