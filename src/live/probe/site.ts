// A host while it is probed: what is asked of it, what is known so far, and what the rungs of the ladder need: programs, a
// folder that only we can enter, patience. Each rung (probe.ts) adds to it; nothing here decides anything.
import { sha256Hex } from "#base/digest.js";
import type { ProbedHost, ProbeStep, StepResult, Verdict } from "#model/probed-host.js";
import type { Address } from "#live/host/address.js";
import { DIGITS } from "#live/host/nix32.js";
import type { Inventory } from "./inventory.js";
import type { ProbeShell } from "./shell.js";
import type { Serve } from "#live/host/serve.js";
import type { Program, Shell } from "#live/host/shell.js";

export interface ProbeTarget {
  readonly address: Address;
  /** What the fleet promises; none: what the host itself says. */
  readonly systems: readonly string[];
  readonly features: readonly string[];
  /** Builds at once. */
  readonly slots: number;
}

export interface ProbeMeans {
  readonly shell: Shell;
  /** Empty, ours alone; for sockets, so its path is short. */
  readonly folder: string;
  /** Different in every check: paths of trial derivations are made of it, so that none was built before. */
  readonly nonce: string;
  /** Milliseconds for a step that has nothing to measure. */
  readonly patience: number;
  /** Runs one after the other what would share the coordinator's link or processors. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What a rung found; what it could not learn stays as it was. */
export type Finding = Partial<Omit<ProbedHost, "name" | "destination" | "steps">>;

export class Site {
  readonly steps: StepResult[] = [];
  found: Finding = {};
  inventory: Inventory | null = null;
  /** Set by the rungs that open them. */
  session: ProbeShell | null = null;
  serve: Serve | null = null;
  /** What the serving process said on standard error. */
  serveWords: () => string = () => "";
  /** Paths of trial programs in the host's store, by system. */
  readonly programs = new Map<string, string>();
  private readonly running: Program[] = [];
  private trials = 0;

  constructor(
    readonly target: ProbeTarget,
    readonly means: ProbeMeans,
  ) {}

  get isLocal(): boolean {
    return this.target.address.ssh === null;
  }

  get socket(): string {
    return `${this.means.folder}/${sha256Hex(this.target.address.name).slice(0, 12)}`;
  }

  start(words: readonly string[]): Program {
    const program = this.means.shell.start(words);
    this.running.push(program);
    return program;
  }

  note(step: ProbeStep, verdict: Verdict, what: string, words = "", hint = ""): void {
    this.steps.push({ step, verdict, what, words, hint });
  }

  get hasFailed(): boolean {
    return this.steps.some(({ verdict }) => verdict === "failed");
  }

  /** A path that no store has, in the alphabet of Nix's base 32. */
  trialPath(name: string): string {
    const digest = sha256Hex(`${this.means.nonce} ${this.target.address.name} ${this.trials++}`);
    const hash = Array.from({ length: 32 }, (_, i) => DIGITS[Number.parseInt(digest.slice(2 * i, 2 * i + 2), 16) % 32]).join("");
    const known = [...this.programs.values()][0];
    return `${known === undefined ? "/nix/store" : known.slice(0, known.lastIndexOf("/"))}/${hash}-${name}`;
  }

  /** Ends what was started, sessions before the connection that they share. */
  async close(): Promise<void> {
    for (const program of this.running.reverse()) {
      program.input.end();
      program.kill("SIGTERM");
    }
    const alarm = setTimeout(() => {
      for (const program of this.running) program.kill("SIGKILL");
    }, GRACE_MS);
    await Promise.all(this.running.map(({ ended }) => ended));
    clearTimeout(alarm);
  }
}

const GRACE_MS = 2000;
