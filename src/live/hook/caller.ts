// Who a hook process is and who started it, as it wrote it down; and the one descriptor of it that others may use.
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";

/** Descriptor on which Nix reads what builders print. */
const LOG = 4;

/** What the hook wrote about its caller. */
export interface Caller {
  readonly hook: number;
  readonly nix: number;
  readonly only: string;
  readonly exclude: string;
  readonly pin: string;
}

export function callerOf(text: string): Caller {
  const fields = new Map(text.split("\n").map((line) => [line.split(" ", 1)[0]!, line.slice(line.indexOf(" ") + 1)]));
  const field = (name: string) => fields.get(name) ?? "";
  return { hook: Number(field("hook")), nix: Number(field("nix")), only: field("only"), exclude: field("exclude"), pin: field("pin") };
}

/** Where a builder's words go: the hook's own descriptor for them; null where the system shows no descriptors of others. */
export function logOf({ hook }: Caller): Socket | null {
  try {
    const file = openSync(`/proc/${hook}/fd/${LOG}`, constants.O_WRONLY | constants.O_NONBLOCK);
    return new Socket({ fd: file, readable: false, writable: true }).on("error", () => {});
  } catch {
    return null;
  }
}
