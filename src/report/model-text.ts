// A model file as text: YAML with a line per figure, for eyes and diffs, or JSON. Texts are quoted, so nothing in a name can
// be taken for YAML.
import type { FigureFile, FigureGroups, ModelFile } from "#model/model-file.js";
import type { Quantity } from "#model/fleet-file.js";

export function modelYaml({
  schema,
  name,
  about,
  conducts = {},
  machines = {},
  emulation = {},
  hosts = {},
  unknown = [],
}: ModelFile): string {
  const lines = [
    `schema: ${schema}`,
    ...(name === undefined ? [] : [`name: ${quoted(name)}`]),
    ...(about === undefined ? [] : [`about: ${quoted(about)}`]),
    ...table("conducts", conducts),
    ...table("machines", machines as FigureGroups),
    ...table("emulation", emulation),
    ...table("hosts", hosts as FigureGroups),
    ...(unknown.length === 0 ? [] : ["unknown:"]),
    ...unknown.map(({ what, why }) => `  - { what: ${quoted(what)}, why: ${quoted(why)} }`),
  ];
  return `${lines.join("\n")}\n`;
}

export function modelJson(model: ModelFile): string {
  return `${JSON.stringify(model, null, 2)}\n`;
}

function table(head: string, groups: FigureGroups): string[] {
  const names = Object.keys(groups);
  if (names.length === 0) return [];
  return [
    `${head}:`,
    ...names.flatMap((name) => [
      `  ${quoted(name)}:`,
      ...Object.entries(groups[name]!).map(([field, figure]) => `    ${quoted(field)}: ${flow(figure)}`),
    ]),
  ];
}

function flow(figure: FigureFile<Quantity>): string {
  if (typeof figure !== "object") return scalar(figure);
  const parts = Object.entries(figure).map(([key, value]) => `${key}: ${scalar(value)}`);
  return `{ ${parts.join(", ")} }`;
}

/** Quantities, such as 0.29 s, are plain in YAML. */
function scalar(value: Quantity): string {
  return typeof value === "number" || /^[\d.e+-]+ [A-Za-z/]+$/.test(value) ? String(value) : quoted(value);
}

function quoted(text: string): string {
  return /^[A-Za-z][\w-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text) ? text : JSON.stringify(text);
}
