// What `calibrate` prints: at most 80 columns. A line per figure with its 95 % interval and its basis, then what is not
// known and why.
import type { Quantity } from "#model/fleet-file.js";
import type { FigureFile, FigureGroups, ModelFile } from "#model/model-file.js";
import { right, TERMINAL_WIDTH } from "./table-parts.js";
import { type GridRow, grid, paint, paragraph } from "./text-grid.js";

export function calibrateText(
  { about, conducts = {}, machines = {}, emulation = {}, hosts = {}, unknown = [] }: ModelFile,
  color: boolean,
): string {
  const columns = [
    { head: "figure", width: 28, side: "left" as const },
    right("value", 13),
    right("95 %", 23),
    right("obs.", 6),
    right("runs", 5),
  ];
  const rows = [
    ...Object.entries(conducts).flatMap(([conduct, figures]) =>
      Object.entries(figures).map(([field, figure]) => row(`${conduct} ${field}`, figure)),
    ),
    ...rowsOf(machines as FigureGroups),
    ...rowsOf(emulation, "×"),
    ...rowsOf(hosts as FigureGroups),
  ];
  return [
    ...paragraph(about ?? "", TERMINAL_WIDTH).map((line) => paint(line, "bold", color)),
    "",
    ...grid(columns, rows, color),
    ...(unknown.length === 0 ? [] : ["", paint("not identifiable from these traces; what is assumed stays", "bold", color)]),
    ...unknown.flatMap(({ what, why }) => paragraph(`${what}: ${why}`, TERMINAL_WIDTH, "  ")),
  ].join("\n");
}

/** `times`: before the value of what is one, a slowdown. */
function rowsOf(groups: FigureGroups, times = ""): GridRow[] {
  return Object.entries(groups).flatMap(([place, figures]) =>
    Object.entries(figures).map(([field, figure]) => row(`${place} ${field}`, figure, times)),
  );
}

function row(name: string, figure: FigureFile<Quantity>, times = ""): GridRow {
  if (typeof figure !== "object") return { style: "plain", cells: [name, `${times}${figure}`, "–", "–", "–"] };
  const { value, low, high, observations, runs } = figure;
  const bare = (end: Quantity): string => String(end).replace(/ .*$/, "");
  return {
    style: "plain",
    cells: [
      name,
      `${times}${value}`,
      low === undefined || high === undefined ? "–" : `${bare(low)}–${bare(high)}`,
      String(observations ?? "–"),
      String(runs ?? "–"),
    ],
  };
}
