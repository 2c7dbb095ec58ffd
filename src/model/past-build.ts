// One finished build as some record tells it, whichever tool kept the record: what the readers of logs and histories
// give, and what history rows are made of. Says nothing of formats.

export interface PastBuild {
  /** Store path of the derivation, where the record has it. */
  readonly drv?: string;
  /** Name of the derivation, or of the package where the record keeps no more. */
  readonly name: string;
  readonly system?: string;
  /** As the record names it: a store URI, a host; "" = the machine that kept the record. */
  readonly machine: string;
  /** Wall seconds of the build alone, as near as the record comes. */
  readonly seconds: number;
  /** The shortest and the longest that `seconds` may have been, where the record leaves it that open. */
  readonly between?: readonly [number, number];
  /** Seconds since 1970 at which it ended; 0 = the record does not say. */
  readonly at: number;
  /** Cores that it was granted. */
  readonly cores?: number;
  /** CPU that it used, on that machine's cores. */
  readonly coreSeconds?: number;
  /** Who measured it: internal-json, nom, hydra, live. */
  readonly provenance: string;
}
