// The answer of `explain` as data and as text of at most 80 columns: where, when, why there, why not elsewhere.
import { duration } from "#base/duration.js";
import { bytes, plural } from "./figures.js";
import { printable, shortened } from "./name-lines.js";
import { grid, paragraph } from "./text-grid.js";

const WIDTH = 80;

/** What one host had to say when the policy decided. Seconds are estimates. */
export interface HostVerdict {
  readonly host: string;
  readonly chosen: boolean;
  /** Why it never may: system, feature, mandatory, pinned, excluded; null = it may. */
  readonly denied: string | null;
  readonly up: boolean;
  readonly slotsFree: number;
  readonly slots: number;
  readonly memoryShort: boolean;
  readonly buildSeconds: number;
  readonly carrySeconds: number;
  /** The policy's own figure for it, smaller is better; null = not considered. */
  readonly score: number | null;
}

/** Instants in seconds; null = did not happen. */
export interface Explanation {
  readonly schema: "drvfleet.explain/1";
  readonly task: string;
  readonly key: string;
  readonly class: string;
  readonly policy: string;
  readonly conduct: string;
  readonly attempts: number;
  readonly host: string | null;
  readonly cores: number | null;
  readonly lastInput: { readonly task: string; readonly at: number } | null;
  readonly ready: number | null;
  readonly asked: number | null;
  readonly accepted: number | null;
  readonly uploadFrom: number | null;
  readonly uploaded: number | null;
  readonly started: number | null;
  readonly built: number | null;
  readonly returned: number | null;
  readonly noticed: number | null;
  readonly postponedSeconds: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly hosts: readonly HostVerdict[];
}

export function explanationText(answer: Explanation): string {
  const head = `${printable(answer.task)} (${answer.class}) under ${answer.policy}, conduct ${answer.conduct}`;
  if (answer.host === null)
    return [...paragraph(head, WIDTH), "", "It was never started: an input failed, or no host that may build it was up."].join("\n");
  return [...paragraph(head, WIDTH), "", ...sentences(answer).flatMap((line) => paragraph(line, WIDTH)), "", ...hostLines(answer)].join(
    "\n",
  );
}

function sentences(answer: Explanation): string[] {
  const { host, lastInput, ready, asked, started, built, noticed, uploadFrom, accepted, uploaded, returned } = answer;
  const span = (from: number | null, to: number | null): number => (from === null || to === null ? 0 : to - from);
  const input =
    lastInput === null ? "It has no inputs" : `Its last input, ${shortened(lastInput.task, 40)}, was there at ${duration(lastInput.at)}`;
  const waited = span(ready, asked);
  const postponed = answer.postponedSeconds > 0 ? `, ${duration(answer.postponedSeconds)} of it postponed until Nix's poll tick` : "";
  const waiting = waited > 0 ? `it waited ${duration(waited)} for a slot or its turn${postponed}` : "it was placed at once";
  const parts: readonly (readonly [string, number])[] = [
    ["asking and connecting", span(asked, accepted)],
    ["the upload lock", span(accepted, uploadFrom)],
    [`inputs, ${bytes(answer.bytesIn)}`, span(uploadFrom ?? accepted, uploaded)],
    ["starting", span(uploaded, started)],
    ["building", span(started, built)],
    [`the way back, ${bytes(answer.bytesOut)}`, span(built, returned)],
    ["being noticed", span(returned, noticed)],
  ];
  const spent = parts.filter(([, seconds]) => seconds > 0).map(([what, seconds]) => `${what} ${duration(seconds)}`);
  return [
    `${input}; ready at ${duration(ready ?? 0)}, ${waiting}.`,
    `Built on ${host} with up to ${plural(answer.cores ?? 0, "core")}${answer.attempts > 1 ? `, attempt ${answer.attempts}` : ""}: ${spent.join(", ")}.`,
    ...(noticed === null ? [] : [`Its dependents could go on at ${duration(noticed)}.`]),
  ];
}

function hostLines({ hosts }: Explanation): string[] {
  return grid(
    [
      { head: "host", width: 18, side: "left" },
      { head: "free", width: 5, side: "right" },
      { head: "build", width: 12, side: "right" },
      { head: "inputs", width: 10, side: "right" },
      { head: "score", width: 9, side: "right" },
      { head: "why", width: 19, side: "left" },
    ],
    hosts.map((host) => ({
      cells: [
        shortened(host.host, 18),
        `${host.slotsFree}/${host.slots}`,
        host.denied === null ? duration(host.buildSeconds) : "-",
        host.denied === null ? duration(host.carrySeconds) : "-",
        host.score === null ? "-" : String(Math.round(host.score * 1000) / 1000),
        why(host),
      ],
      style: host.chosen ? "bold" : "plain",
    })),
    false,
  );
}

function why(host: HostVerdict): string {
  if (host.chosen) return "chosen";
  if (host.denied !== null) return `may not: ${host.denied}`;
  if (host.slots === 0) return "builds nothing";
  if (!host.up) return "down";
  if (host.slotsFree === 0) return "no free slot";
  if (host.memoryShort) return "memory short";
  return host.score === null ? "not considered" : "a worse score";
}
