// A line of jobs of which one runs at a time: a connection takes one command after the other. Whose turn comes is asked
// when one is free: urgent ones first, since what seemed to have time may be wanted meanwhile; first come first served else.

interface Waiting {
  readonly isUrgent: () => boolean;
  readonly turn: () => void;
}

export class Line {
  private busy = false;
  private readonly waiting: Waiting[] = [];

  get isFree(): boolean {
    return !this.busy;
  }

  async run<T>(job: () => Promise<T>, isUrgent: () => boolean = () => true): Promise<T> {
    if (this.busy) await new Promise<void>((turn) => this.waiting.push({ isUrgent, turn }));
    this.busy = true;
    try {
      return await job();
    } finally {
      this.next();
    }
  }

  private next(): void {
    const { waiting } = this;
    if (waiting.length === 0) {
      this.busy = false;
      return;
    }
    const urgent = waiting.findIndex(({ isUrgent }) => isUrgent());
    const [first] = waiting.splice(Math.max(0, urgent), 1);
    first!.turn();
  }
}
