// Ctrl-C while something is built for real: the first stops placing, the second ends what runs; SIGTERM ends at once.
// Takes the place of the program's own handlers until `release`.

export interface Interrupts {
  stop(why: string): void;
  halt(why: string): void;
}

export interface SignalWatch {
  /** The signal that came first, null = none. */
  readonly got: () => "SIGINT" | "SIGTERM" | null;
  release(): void;
}

export function watchSignals(on: Interrupts): SignalWatch {
  const before = { SIGINT: process.listeners("SIGINT"), SIGTERM: process.listeners("SIGTERM") };
  let got: "SIGINT" | "SIGTERM" | null = null;
  const interrupted = (): void => {
    if (got === null) on.stop("interrupted");
    else on.halt("interrupted twice");
    got ??= "SIGINT";
  };
  const terminated = (): void => {
    got ??= "SIGTERM";
    on.halt("terminated");
  };
  const own = { SIGINT: interrupted, SIGTERM: terminated };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.removeAllListeners(signal);
    process.on(signal, own[signal]);
  }
  return {
    got: () => got,
    release() {
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.off(signal, own[signal]);
        for (const listener of before[signal]) process.on(signal, listener as () => void);
      }
    },
  };
}
