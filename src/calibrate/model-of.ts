// What was found → `drvfleet.model/1`: figures with their units, rounded to what they are worth, and what is not known,
// hosts that share a reason in one line.
import type { Quantity } from "#model/fleet-file.js";
import type { FigureFile, ModelFile, ModelHostFile } from "#model/model-file.js";
import type { Emulation } from "./emulated.js";
import type { Estimate } from "./estimate.js";
import type { MachineFigures } from "./machine-figures.js";

type HostField = keyof ModelHostFile;
type ByHost = ReadonlyMap<string, Estimate>;

export interface Findings extends Readonly<Record<HostField, ByHost>> {
  /** By the name of a machine that hosts share. */
  readonly machines: ReadonlyMap<string, MachineFigures>;
  readonly emulation: Emulation;
  /** Fields of a timing, and pollSeconds. */
  readonly timing: Readonly<Record<string, Estimate>>;
}

interface ModelInput {
  readonly name: string;
  readonly about: string;
  /** Name of the conduct without parameters. */
  readonly conduct: string;
  readonly found: Findings;
}

const DIGITS = 4;

/** What a field of a host is for people, and how its values are written. */
const HOST_FIELDS: Readonly<Record<HostField, { readonly what: string; readonly text: (value: number) => Quantity }>> = {
  connect: { what: "connect", text: (value) => `${rounded(value)} s` },
  connectCpu: { what: "connectCpu", text: (value) => `${rounded(value)} s` },
  copyUp: { what: "copyUp", text: (value) => `${rounded(value / 1e6)} MB/s` },
  copyDown: { what: "copyDown", text: (value) => `${rounded(value / 1e6)} MB/s` },
  up: { what: "up", text: (value) => `${rounded(value / 1e6)} MB/s` },
  down: { what: "down", text: (value) => `${rounded(value / 1e6)} MB/s` },
  latency: { what: "latency", text: (value) => `${rounded(value * 1000)} ms` },
  speed: { what: "speed", text: rounded },
};
const FIELDS = Object.keys(HOST_FIELDS) as HostField[];

export function modelFile({ name, about, conduct, found }: ModelInput): ModelFile {
  const timing = Object.entries(found.timing).flatMap(([field, estimate]) => {
    const figure = figureOf(estimate, rounded);
    return figure === null ? [] : [[field, figure] as const];
  });
  const names = [...new Set(FIELDS.flatMap((field) => [...found[field].keys()]))];
  const hosts = names.flatMap((host) => {
    const figures = FIELDS.flatMap((field) => {
      const estimate = found[field].get(host);
      const figure = estimate === undefined ? null : figureOf(estimate, HOST_FIELDS[field].text);
      return figure === null ? [] : [[field, figure] as const];
    });
    return figures.length === 0 ? [] : [[host, Object.fromEntries(figures) as ModelHostFile] as const];
  });
  const machines = grouped([...found.machines].map(([name, figures]) => [name, Object.entries(figures)]));
  const emulation = grouped([...found.emulation].map(([name, figures]) => [name, [...figures]]));
  return {
    schema: "drvfleet.model/1",
    name,
    about,
    ...(timing.length > 0 && { conducts: { [conduct]: Object.fromEntries(timing) } }),
    ...(machines !== null && { machines }),
    ...(emulation !== null && { emulation }),
    ...(hosts.length > 0 && { hosts: Object.fromEntries(hosts) }),
    unknown: unknowns(found),
  };
}

/** By name, what is known; null where nothing is. */
function grouped(
  groups: readonly (readonly [string, readonly (readonly [string, Estimate])[]])[],
): Record<string, Record<string, FigureFile<number>>> | null {
  const known = groups.flatMap(([name, estimates]) => {
    const figures = estimates.flatMap(([field, estimate]) => {
      const figure = figureOf(estimate, rounded);
      return figure === null ? [] : [[field, figure] as const];
    });
    return figures.length === 0 ? [] : [[name, Object.fromEntries(figures)] as const];
  });
  return known.length === 0 ? null : Object.fromEntries(known);
}

function figureOf<V extends Quantity>(estimate: Estimate, text: (value: number) => V): FigureFile<V> | null {
  if (estimate.kind === "unknown") return null;
  const { value, interval, observations, runs } = estimate;
  return {
    value: text(value),
    ...(interval !== null && { low: text(interval.low), high: text(interval.high) }),
    observations,
    runs,
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

function unknowns(found: Findings): { what: string; why: string }[] {
  const client = Object.entries(found.timing).flatMap(([field, estimate]) =>
    estimate.kind === "unknown" ? [{ what: field, why: estimate.why }] : [],
  );
  const hosts = FIELDS.flatMap((field) => {
    const by = new Map<string, string[]>();
    for (const [host, estimate] of found[field])
      if (estimate.kind === "unknown") by.set(estimate.why, [...(by.get(estimate.why) ?? []), host]);
    return [...by].map(([why, names]) => ({ what: `${HOST_FIELDS[field].what} of ${names.join(", ")}`, why }));
  });
  const machines = [...found.machines].flatMap(([name, figures]) => {
    const unknown = Object.entries(figures).flatMap(([field, estimate]: [string, Estimate]) =>
      estimate.kind === "unknown" ? [{ field, why: estimate.why }] : [],
    );
    const reasons = [...new Set(unknown.map(({ why }) => why))];
    return reasons.map((why) => {
      const fields = unknown.flatMap((one) => (one.why === why ? [one.field] : []));
      return { what: `${fields.join(", ")} of the machine ${name}`, why };
    });
  });
  const emulation = [...found.emulation].flatMap(([name, figures]) =>
    [...figures].flatMap(([what, estimate]) =>
      estimate.kind === "unknown" ? [{ what: `slowdown of ${what} on ${name}`, why: estimate.why }] : [],
    ),
  );
  return [...client, ...machines, ...emulation, ...hosts];
}
