// The slots of a host as Nix's own hook counts them: a lock file each, which all nix processes of this machine share. One that we
// hold is taken for them, and one that they hold is taken for us. A lock belongs to the open file, not to the program that asked for
// it: flock(1) locks ours and goes, and the kernel lets go when we do. Where there is no flock(1), nothing is locked.
// Rule: build-remote.cc, `current-load/<address with _ for />-<number>`. Blind spot: an address with several parameters is named
// as it is written, and from Nix 2.24 on in the order of their names.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "#live/host/clock.js";

/** Seconds for which a slot is kept when a build leaves it: the next one need not ask. Assumption: Nix asks within a tenth. */
const KEEP_SECONDS = 0.2;

export interface SlotHost {
  readonly address: string;
  readonly count: number;
}

/** A slot that a build has: of the file system where `file` is not null. */
export interface Slot {
  readonly number: number;
  readonly file: number | null;
}

/** True once the open file is locked for us alone, false where somebody else has it. */
export type Lock = (file: number) => Promise<boolean>;

interface Kept {
  readonly slot: Slot;
  /** Calls off its end. */
  readonly off: () => void;
}

export class Slots {
  private readonly taken: readonly Set<number>[];
  private readonly kept: readonly Kept[][];

  constructor(
    private readonly hosts: readonly SlotHost[],
    /** Nix's folder of these locks. */
    private readonly folder: string,
    private readonly clock: Clock,
    private readonly lock: Lock = flock,
  ) {
    this.taken = hosts.map(() => new Set());
    this.kept = hosts.map(() => []);
  }

  /** Builds at once. */
  count(host: number): number {
    return this.hosts[host]!.count;
  }

  /** A slot of that host; null while others have all of them. */
  async take(host: number): Promise<Slot | null> {
    const kept = this.kept[host]!.pop();
    if (kept !== undefined) {
      kept.off();
      return kept.slot;
    }
    const taken = this.taken[host]!;
    for (let number = 0; number < this.count(host); number++) {
      if (taken.has(number)) continue;
      taken.add(number);
      const file = this.open(host, number);
      if (file === null || (await this.lock(file))) return { number, file };
      closeSync(file);
      taken.delete(number);
    }
    return null;
  }

  /** The build needs it no more. */
  leave(host: number, slot: Slot): void {
    const kept = this.kept[host]!;
    const off = this.clock.after(KEEP_SECONDS, () => {
      kept.splice(kept.indexOf(own), 1);
      this.free(host, slot);
    });
    const own = { slot, off };
    kept.push(own);
  }

  /** Nix's own hook is about to ask for a slot there. */
  release(host: number): void {
    for (const { slot, off } of this.kept[host]!.splice(0)) {
      off();
      this.free(host, slot);
    }
  }

  private free(host: number, { number, file }: Slot): void {
    this.taken[host]!.delete(number);
    if (file !== null) closeSync(file);
  }

  /** Null where we may not: then nothing is locked. */
  private open(host: number, number: number): number | null {
    try {
      mkdirSync(this.folder, { recursive: true });
      return openSync(join(this.folder, `${this.hosts[host]!.address.replaceAll("/", "_")}-${number}`), "a", 0o600);
    } catch {
      return null;
    }
  }
}

function flock(file: number): Promise<boolean> {
  return new Promise((resolve) => {
    const program = spawn("flock", ["--nonblock", "3"], { stdio: ["ignore", "ignore", "ignore", file] });
    program.on("error", () => resolve(true));
    program.on("exit", (code) => resolve(code !== 1));
  });
}
