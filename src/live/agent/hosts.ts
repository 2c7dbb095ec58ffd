// The fleet as the agent meets it: who may build what, which connections are open, who is set aside and for how long. A host
// that failed comes back when its connection opens again after a pause; each failure in a row doubles the pause.
import type { HostId, Instant } from "#base/units.js";
import { AgentLink } from "./link.js";
import { machineLine, type MachineTarget } from "./machine-words.js";
import type { Question } from "#live/hook/wire.js";

/** A host of the fleet, the coordinator first: that one is never asked, it is Nix itself. */
export interface FleetHost {
  readonly name: string;
  readonly target: MachineTarget;
  readonly systems: readonly string[];
  readonly features: readonly string[];
  readonly mandatory: readonly string[];
  readonly slots: number;
  /** File of its shared connection. */
  readonly socket: string;
}

interface State {
  readonly link: AgentLink;
  isUp: boolean;
  failures: number;
  /** Instant at which it was last up. */
  seen: Instant;
  /** Not before: µs. */
  backAt: number;
}

const PAUSE_SECONDS = 5;
const PAUSE_MAX_SECONDS = 300;

export interface HostsPorts {
  now(): Instant;
  at(instant: Instant, call: () => void): void;
  log(line: string): void;
}

export class AgentHosts {
  readonly names: readonly string[];
  private readonly states: readonly State[];

  constructor(
    private readonly fleet: readonly FleetHost[],
    private readonly ports: HostsPorts,
    private readonly changed: (host: number, isUp: boolean) => void,
  ) {
    this.names = fleet.map(({ name }) => name);
    this.states = fleet.map(({ target, socket }, host) => ({
      link: new AgentLink(target, socket, { open: () => this.opened(host), closed: (why) => this.closed(host, why) }),
      isUp: true,
      failures: 0,
      seen: ports.now(),
      backAt: 0,
    }));
  }

  connect(): void {
    for (const { link } of this.states.slice(1)) link.connect();
  }

  release(): void {
    for (const { link } of this.states) link.release();
  }

  idOf(name: string): number {
    return this.names.indexOf(name);
  }

  address(host: number): string {
    return this.fleet[host]!.target.address;
  }

  /** The machine as Nix's own hook is to know it for this build. `isBuilt`: there already, so that it takes nobody's slot. */
  line(host: number, { system, features }: Question, isBuilt = false): string {
    const { target, slots } = this.fleet[host]!;
    return machineLine(target, system, features, isBuilt ? 2 * slots : slots);
  }

  /** The connection that an attempt may share, "-" without one. */
  link(host: number): string {
    return this.states[host]!.link.isOpen ? this.fleet[host]!.socket.replace(/^.*\//, "") : "-";
  }

  /** Who may build it at all: builders with slots, system and features. */
  able(system: string, features: readonly string[], barred: ReadonlySet<string>): HostId[] {
    return this.fleet.flatMap(({ name, systems, features: own, mandatory, slots }, host) => {
      const fits = (system === "builtin" || systems.includes(system)) && features.every((feature) => own.includes(feature));
      return host > 0 && slots > 0 && fits && mandatory.every((one) => features.includes(one)) && !barred.has(name) ? [host as HostId] : [];
    });
  }

  /** It built something: earlier failures are forgotten. */
  fine(host: number): void {
    this.states[host]!.failures = 0;
    this.states[host]!.seen = this.ports.now();
  }

  /** Nothing goes there until a pause is over and the connection opens again. */
  setAside(host: number, why: string): void {
    const state = this.states[host]!;
    if (!state.isUp) return;
    state.isUp = false;
    state.failures++;
    const pause = pauseSeconds(state.failures);
    state.backAt = this.ports.now() + pause * 1e6;
    this.ports.log(`${this.names[host]} is set aside for ${pause} s: ${why}`);
    this.changed(host, false);
    this.ports.at(state.backAt as Instant, () => this.tryAgain(host));
  }

  /** Whether it is up, or was within that time. */
  reachableWithin(seconds: number): (host: number) => boolean {
    const now = this.ports.now();
    return (host) => this.states[host]!.isUp || now - this.states[host]!.seen < seconds * 1e6;
  }

  describe(): readonly { readonly name: string; readonly up: boolean; readonly connected: boolean; readonly slots: number }[] {
    return this.fleet
      .slice(1)
      .map(({ name, slots }, k) => ({ name, up: this.states[k + 1]!.isUp, connected: this.states[k + 1]!.link.isOpen, slots }));
  }

  private tryAgain(host: number): void {
    const { link } = this.states[host]!;
    if (link.isOpen || this.fleet[host]!.target.ssh === null) this.back(host);
    else link.connect();
  }

  private opened(host: number): void {
    const state = this.states[host]!;
    if (!state.isUp && this.ports.now() >= state.backAt) this.back(host);
  }

  private back(host: number): void {
    const state = this.states[host]!;
    if (state.isUp) return;
    state.isUp = true;
    state.seen = this.ports.now();
    this.ports.log(`${this.names[host]} is back`);
    this.changed(host, true);
  }

  private closed(host: number, why: string): void {
    const state = this.states[host]!;
    if (state.isUp) {
      this.setAside(host, why);
      return;
    }
    state.failures++;
    const pause = pauseSeconds(state.failures);
    state.backAt = this.ports.now() + pause * 1e6;
    this.ports.at(state.backAt as Instant, () => this.tryAgain(host));
  }
}

function pauseSeconds(failures: number): number {
  let pause = PAUSE_SECONDS;
  for (let i = 1; i < failures && pause < PAUSE_MAX_SECONDS; i++) pause *= 2;
  return Math.min(pause, PAUSE_MAX_SECONDS);
}
