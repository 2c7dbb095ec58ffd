// What `validate` says, as plain data: how well simulated worlds tell what recorded runs of the same configuration did.
// Seconds unless the name says otherwise; shares from 0 to 1; null = cannot be told (one repetition, stage not seen).

export interface Quantiles {
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
}

export interface RealRun {
  readonly name: string;
  /** From the instant at which simulated time begins. */
  readonly makespan: number;
  /** Simulated median ÷ real − 1. */
  readonly error: number;
  /** Whether the simulated 5–95 % interval holds it. */
  readonly inside: boolean;
  /** Interval score of that interval (Gneiting, Raftery 2007): its width, and 20 times whatever it misses by. Seconds. */
  readonly score: number;
}

/** What equal runs differ by: no model can be held to less. */
export interface Noise {
  /** (Longest − shortest) ÷ median makespan. */
  readonly range: number;
  /** Median over runs of |median of the others ÷ own − 1|. */
  readonly leaveOneOut: number;
  /** The same for starts of builds: median and 90 % of |median of the others − own|, seconds; null where fewer than two runs show one. */
  readonly start: ErrorSize | null;
}

/** Whether a configuration is missed by more than its repetitions miss each other. */
export interface MissFit {
  /** Largest |error| of its runs. */
  readonly error: number;
  /** 10 %, or the largest |median of the others ÷ own − 1| of its repetitions where that is more. */
  readonly allowed: number;
  /** Were the repetitions worlds: probability that one is missed by more than they allow. */
  readonly byChance: number;
  /** Were they worlds: median of (longest − shortest) ÷ median. */
  readonly range: number;
}

export interface MissSum {
  /** Configurations missed by more than allowed, and how many would be were all repetitions worlds. */
  readonly beyond: number;
  readonly atBest: number;
  /** Median over configurations with repetitions of what as many worlds range over; null without such. */
  readonly range: number | null;
}

export interface ErrorSize {
  readonly p50: number;
  readonly p90: number;
}

export interface PlacementFit {
  /** Builds that all repetitions placed on one host, and how many of them most worlds place there too. */
  readonly agreed: number;
  readonly same: number;
  /** How many would be the same were the repetitions drawn from the worlds: chance makes them agree on another host now and then. */
  readonly atBest: number;
  /** Mean over the agreed builds of the share of worlds that place them there; null without such builds. */
  readonly worlds: number | null;
  /** Placements (build × repetition) on which repetitions differ. */
  readonly split: number;
  /** Mean simulated probability of the real host over these, and how many have at least 5 %. */
  readonly probability: number | null;
  readonly likely: number;
}

/** Durations between two instants of a build, over all builds and repetitions in which both are seen. */
export interface StageFit {
  readonly stage: string;
  readonly builds: number;
  readonly real: number;
  readonly simulated: number;
  /** |Median over worlds − real|. */
  readonly error: ErrorSize;
}

/** The order of the first asks, before any end was noticed. */
export interface WaveFit {
  /** Recordings that show asks, and how many of them most worlds ask in the same order, as far as both go. */
  readonly runs: number;
  readonly same: number;
  /** Asks of all of them together. */
  readonly asks: number;
}

/** Recorded runs told again with their own durations: what is left to the rules of the client. */
export interface RulesFit {
  /** Builds of the runs that can be told again, and how many of them come to the same host. */
  readonly builds: number;
  readonly same: number;
  /** By run: makespan told ÷ real − 1. */
  readonly errors: readonly number[];
}

export interface BuildFit {
  readonly task: string;
  /** Per repetition; null where it was not built. */
  readonly hosts: readonly (string | null)[];
  /** The most frequent simulated host. */
  readonly host: string | null;
  /** Simulated probability of the real host, per repetition. */
  readonly probability: readonly (number | null)[];
  readonly realStart: readonly (number | null)[];
  readonly realEnd: readonly (number | null)[];
  /** Null when no world started it. */
  readonly start: Quantiles | null;
  readonly end: Quantiles | null;
}

/** One configuration: a scenario under a policy, with its repetitions. */
export interface Validation {
  readonly name: string;
  /** Name of the graph: configurations of one graph are compared with each other. */
  readonly graph: string;
  readonly policy: string;
  /** Names the compiled scenario. */
  readonly digest: string;
  readonly heldOut: boolean;
  readonly worlds: number;
  readonly runs: readonly RealRun[];
  readonly simulated: Quantiles;
  /** (p95 − p5) ÷ p50. */
  readonly width: number;
  /** Null with one repetition. */
  readonly noise: Noise | null;
  readonly miss: MissFit;
  readonly placement: PlacementFit;
  /** Null where no recording shows starts. */
  readonly start: ErrorSize | null;
  readonly stages: readonly StageFit[];
  /** Null where no recording shows asks. */
  readonly firstWave: WaveFit | null;
  /** Null where no recording can be told again. */
  readonly rules: RulesFit | null;
  readonly builds: readonly BuildFit[];
}

/** Pairs of repeated configurations of one graph whose real medians differ by more than the repetitions of either. */
export interface PairFit {
  readonly pairs: number;
  /** How many of them the simulation orders alike. */
  readonly same: number;
}

/** Several configurations together. */
export interface ValidationSummary {
  readonly configurations: number;
  readonly runs: number;
  /** Of |error| over runs. */
  readonly error: { readonly p50: number; readonly worst: number };
  readonly inside: number;
  /** Median over configurations. */
  readonly width: number;
  /** Mean over runs of score ÷ makespan. */
  readonly score: number;
  /** Median and largest leave-one-out error over configurations, and the median range; null where nothing was repeated. */
  readonly noise: { readonly p50: number; readonly worst: number; readonly range: number } | null;
  readonly misses: MissSum;
  readonly placement: PlacementFit;
  /** Medians over configurations that show starts; null where none does. */
  readonly start: ErrorSize | null;
  readonly startNoise: ErrorSize | null;
  readonly order: PairFit;
  /** Medians over the configurations that show the stage; `builds` of all together. */
  readonly stages: readonly StageFit[];
  readonly firstWave: WaveFit | null;
  readonly rules: RulesFit | null;
}

export interface ValidateResult {
  readonly schema: "drvfleet.validate/1";
  readonly version: string;
  readonly configurations: readonly Validation[];
  readonly summary: ValidationSummary;
  /** Apart, where some configurations are held out; else null. */
  readonly inSample: ValidationSummary | null;
  readonly heldOut: ValidationSummary | null;
}
