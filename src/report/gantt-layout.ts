// Where each lane of a Gantt picture lies, in pixels: hosts one below the other with a gap, slots within them, as thick as
// the picture's height allows. Knows no time.
import type { Hosts } from "#model/hosts.js";
import { axisLabels } from "./name-lines.js";
import { textWidth } from "./text-width.js";

const GAP = 8;
const HEIGHT = 760;

export interface GanttLayout {
  readonly hosts: readonly { readonly label: string; readonly top: number; readonly bottom: number }[];
  readonly width: number;
  readonly height: number;
  /** Of a bar; a lane is a little more. */
  readonly thick: number;
  readonly top: (host: number, slot: number) => number;
}

/** `shown`: the hosts that have bars, in order. `room`: pixels for labels and bars together. */
export function ganttLayout(hosts: Hosts, shown: readonly number[], room: number): GanttLayout {
  const names = shown.map((host) => hosts.names[host]!);
  const labels = axisLabels(names, 20, 1);
  const slots = shown.map((host) => hosts.maxJobs[host]!);
  const lanes = slots.reduce((sum, count) => sum + count, 0);
  const step = Math.max(3, Math.min(15, Math.floor(HEIGHT / lanes)));
  const thick = step > 5 ? step - 2 : step - 0.5;
  const tops: number[] = [];
  let height = 0;
  for (const count of slots) {
    tops.push(height);
    height += count * step + GAP;
  }
  const topOf = new Map(shown.map((host, i) => [host, tops[i]!]));
  return {
    hosts: labels.map((label, i) => ({ label, top: tops[i]!, bottom: tops[i]! + slots[i]! * step - (step - thick) })),
    width: Math.round(room - Math.max(...labels.map((label) => textWidth(label, 11)))),
    height: height - GAP,
    thick,
    top: (host, slot) => topOf.get(host)! + slot * step,
  };
}
