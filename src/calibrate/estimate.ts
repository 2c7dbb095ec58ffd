// What calibration says of one parameter: a figure with its 95 % interval and its basis, or why the traces cannot tell it.

export interface Known {
  readonly kind: "known";
  readonly value: number;
  /** 95 %; null where a single run says nothing about others. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Stage differences that were counted, and the runs that they come from. */
  readonly observations: number;
  readonly runs: number;
}

export interface Unknown {
  readonly kind: "unknown";
  readonly why: string;
}

export type Estimate = Known | Unknown;

export function unknown(why: string): Unknown {
  return { kind: "unknown", why };
}

export function mapped(estimate: Estimate, change: (value: number) => number): Estimate {
  if (estimate.kind === "unknown") return estimate;
  const { interval } = estimate;
  const ends = interval === null ? null : [change(interval.low), change(interval.high)];
  return {
    ...estimate,
    value: change(estimate.value),
    interval: ends === null ? null : { low: Math.min(...ends), high: Math.max(...ends) },
  };
}
