// The answer of `run --dry-run` as data and as text of at most 80 columns where paths allow: what would be built where, why
// there, when and for how long, and what would travel. Nix's words where Nix has them.
import { duration } from "#base/duration.js";
import { bytes, percent, plural } from "./figures.js";
import type { Range } from "./foretold.js";
import { printable } from "./name-lines.js";
import { paragraph } from "./text-grid.js";

const WIDTH = 80;

export interface DryBuild {
  readonly drv: string;
  readonly name: string;
  readonly host: string;
  readonly why: string;
  /** Seconds after the start, as it is expected. */
  readonly at: number;
  readonly seconds: Range;
  /** Share of the worlds that place it on that host. */
  readonly hostShare: number;
  readonly bytesIn: number;
  /** Where its duration comes from: given, history, prior-name, prior-kind, assumed. */
  readonly provenance: string;
}

export interface DryRun {
  readonly schema: "drvfleet.dry-run/1";
  readonly policy: string;
  readonly predicted: Range & { readonly worlds: number };
  /** Derivations that were asked for or needed, whose outputs this machine has. */
  readonly here: number;
  /** By host, in the fleet's order; hosts that would get nothing are left out. */
  readonly hosts: readonly { readonly host: string; readonly uri: string | null; readonly builds: readonly DryBuild[] }[];
  /** Bytes that would come back to this machine. */
  readonly bytesBack: number;
}

export function dryRunText({ policy, predicted, here, hosts, bytesBack }: DryRun): string {
  const all = hosts.flatMap(({ builds }) => builds);
  const guessed = all.filter(({ provenance }) => provenance !== "given" && provenance !== "history").length;
  const into = hosts.map(({ host, builds }) => [host, sum(builds.map(({ bytesIn }) => bytesIn))] as const).filter(([, count]) => count > 0);
  return [
    all.length === 1 ? "this derivation will be built:" : `these ${all.length} derivations will be built:`,
    ...hosts.flatMap(hostLines),
    ...(into.length === 0 && bytesBack === 0
      ? []
      : [
          "",
          ...paragraph(
            `these will be copied: ${[...into.map(([host, count]) => `${bytes(count)} to ${printable(host)}`), `${bytes(bytesBack)} back`].join(", ")}`,
            WIDTH,
            "  ",
          ),
        ]),
    "",
    ...paragraph(
      `done in about ${rangeText(predicted)}, under ${printable(policy)}, in ${plural(predicted.worlds, "simulated world")}`,
      WIDTH,
      "  ",
    ),
    ...(guessed === 0
      ? []
      : paragraph(`${guessed} of ${plural(all.length, "duration")} ${guessed === 1 ? "is" : "are"} guessed from names`, WIDTH, "  ")),
    ...(here === 0 ? [] : [`${plural(here, "derivation")} built already, on this machine`]),
    "No host was asked: what builders have already will be neither built nor copied.",
  ].join("\n");
}

function hostLines({ host, uri, builds }: DryRun["hosts"][number]): string[] {
  const busy = sum(builds.map(({ seconds }) => (Number.isNaN(seconds.median) ? 0 : seconds.median)));
  const head = `on ${printable(host)}${uri === null ? "" : ` (${printable(uri)})`}: ${plural(builds.length, "derivation")}, ${duration(busy)} of building`;
  return ["", ...paragraph(head, WIDTH, "  "), ...builds.flatMap(buildLines)];
}

function buildLines({ drv, why, at, seconds, hostShare }: DryBuild): string[] {
  const share = hostShare > 0.995 ? "" : `; so in ${percent(hostShare)} of the worlds`;
  const text = `at ${duration(at)} for ${rangeText(seconds)}; ${printable(why)}${share}`;
  return [`  ${printable(drv)}`, ...paragraph(text, WIDTH - 4).map((line) => `    ${line}`)];
}

/** "12.0 s (10.1 s to 15.2 s)", without the brackets where all worlds agree. */
export function rangeText({ median, low, high }: Range): string {
  const [middle, least, most] = [median, low, high].map(duration) as [string, string, string];
  return least === middle && most === middle ? middle : `${middle} (${least} to ${most})`;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
