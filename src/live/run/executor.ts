// The real world behind the executor port: decisions become attempts that run side by side, and what they say is told
// between two waits, in the order in which it happened. Never knows the policy. The contract is that of the simulator.
import type { HostId, TaskId } from "#base/units.js";
import type { Dispatcher } from "#dispatch/dispatcher.js";
import type { Decisions } from "#dispatch/executor.js";
import type { Clock } from "#live/host/clock.js";
import type { Attempt } from "./life.js";
import { type Event, type Observation, tell } from "./observation.js";

export interface LiveWorld {
  readonly clock: Clock;
  /** Lives an attempt to its end; what happens is said through `say`. */
  live(attempt: Attempt): Promise<void>;
  /** Sends the output ahead; true when it is there. */
  stage(task: TaskId, host: HostId): Promise<boolean>;
  /** Ends what runs for the task. */
  cancel(task: TaskId): void;
  /** Seconds worth waiting for a host to come back when nothing else is under way; 0 = none is out. */
  patience(): number;
  /** Before the dispatcher is told. */
  record(seen: Observation): void;
}

export class LiveExecutor {
  private readonly said: Observation[] = [];
  private ring: (() => void) | null = null;
  /** Attempts that run, and wake-ups to come. */
  private underWay = 0;
  /** Calls off what is to be said later. */
  private readonly pending = new Set<() => void>();

  constructor(
    private readonly world: LiveWorld,
    private readonly dispatcher: Dispatcher,
  ) {}

  get clock(): Clock {
    return this.world.clock;
  }

  /** Something happened. */
  say(event: Event): void {
    this.said.push({ ...event, at: this.clock.now() });
    this.ring?.();
  }

  perform(decisions: Decisions): void {
    for (let i = 0; i < decisions.cancelCount; i++) this.world.cancel(decisions.cancel[i]! as TaskId);
    for (let i = 0; i < decisions.retryCount; i++)
      this.later(decisions.retryAt[i]!, { see: "retried", task: decisions.retry[i]! as TaskId });
    this.dispatcher.decisions.performed();
    for (let i = 0; i < decisions.count; i++) {
      const attempt = { task: decisions.task[i]! as TaskId, host: decisions.host[i]! as HostId, cores: decisions.cores[i]! };
      this.underWay++;
      void this.world.live(attempt).then(() => this.over());
    }
    for (let i = 0; i < decisions.stageCount; i++) this.stage(decisions.stageTask[i]! as TaskId, decisions.stageHost[i]! as HostId);
    if (decisions.wakeAt !== Number.POSITIVE_INFINITY) this.later(decisions.wakeAt, { see: "woke" });
  }

  /** Lets a wait look again at what is worth waiting for. */
  rouse(): void {
    this.ring?.();
  }

  /** Requests that come later, by their instants. */
  expect(arrivals: Iterable<number>): void {
    for (const at of arrivals) this.later(at, { see: "arrived" });
  }

  /** Waits until something happened and tells it; "idle" when nothing ever will. */
  async next(): Promise<"moved" | "idle"> {
    while (this.said.length === 0) {
      const wait = this.underWay > 0 ? Number.POSITIVE_INFINITY : this.world.patience();
      if (wait === 0 || !(await this.rung(wait))) return "idle";
    }
    this.tellSaid();
    return "moved";
  }

  /** Tells what has happened so far. */
  tellSaid(): void {
    for (const seen of this.said.splice(0)) {
      this.world.record(seen);
      tell(this.dispatcher, seen);
    }
  }

  /** True when something was said, or ended, before so many seconds were over. */
  private rung(seconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (rang: boolean): void => {
        late();
        this.ring = null;
        resolve(rang);
      };
      const late = seconds === Number.POSITIVE_INFINITY ? () => {} : this.clock.after(seconds, () => done(false));
      this.ring = () => done(true);
    });
  }

  private stage(task: TaskId, host: HostId): void {
    this.underWay++;
    void this.world.stage(task, host).then((isThere) => {
      this.say({ see: "staged", task, host, isThere });
      this.over();
    });
  }

  private later(at: number, event: Event): void {
    this.underWay++;
    const off = this.clock.after(Math.max(0, at - this.clock.now()) / 1e6, () => {
      this.pending.delete(off);
      this.say(event);
      this.over();
    });
    this.pending.add(off);
  }

  /** Nothing is told any more: what waits for its time would keep the program alive. */
  close(): void {
    for (const off of this.pending) off();
    this.pending.clear();
  }

  private over(): void {
    this.underWay--;
    this.ring?.();
  }
}
