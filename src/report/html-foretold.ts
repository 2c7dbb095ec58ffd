// The section of the page about a run that took place: what was foretold of it before it began, beside what it took; the
// whole, host by host, build by build. Of a simulated run there is nothing to say, and the section is left out.
import { duration } from "#base/duration.js";
import { BUILT } from "#dispatch/trace.js";
import { rangeText } from "./dry-run.js";
import { count, percent, plural } from "./figures.js";
import type { Range } from "./foretold.js";
import { folded, name, number, plainRows, table, text } from "./html-table.js";
import { type Html, html, type HtmlValue } from "./html-text.js";
import type { ReportInput } from "./report-input.js";

const FIRST = 20;
const MOST = 500;

interface Lived {
  readonly task: number;
  readonly host: number;
  readonly started: number;
  readonly seconds: number;
}

export function foretoldSection({ detail, foretold }: ReportInput): Html | null {
  if (detail === null || foretold === null) return null;
  const { trace, problem } = detail;
  const { graph, hosts } = problem;
  const lived: Lived[] = [];
  for (let row = 0; row < trace.rows; row++) {
    if (trace.outcome[row] !== BUILT) continue;
    const [started, built] = [trace.started[row]! / 1e6, trace.built[row]! / 1e6];
    lived.push({ task: trace.task[row]!, host: trace.host[row]!, started, seconds: built - started });
  }
  const inside = lived.filter(({ task, seconds }) => holds(foretold.builds[task]!.seconds, seconds)).length;
  const makespan = trace.makespan / 1e6;
  const whole = html`<p>It took <b>${duration(makespan)}</b>; foretold were <b>${rangeText(foretold.makespan)}</b> in ${plural(foretold.worlds, "world")}: ${missText(foretold.makespan, makespan)}. ${percent(inside / Math.max(1, lived.length))} of ${plural(lived.length, "build")} took as long as nine of ten worlds say.</p>`;
  const byHost = hosts.names.flatMap((host, h) => {
    const here = lived.filter((one) => one.host === h);
    const { builds, busy } = foretold.hosts[h]!;
    if (here.length === 0 && builds.high === 0) return [];
    const seconds = here.reduce((sum, one) => sum + one.seconds, 0);
    return [[host, countText(builds), String(here.length), rangeText(busy), duration(seconds), missText(busy, seconds)]];
  });
  const hostColumns = [
    name("host"),
    ...["builds foretold", "builds", "building foretold", "building"].map(number),
    text("against the median"),
  ];
  const far = lived.toSorted(
    (a, b) =>
      distance(foretold.builds[b.task]!.seconds, b.seconds) - distance(foretold.builds[a.task]!.seconds, a.seconds) || a.task - b.task,
  );
  const rows = (list: readonly Lived[]) =>
    plainRows(
      list.map(({ task, host, started, seconds }): HtmlValue[] => {
        const { seconds: range, hosts: counts, started: start } = foretold.builds[task]!;
        return [
          graph.names[task]!,
          `${hosts.names[host]!} (${percent(counts[host]! / foretold.worlds)})`,
          duration(start.median),
          duration(started),
          rangeText(range),
          duration(seconds),
          missText(range, seconds),
        ];
      }),
    );
  const columns = [
    name("derivation"),
    text("host (worlds)"),
    ...["start foretold", "start", "building foretold", "building"].map(number),
    text("difference"),
  ];
  const caption = "Build by build, those that were foretold worst first. Host: in how many worlds it was placed there.";
  const rest = far.slice(FIRST, MOST);
  return html`${whole}
${table("Host by host.", hostColumns, plainRows(byHost))}${table(caption, columns, rows(far.slice(0, FIRST)))}${rest.length === 0 ? null : folded(`${count(rest.length)} more`, table("The others.", columns, rows(rest)))}`;
}

/** "12 % sooner"; "as foretold" where the digits agree. */
function missText({ median }: Range, actual: number): string {
  if (!(median > 0) || !(actual > 0)) return "–";
  const share = actual / median - 1;
  if (Math.abs(share) < 0.0005) return "as foretold";
  return `${percent(Math.abs(share))} ${share > 0 ? "more" : "less"}`;
}

function holds({ low, high }: Range, value: number): boolean {
  return value >= low && value <= high;
}

/** How far off, the same for half and for double; nothing foretold comes last. */
function distance({ median }: Range, actual: number): number {
  return median > 0 && actual > 0 ? Math.max(actual / median, median / actual) : 0;
}

function countText({ median, low, high }: Range): string {
  return low === high ? count(median) : `${count(median)} (${count(low)} to ${count(high)})`;
}
