// A line of jobs of which one runs at a time: a connection takes one command after the other. Urgent jobs stand before
// the others, first come first served within each.

export class Line {
  private busy = false;
  private readonly urgent: (() => void)[] = [];
  private readonly patient: (() => void)[] = [];

  async run<T>(job: () => Promise<T>, isUrgent = true): Promise<T> {
    if (this.busy) await new Promise<void>((turn) => (isUrgent ? this.urgent : this.patient).push(turn));
    this.busy = true;
    try {
      return await job();
    } finally {
      const next = this.urgent.shift() ?? this.patient.shift();
      if (next === undefined) this.busy = false;
      else next();
    }
  }
}
