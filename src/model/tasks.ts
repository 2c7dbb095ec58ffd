// What each derivation asks of a host, as columns indexed by TaskId. One shape serves estimates (what a policy may
// see) and truth (what the simulator runs on). Optionals ended at the door: every column is filled.

/** Where a duration comes from; `guessed` ones are priors and assumptions. Stored as the index. */
export const PROVENANCES = ["given", "history", "prior-name", "prior-kind", "assumed"] as const;
export type Provenance = (typeof PROVENANCES)[number];

export function isGuessed(provenance: number): boolean {
  return provenance >= 2;
}

export interface Tasks {
  /** Core-seconds on a core of speed 1. */
  readonly work: Float64Array;
  /** Cores it can use at once; Infinity = unbounded. */
  readonly maxCores: Float64Array;
  /** Amdahl share of `work` on one core, 0…1. */
  readonly serial: Float64Array;
  readonly memoryBytes: Float64Array;
  readonly outputBytes: Float64Array;
  /** For a fetch: bytes from the internet. Else: bytes of its own sources, sent with it from the coordinator. */
  readonly sourceBytes: Float64Array;
  /** Wall seconds alone on any host, which replace `work`; NaN = not given. Rows of `Demand` go before it. */
  readonly seconds: Float64Array;
  /** Cores busy during `seconds` (or a row): 0 sleeps. */
  readonly cpu: Float64Array;
  /** 1: a fixed-output fetch: takes sourceBytes ÷ internet, no CPU, emulation does not slow it. */
  readonly fetch: Uint8Array;
  readonly preferLocal: Uint8Array;
  /** Row of `Demand`. */
  readonly classOf: Int32Array;
  /** Index into PROVENANCES, of the duration. */
  readonly provenance: Uint8Array;
  /** Coefficient of variation of the true duration around `work` or `seconds` (its median). 0 = known exactly. */
  readonly cv: Float64Array;
}
