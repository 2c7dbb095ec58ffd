// What a person sees while builds run: lines that fit the terminal, drawn anew each time. Per host what each slot builds, since
// when, how long it was foretold to take; below, the whole in nix-output-monitor's words: ⏵ running, ✔ built, ⏸ waiting,
// ⚠ failed, ⏱ time, ∅ what it was foretold to take. Pure: state in, lines out. Counts a character as one cell.
import type { Range } from "./foretold.js";
import { printable, shortened } from "./name-lines.js";
import { paint } from "./text-grid.js";

export type Doing = "connecting" | "copying" | "building" | "returning";

export interface FrameSlot {
  readonly name: string;
  readonly doing: Doing;
  /** Seconds since it began to do that. */
  readonly since: number;
  /** Seconds that the build was foretold to take; not a number: unknown. */
  readonly expected: number;
}

export interface FrameHost {
  readonly name: string;
  readonly slots: number;
  readonly running: readonly FrameSlot[];
  readonly built: number;
  /** Why it is set aside; null = in use. */
  readonly out: string | null;
}

export interface Frame {
  readonly now: number;
  readonly total: number;
  readonly built: number;
  readonly failed: number;
  /** Share of the work done, 0 to 1. */
  readonly share: number;
  readonly hosts: readonly FrameHost[];
  /** Instants; null = nobody knows. */
  readonly end: Range | null;
  /** Why nothing more is placed; null = the run goes on. */
  readonly stopping: string | null;
}

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly color: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
}

interface Signs {
  readonly [name: string]: string;
}
const UNICODE: Signs = {
  top: "┏━ ",
  side: "┃ ",
  cross: "┣━ ",
  foot: "┗━ ",
  run: "⏵",
  built: "✔",
  wait: "⏸",
  bad: "⚠",
  copy: "↑",
  back: "↓",
  time: "⏱",
  mean: "∅",
  full: "━",
  empty: "─",
  bar: " │ ",
  more: "…",
  to: "–",
};
const ASCII: Signs = {
  top: "",
  side: "",
  cross: "",
  foot: "",
  run: ">",
  built: "+",
  wait: ".",
  bad: "!",
  copy: "^",
  back: "v",
  time: "",
  mean: "of",
  full: "#",
  empty: ".",
  bar: " | ",
  more: "...",
  to: "-",
};

const NARROW = 60;
const BAR = 10;
/** Cells of the times of one build. */
const TIME = 15;
/** Lines of the foot, the head, and one that stays free for the cursor. */
const FIXED = 4;

export function liveFrame(frame: Frame, look: Look): string[] {
  const signs = look.unicode ? UNICODE : ASCII;
  const room = Math.max(1, look.height - FIXED);
  const slots = frame.hosts.flatMap((host) => hostLines(host, signs, look));
  const shown = slots.length <= room ? slots : [...slots.slice(0, room - 1), `${signs.side}${signs.more} ${slots.length - room + 1} more`];
  const lines = [
    `${signs.top}${title(frame)}`,
    ...shown,
    `${signs.cross}${counts(frame, signs, look)}`,
    `${signs.foot}${clock(frame, signs)}`,
  ];
  return lines.map((line) => cut(line, look));
}

function title({ stopping }: Frame): string {
  return stopping === null ? "Builds" : `Stopping (${printable(stopping)}): what runs ends; Ctrl-C ends it now`;
}

function hostLines({ name, slots, running, out, built }: FrameHost, signs: Signs, look: Look): string[] {
  const wide = Math.min(18, Math.floor(look.width / 4));
  const label = (first: boolean): string => (first ? shortened(name, wide) : "").padEnd(wide);
  if (out !== null && running.length === 0)
    return [paint(`${signs.side}${label(true)} ${signs.bad} set aside: ${printable(out.split("\n")[0]!)}`, "bold", look.color)];
  if (running.length === 0)
    return slots === 0 ? [] : [paint(`${signs.side}${label(true)} ${signs.wait} idle, ${built} built`, "dim", look.color)];
  return running.map((slot, i) => `${signs.side}${label(i === 0)} ${slotText(slot, signs, look, wide)}`);
}

function slotText({ name, doing, since, expected }: FrameSlot, signs: Signs, { width }: Look, taken: number): string {
  const isBuilding = doing === "building";
  const sign = isBuilding ? signs.run : doing === "returning" ? signs.back : signs.copy;
  const known = isBuilding && expected > 0;
  const time = `${signs.time}${clockText(since).padStart(3)}${known ? ` ${signs.mean}${signs.mean === "of" ? " " : ""}${clockText(expected)}` : ""}${isBuilding ? "" : ` ${doing}`}`;
  const lead = taken + signs.side!.length + 4;
  if (width < NARROW) return `${sign} ${shortened(name, Math.max(8, width - 1 - lead - time.length))} ${time}`;
  const space = Math.max(8, width - 1 - lead - TIME - 1 - BAR);
  return `${sign} ${shortened(name, space).padEnd(space)} ${known ? `${time.padEnd(TIME)} ${barText(since / expected, signs)}` : time}`;
}

function counts({ hosts, total, built, failed }: Frame, signs: Signs, { width }: Look): string {
  const running = hosts.reduce((sum, host) => sum + host.running.length, 0);
  const word = (count: number, what: string): string => (width >= NARROW ? `${count} ${what}` : String(count));
  return [
    `${signs.run} ${word(running, "running")}`,
    `${signs.built} ${word(built, "built")}`,
    `${signs.wait} ${word(Math.max(0, total - built - failed - running), "waiting")}`,
    ...(failed > 0 ? [`${signs.bad} ${word(failed, "failed")}`] : []),
  ].join(signs.bar);
}

function clock({ now, end, share }: Frame, signs: Signs): string {
  const left = ({ median, low, high }: Range): string => {
    const [middle, least, most] = [median, low, high].map((at) => clockText(Math.max(0, at - now))) as [string, string, string];
    return least === most ? `done in ${middle}` : `done in ${middle} (${least}${signs.to}${most})`;
  };
  return [
    `${signs.time}${clockText(now)}`,
    `${Math.floor(share * 100)} %`,
    ...(end === null || Number.isNaN(end.median) ? [] : [left(end)]),
  ].join(signs.bar);
}

/** Wall time as nix-output-monitor writes it: 7s, 2m05s, 1h02m. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}

/** Full only when it is over: what is late stays one short of it. */
function barText(share: number, signs: Signs): string {
  const full = Math.min(BAR - 1, Math.max(0, Math.floor(share * BAR)));
  return signs.full!.repeat(full) + signs.empty!.repeat(BAR - full);
}

/** One cell less than the terminal has, so that no line wraps; escapes count nothing. */
function cut(line: string, { width, color }: Look): string {
  const limit = Math.max(1, width - 1);
  let cells = 0;
  let text = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
  for (const part of line.match(/\u001b\[\d*m|./gu) ?? []) {
    if (!part.startsWith("\u001b") && ++cells > limit) continue;
    text += part;
  }
  return color ? text : text.trimEnd();
}
