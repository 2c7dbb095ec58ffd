// One colour, one name and one place in the order for each thing that charts and tables show, everywhere the same. From
// the colour-blind safe sets of Okabe and Ito (2008) and of Tol (2021); neighbours in a stack also differ in lightness.
import { BUSY_PARTS, type BusyPart, IDLE_CAUSES, type IdleCause, type Ladder } from "#metrics/result.js";

export type Part = BusyPart | IdleCause;

export interface Look {
  readonly color: string;
  /** For legends and tables. */
  readonly label: string;
}

const BUSY_LOOKS: Readonly<Record<BusyPart, Look>> = {
  asking: { color: "#332288", label: "asking" },
  "upload-lock": { color: "#b3a2d9", label: "upload lock" },
  upload: { color: "#56b4e9", label: "upload" },
  overhead: { color: "#33517e", label: "overhead" },
  building: { color: "#0072b2", label: "building" },
  download: { color: "#009e73", label: "download" },
  notice: { color: "#7fd1b9", label: "until noticed" },
};

const IDLE_LOOKS: Readonly<Record<IdleCause, Look>> = {
  down: { color: "#000000", label: "idle: host down" },
  dispatch: { color: "#d55e00", label: "idle: dispatch busy" },
  postponed: { color: "#e69f00", label: "idle: postponed to tick" },
  memory: { color: "#882255", label: "idle: memory" },
  policy: { color: "#f0e442", label: "idle: policy held back" },
  system: { color: "#cc79a7", label: "idle: wrong system" },
  feature: { color: "#aa4499", label: "idle: feature missing" },
  mandatory: { color: "#661100", label: "idle: mandatory feature" },
  pinned: { color: "#999933", label: "idle: pinned elsewhere" },
  waiting: { color: "#bbbbbb", label: "idle: waiting for a build" },
  end: { color: "#e8e8e8", label: "idle: end of run" },
};

export const PARTS: readonly Part[] = [...BUSY_PARTS, ...IDLE_CAUSES];
export const PART_LOOKS: Readonly<Record<Part, Look>> = { ...BUSY_LOOKS, ...IDLE_LOOKS };

/** The order of adding up: from the bound to the real engine. */
export const LADDER_PARTS = ["bound", "order", "transfers", "estimates", "conduct"] as const satisfies readonly (keyof Ladder)[];

export const LADDER_LOOKS: Readonly<Record<keyof Ladder, Look>> = {
  bound: { color: "#bbbbbb", label: "lower bound" },
  order: { color: "#0072b2", label: "order and placement" },
  transfers: { color: "#56b4e9", label: "transfers" },
  estimates: { color: "#e69f00", label: "wrong estimates" },
  conduct: { color: "#d55e00", label: "engine's conduct" },
};

/** For what has no fixed colour (classes of a queue), in this order. */
export const SERIES_COLORS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#332288", "#999999"] as const;

/** Text, rules and marks that stand for no category. */
export const INK = "#1a1a1a";
export const INK_SOFT = "#555555";
