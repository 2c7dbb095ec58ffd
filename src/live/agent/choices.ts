// Which hosts the user lets a build run on, from three places: the agent's own flags, the environment of whoever called nix,
// and `drvfleet pin` while the agent runs. Of the pins that match a name the last counts; only and exclude add up. An
// unknown host in an environment is passed over with a word in the log: a build is not stopped by a typing mistake.
import type { Caller } from "#live/hook/caller.js";

export interface PinWish {
  readonly glob: string;
  readonly hosts: readonly string[];
}

export interface Wishes {
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  readonly pins: readonly PinWish[];
}

export class Choices {
  /** Those of `drvfleet pin`, which go after the agent's own. */
  readonly pinned: PinWish[] = [];

  /** `matches(glob, drv)`: whether it names that derivation. */
  constructor(
    private readonly own: Wishes,
    private readonly matches: (glob: string, drv: string) => boolean,
  ) {}

  /** Hosts that it may not run on. */
  barred(caller: Caller, drv: string, names: readonly string[]): Set<string> {
    const barred = new Set<string>();
    const only = (hosts: readonly string[]) => {
      const known = hosts.filter((host) => names.includes(host));
      if (known.length > 0) for (const name of names) if (!known.includes(name)) barred.add(name);
    };
    only(this.own.only);
    only(namesIn(caller.only));
    for (const name of [...this.own.exclude, ...namesIn(caller.exclude)]) barred.add(name);
    const pins = [...this.own.pins, ...this.pinned, ...pinsIn(caller.pin)];
    const pin = pins.findLast(({ glob }) => this.matches(glob, drv));
    if (pin !== undefined) only(pin.hosts);
    return barred;
  }
}

/** `GLOB=host[,host]`, several apart by blanks; what is no pin is passed over. */
export function pinsIn(text: string): PinWish[] {
  return text.split(/\s+/).flatMap((word) => pinOf(word) ?? []);
}

export function pinOf(text: string): PinWish | null {
  const at = text.lastIndexOf("=");
  const hosts = at < 0 ? [] : namesIn(text.slice(at + 1));
  const glob = text.slice(0, Math.max(0, at)).trim();
  return glob === "" || hosts.length === 0 ? null : { glob, hosts };
}

function namesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== "");
}
