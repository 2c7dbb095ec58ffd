// Slowdowns of emulated systems that a fleet leaves open, from a model that was fitted to builds there: on that host, or on the machine
// that it is on. Knows no defaults.
import type { HostFile, SystemFile } from "#model/fleet-file.js";
import { emulatedKind, type FigureFile, type ModelFile } from "#model/model-file.js";
import { WORKLOADS, type Workload } from "#model/graph-file.js";
import { cvOf, ofFigure } from "./figure.js";

type Emulation = NonNullable<ModelFile["emulation"]>;

export function filledSystems(host: HostFile, emulation: Emulation): HostFile {
  const found = openFigures(host, emulation);
  if (found.length === 0) return host;
  const filled = (system: string, given: SystemFile): SystemFile => {
    const own = found.flatMap((one) => (one.system === system ? [[one.workload, ofFigure(one.figure)] as const] : []));
    return given === "native" || typeof given.emulated === "number"
      ? given
      : { emulated: { ...given.emulated, ...Object.fromEntries(own) } };
  };
  return { ...host, systems: Object.fromEntries(Object.entries(host.systems).map(([system, given]) => [system, filled(system, given)])) };
}

/** By system and workload, of what is filled in: coefficients of variation. */
export function uncertainSystems(host: HostFile, emulation: Emulation): Record<string, number> {
  return Object.fromEntries(
    openFigures(host, emulation).flatMap(({ system, workload, figure }) => {
      const cv = cvOf(figure);
      return cv > 0 ? [[emulatedKind(system, workload), cv] as const] : [];
    }),
  );
}

interface Open {
  readonly system: string;
  readonly workload: Workload;
  readonly figure: FigureFile<number>;
}

/** What the model knows of the host and the host's own entry does not say. */
function openFigures({ name, on, systems }: HostFile, emulation: Emulation): Open[] {
  const figures = { ...(on === undefined ? {} : emulation[on]), ...emulation[name] };
  return Object.entries(systems).flatMap(([system, given]) => {
    if (given === "native" || typeof given.emulated === "number") return [];
    const { emulated } = given;
    return WORKLOADS.flatMap((workload): Open[] => {
      const figure = figures[emulatedKind(system, workload)];
      return figure === undefined || emulated[workload] !== undefined ? [] : [{ system, workload, figure }];
    });
  });
}
