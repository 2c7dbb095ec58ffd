// What was foretold of a run before it began, as quantiles over simulated worlds: a shape that tables, the page and the live
// view read. Knows neither simulator nor files. Seconds everywhere.

/** The median, and where nine of ten worlds lie; not a number where no world says. */
export interface Range {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface Foretold {
  readonly worlds: number;
  readonly makespan: Range;
  /** By world. */
  readonly makespans: readonly number[];
  /** By task. */
  readonly builds: readonly {
    /** From its start to its end, where it was placed. */
    readonly seconds: Range;
    readonly started: Range;
    /** Worlds that placed it there, by host. */
    readonly hosts: readonly number[];
  }[];
  /** By host: builds, and their seconds together. */
  readonly hosts: readonly { readonly builds: Range; readonly busy: Range }[];
  /** By world: instants at which equal parts of the work were done, from none to all of it. */
  readonly courses: readonly Float64Array[];
}
