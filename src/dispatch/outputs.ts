// Outputs as the clients of one store see them: which are valid there, and which some client is building and has locked.
// What one has built or is building nobody else builds.
// Rule: Nix's path locks: taken before a machine is asked for, held until the client has noticed the end; whoever gets a
// lock looks first whether the output is valid by now. The same in 2.8 to 2.34.
import { NONE } from "#base/units.js";

export class Outputs {
  private readonly holder: Int32Array;
  private readonly valid: Uint8Array;

  constructor(tasks: number) {
    this.holder = new Int32Array(tasks).fill(NONE);
    this.valid = new Uint8Array(tasks);
  }

  lock(task: number, client: number): void {
    this.holder[task] = client;
  }

  unlock(task: number): void {
    this.holder[task] = NONE;
  }

  isLocked(task: number): boolean {
    return this.holder[task] !== NONE;
  }

  isValid(task: number): boolean {
    return this.valid[task] === 1;
  }

  /** Nobody has it and nobody builds it. */
  isWanting(task: number): boolean {
    return this.holder[task] === NONE && this.valid[task] === 0;
  }

  put(task: number): void {
    this.valid[task] = 1;
  }

  remove(task: number): void {
    this.valid[task] = 0;
  }
}
