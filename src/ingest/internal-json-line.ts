// One line of a Nix log in the format internal-json → one event: an optional arrival time, the mark `@nix `, which files
// of `json-log-path` lack, and an object. Checks shapes, ids above all: they are 64-bit, so they become text before
// JSON.parse could round them. What the events mean is internal-json.ts's business. Shapes: reference section 7.1.
import { type Fault, fault } from "#base/fault.js";
import type { LogLine } from "./log-lines.js";

export type Field = string | number;

export type NixEvent =
  | { readonly action: "start"; readonly id: string; readonly type: number; readonly text: string; readonly fields: readonly Field[] }
  | { readonly action: "stop"; readonly id: string }
  | { readonly action: "result"; readonly id: string; readonly type: number; readonly fields: readonly Field[] }
  | { readonly action: "msg"; readonly msg: string }
  /** A line of a build's own log, not looked into: most of a log is these. */
  | { readonly action: "output" }
  /** An action that no Nix known to us sends. */
  | { readonly action: "unknown" };

export interface Stamped {
  /** µs since 1970, or since whenever the stamps count from; undefined without a stamp. */
  readonly at: number | undefined;
  readonly event: NixEvent;
}

const LINE = /^(?:(\d{1,20})(?:\.(\d{1,9}))?[\t ]+)?(@nix )?(?=\{)/;
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const IDS = /"(id|parent)":\s*(\d{16,20})(?=[,}\s])/g;

/** Undefined: not a line of that format, as programs beside Nix print them. */
export function eventOf({ text, number, whole }: LogLine, file: string): Stamped | Fault | "cut off" | undefined {
  const match = LINE.exec(text);
  if (match === null) return undefined;
  const start = match[0].length;
  if (match[3] === undefined && !text.startsWith('{"action":', start)) return undefined;
  const at = match[1] === undefined ? undefined : microsOf(match[1], match[2] ?? "");
  if (text.startsWith('{"action":"result"', start) && /"type":101\}\s*$/.test(text.slice(-16))) return { at, event: { action: "output" } };
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start).replace(IDS, '"$1":"$2"'));
  } catch {
    if (!whole) return "cut off";
    return fault("input", `${file}:${number}`, "found a log line whose JSON is broken", "did two programs write to one stream?");
  }
  const event = shaped(value as Readonly<Record<string, unknown>>);
  if (typeof event !== "string") return { at, event };
  return fault("input", `${file}:${number}`, `found ${event}`, "is this a log of --log-format internal-json?");
}

/** Seconds, unless so many digits before the point can only be milli-, micro- or nanoseconds since 1970. */
function microsOf(whole: string, fraction: string): number {
  const digits = whole.length <= 11 ? 6 : whole.length <= 14 ? 3 : whole.length <= 17 ? 0 : -3;
  if (digits < 0) return Number(whole.slice(0, digits));
  return Number(`${whole}${fraction.padEnd(digits, "0").slice(0, digits)}`);
}

/** The event, or what is wrong with it. */
function shaped(line: Readonly<Record<string, unknown>>): NixEvent | string {
  const { action } = line;
  if (action === "msg") return { action, msg: typeof line.msg === "string" ? line.msg.replace(COLOURS, "") : "" };
  if (action !== "start" && action !== "stop" && action !== "result") return { action: "unknown" };
  if (typeof line.id !== "number" && typeof line.id !== "string") return `the action ${action} without an id`;
  const id = String(line.id);
  if (action === "stop") return { action, id };
  if (typeof line.type !== "number") return `the action ${action} without a type`;
  const fields = Array.isArray(line.fields) ? line.fields.filter(isField) : [];
  return action === "result"
    ? { action, id, type: line.type, fields }
    : { action, id, type: line.type, text: typeof line.text === "string" ? line.text.replace(COLOURS, "") : "", fields };
}

function isField(value: unknown): value is Field {
  return typeof value === "string" || typeof value === "number";
}
