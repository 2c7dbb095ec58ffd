// A scenario after normalising: what was asked, with no optionals left and no names resolved to ids. The command line
// fills it from file and flags; compile and the engine read it. Knows no graph, no fleet and no registry of policies.
import type { Models } from "#model/models.js";
import type { Bracket } from "./bracket.js";

/** Where a policy's knowledge of durations comes from. `noisy`: the median times a factor of that variation. */
export type Estimates =
  | { readonly kind: "default" | "exact" | "history" | "mean" | "blind" }
  | { readonly kind: "noisy"; readonly cv: number };

/** `own`: each policy's. `named`: one for all, with its parameters. `custom`: fields laid over a named one. */
export type ConductSpec =
  | { readonly kind: "own" }
  | { readonly kind: "named"; readonly conduct: Bracket }
  | { readonly kind: "custom"; readonly base: Bracket; readonly changes: ConductChanges };

/** Fields of `Conduct` (dispatch/conduct.ts) that a scenario sets over those of the base; checked by the schema. */
export interface ConductChanges {
  readonly name?: string;
  readonly offering?: Readonly<Record<string, unknown>>;
  readonly reaction?: Readonly<Record<string, unknown>>;
  readonly timing?: Readonly<Record<string, unknown>>;
}

/** Calibrated figures, by conduct name without parameters: fields of its timing and of its offering. Hosts are in the fleet. */
export interface NormalModel {
  readonly name: string;
  readonly conducts: Readonly<Record<string, CalibratedConduct>>;
}

export interface CalibratedConduct {
  readonly timing: Readonly<Record<string, number>>;
  readonly offering: Readonly<Record<string, number>>;
}

/** A place where a wish was written, for messages: `--only` or `book.yaml only`. */
export interface Wish<T> {
  readonly value: T;
  readonly from: string;
}

export interface Pin {
  /** Matches whole derivation names: `*` any text, `?` one character. */
  readonly glob: string;
  readonly hosts: readonly string[];
  readonly from: string;
}

/** Which hosts may be chosen. Of the pins that match a name the last counts. Empty lists: no wish. */
export interface Selection {
  readonly pins: readonly Pin[];
  readonly only: Wish<readonly string[]>;
  readonly exclude: Wish<readonly string[]>;
  readonly prefer: Wish<readonly string[]>;
}

/** Roots are names, keys or globs; null = the graph's own roots. Seconds. */
export interface Request {
  readonly roots: readonly string[] | null;
  readonly at: number;
  /** Empty where one client asks for everything: of a list, all have a name or none. */
  readonly client: string;
}

export type Requests =
  | { readonly kind: "listed"; readonly requests: readonly Request[] }
  | {
      readonly kind: "every" | "poisson";
      /** The gap, or for poisson its mean. */
      readonly gap: number;
      readonly first: number;
      /** Roots that arrive together. */
      readonly batch: number;
      readonly roots: readonly string[] | null;
      readonly seed: number;
    };

export interface BuildFailure {
  /** Chance that an attempt fails. */
  readonly rate: number;
  /** Names that can fail; last match wins nothing here, any match counts. */
  readonly match: readonly string[];
  /** Share of the build's time after which it fails, 0…1. */
  readonly after: number;
}

export interface OutageSpec {
  readonly host: string;
  readonly at: number;
  /** Infinity = never back. */
  readonly for: number;
}

export interface Split {
  readonly parts: number;
  /** Extra work of splitting, as a share. */
  readonly overhead: number;
  /** How many of the largest builds are split. */
  readonly largest: number;
}

export interface NormalScenario {
  readonly name: string;
  /** What it shows, one line; empty when not said. */
  readonly about: string;
  /** Canonical bracket texts; empty = all that the registry knows. */
  readonly policies: readonly string[];
  readonly estimates: Estimates;
  /** Coefficient of variation of the truth around durations that the graph gives; 0 = they are the truth. */
  readonly spread: number;
  readonly models: Models;
  readonly conduct: ConductSpec;
  /** Null = nothing was calibrated. */
  readonly model: NormalModel | null;
  readonly seeds: readonly number[];
  readonly requests: Requests;
  /** Null = builds never fail on their own. */
  readonly buildFailure: BuildFailure | null;
  readonly outages: readonly OutageSpec[];
  /** Canonical bracket text; null = the caller's default. */
  readonly baseline: string | null;
  readonly selection: Selection;
  /** Paths of history files, relative ones resolved against the scenario's folder. */
  readonly history: readonly string[];
  readonly split: Split | null;
  /** Overrides every host's; null = theirs. */
  readonly coresPerBuild: number | null;
}
