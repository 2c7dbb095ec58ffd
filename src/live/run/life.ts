// The life of one attempt on a real host: inputs brought, a connection with the granted cores, the build, what it made,
// the way back. Says what happened as events; which attempt comes next is not its business. The phases are those of the
// simulated life, so that both worlds write the same trace.
import type { HostId, TaskId } from "#base/units.js";
import { COORDINATOR } from "#base/units.js";
import type { Carried, Carrier } from "./carrier.js";
import { isFull, isGood, verdictOn } from "#live/host/failure.js";
import type { FleetLink } from "./fleet-link.js";
import { Line } from "#live/host/line.js";
import type { Event } from "./observation.js";
import type { Recipe } from "#live/host/recipe.js";
import { UNLIMITED } from "#live/host/serve.js";
import type { Session } from "#live/host/session.js";

/** Bytes of a log's end in which the cause of a failure is looked for. */
const TAIL_MAX = 16_384;

/** Where the log of an attempt goes. */
export interface Log {
  write(bytes: Buffer): void;
  close(): void;
}

export interface Attempt {
  readonly task: TaskId;
  readonly host: HostId;
  readonly cores: number;
}

export interface LifeKit {
  readonly fleet: FleetLink;
  readonly carrier: Carrier;
  readonly recipes: readonly Recipe[];
  /** 1 for tasks whose outputs were asked for. */
  readonly root: Uint8Array;
  /** The others' outputs come to the coordinator too, on their way to whoever needs them. */
  readonly bringsAll: boolean;
  readonly taskOf: ReadonlyMap<string, TaskId>;
  logOf(task: TaskId, host: HostId): Log;
  say(event: Event): void;
}

export class Life {
  private readonly sessions = new Map<TaskId, Session>();
  /** What is sent ahead to each host, one after the other. */
  private readonly ahead: readonly Line[];

  constructor(private readonly kit: LifeKit) {
    this.ahead = kit.fleet.links.map(() => new Line());
  }

  /** Sends outputs to a host ahead of the builds that need them; true when they are there. */
  sendAhead(task: TaskId, host: HostId): Promise<boolean> {
    const { carrier, fleet, recipes } = this.kit;
    return this.ahead[host]!.run(async () => {
      if (fleet.out[host] !== null) return false;
      const carried = await carrier.bring({ paths: recipes[task]!.outputs, to: host, own: null, isUrgent: false });
      if (carried.kind === "refused" && isFull(carried.why)) fleet.rest(host, carried.why);
      return carried.kind === "there";
    });
  }

  /** Ends the build that runs for the task, on its host too. */
  cancel(task: TaskId): void {
    const session = this.sessions.get(task);
    if (session === undefined) return;
    const link = this.kit.fleet.links.find(({ address }) => address === session.wish.address);
    void link?.end(session);
  }

  /** Ends when the attempt has failed, or its outputs are where they are needed. */
  async run(attempt: Attempt): Promise<void> {
    const { task } = attempt;
    this.stage(task, "accepted");
    const holder = this.kit.fleet.stores.holder(this.kit.recipes[task]!.outputs);
    if (holder !== null) return this.found(attempt, holder as HostId);
    const session = await this.kit.fleet.links[attempt.host]!.take(attempt.cores);
    if (!session.ok) return this.lostHost(attempt, session.why);
    this.sessions.set(task, session.value);
    const made = await this.inSession(attempt, session.value);
    this.sessions.delete(task);
    this.kit.fleet.links[attempt.host]!.give(session.value);
    if (made) await this.wayBack(attempt);
  }

  /** Somebody has its outputs already: an interrupted run, or a host that was away, has built them. */
  private found(attempt: Attempt, holder: HostId): Promise<void> {
    for (const stage of ["uploadFrom", "uploaded", "started", "built"] as const) this.stage(attempt.task, stage);
    this.kit.say({ see: "put", task: attempt.task, host: holder });
    return this.wayBack({ ...attempt, host: holder });
  }

  /** True when it is built: then its slot is free and its outputs are known. */
  private async inSession(attempt: Attempt, session: Session): Promise<boolean> {
    const { task, host } = attempt;
    const { recipes, fleet, carrier } = this.kit;
    const { drvPath, drv, inputs, outputs } = recipes[task]!;
    this.stage(task, "uploadFrom");
    const brought = await carrier.bring({ paths: inputs, to: host, own: session, isUrgent: true });
    if (brought.kind !== "there") {
      await this.notBrought(attempt, brought);
      return false;
    }
    const closure = await fleet.stores.closure(inputs);
    if (!closure.ok) {
      await this.lostHost(attempt, closure.why);
      return false;
    }
    this.stage(task, "uploaded", brought.bytes);
    this.stage(task, "started");
    const log = this.logged(attempt, session);
    const result = await session.serve.build(drvPath, { ...drv, inputs: closure.value }, UNLIMITED);
    if (result.ok && isGood(result.value)) this.stage(task, "built");
    const infos = await session.afterwards((serve) => serve.infos(outputs));
    const tail = log();
    if (!result.ok) {
      await this.lostHost(attempt, await session.reason());
      return false;
    }
    const verdict = verdictOn(result.value, tail);
    if (verdict.kind === "build") {
      this.kit.say({ see: "failed", task, cause: "build", why: verdict.why });
      return false;
    }
    if (verdict.kind === "host") {
      if (verdict.isFull) fleet.rest(host, verdict.why);
      else this.kit.say({ see: "refused", task, host, why: verdict.why });
      this.kit.say({ see: "failed", task, cause: "host", why: verdict.why });
      return false;
    }
    if (!infos.ok || infos.value.length < outputs.length) {
      await this.lostHost(attempt, infos.ok ? "outputs are missing after the build" : await session.reason());
      return false;
    }
    fleet.stores.put(host, infos.value);
    this.kit.say({ see: "built", task });
    return true;
  }

  /** Dependents on the same host start at once; who asked for it waits until it is back. */
  private async wayBack({ task, host }: Attempt): Promise<void> {
    const { carrier, recipes, root, bringsAll, say } = this.kit;
    say({ see: "slotFreed", task });
    const isRoot = root[task] === 1;
    if (!isRoot) say({ see: "ended", task });
    if (!isRoot && !bringsAll) return;
    if (host === COORDINATOR) {
      if (isRoot) say({ see: "ended", task });
      return;
    }
    const carried = await carrier.bring({ paths: recipes[task]!.outputs, to: COORDINATOR, own: null, isUrgent: isRoot });
    if (carried.kind === "there") {
      say({ see: "put", task, host: COORDINATOR });
      if (isRoot) {
        this.stage(task, "returned", carried.bytes);
        say({ see: "ended", task });
      }
    } else if (isRoot) {
      say({ see: "failed", task, cause: "host", why: carried.kind === "lost" ? `${carried.path} is nowhere any more` : carried.why });
    }
  }

  private async notBrought(attempt: Attempt, brought: Exclude<Carried, { kind: "there" }>): Promise<void> {
    const { say, taskOf, fleet, recipes } = this.kit;
    if (brought.kind === "refused") return this.lostHost(attempt, brought.why);
    const lost = new Set<TaskId>();
    for (const path of recipes[attempt.task]!.inputs) {
      const producer = taskOf.get(path);
      if (producer !== undefined && !fleet.stores.has.some((has, h) => fleet.links[h]!.up && has.has(path))) lost.add(producer);
    }
    if (lost.size === 0) return this.lostHost(attempt, `${brought.path} is nowhere`);
    for (const task of lost) say({ see: "lost", task });
    say({ see: "unfed", task: attempt.task });
  }

  /** The attempt ended without the build being at fault. A full host rests; one that does not answer is found to be lost. */
  private async lostHost({ task, host }: Attempt, why: string): Promise<void> {
    const { fleet, say } = this.kit;
    if (isFull(why)) fleet.rest(host, why);
    else await fleet.links[host]!.check();
    say({ see: "failed", task, cause: "host", why });
  }

  /** Writes what the builder prints; what it returns ends that and gives the last words. */
  private logged({ task, host }: Attempt, session: Session): () => string {
    const log = this.kit.logOf(task, host);
    let tail = Buffer.alloc(0);
    session.log = (bytes) => {
      log.write(bytes);
      tail = Buffer.concat([tail, bytes]).subarray(-TAIL_MAX);
    };
    return () => {
      session.log = null;
      log.close();
      return tail.toString("utf8");
    };
  }

  private stage(task: TaskId, stage: "accepted" | "uploadFrom" | "uploaded" | "started" | "built" | "returned", bytes = 0): void {
    this.kit.say({ see: "stage", task, stage, bytes });
  }
}
