// Outputs on their way to hosts ahead of the builds that need them: which are under way, so that none is sent twice, and
// whether there is anything to send. Told by the dispatcher alone; knows no links and no time.
import type { HostId, TaskId } from "#base/units.js";
import type { Transport } from "#model/problem.js";
import type { Presence } from "./presence.js";

export interface Staged {
  readonly task: TaskId;
  readonly host: HostId;
}

export class Staging {
  private readonly open = new Map<string, Staged>();

  constructor(
    private readonly presence: Presence,
    private readonly transport: Transport,
  ) {}

  /** What was decided and has not been told to be over, in the order of the decisions. */
  get underWay(): readonly Staged[] {
    return [...this.open.values()];
  }

  /** False where it is there, on its way, or the host gets it from its substituter. */
  begin(task: TaskId, host: HostId): boolean {
    const key = `${task} ${host}`;
    if (this.presence.has(task, host) || this.transport.substitutable?.[task] === 1 || this.open.has(key)) return false;
    this.open.set(key, { task, host });
    return true;
  }

  over(task: TaskId, host: HostId, isThere: boolean): void {
    this.open.delete(`${task} ${host}`);
    if (isThere) this.presence.putWhole(task, host);
  }
}
