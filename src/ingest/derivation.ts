// A parsed derivation, the same whatever it was read from: what the .drv and JSON readers make and what graph nodes
// are made of. Reads the scheduling attributes where Nix reads them: in the environment, or only in the JSON of a
// structured derivation (reference: nixpkgs and Nix 2.8–2.36 sources, ParsedDerivation / DerivationOptions).
import { type Fault, fault } from "#base/fault.js";
import { parseJson } from "./json-text.js";

export type OutputKind = "input-addressed" | "fixed" | "floating" | "deferred" | "impure";

export interface Output {
  readonly name: string;
  readonly kind: OutputKind;
}

export interface Derivation {
  /** Store path of the .drv as the source names it: with the store directory or without. */
  readonly path: string;
  /** The store directory, where the source tells it. */
  readonly storeDir?: string;
  readonly outputs: readonly Output[];
  /** Paths of the derivations that it needs, as the source names them. */
  readonly inputDrvs: readonly string[];
  /** How many of them are needed through an output of an output (dynamic derivations, experimental). */
  readonly dynamicInputs: number;
  readonly inputSrcs: readonly string[];
  readonly system: string;
  readonly builder: string;
  readonly attributes: Attributes;
}

/** The environment as strings, or the attributes of a structured derivation as JSON values. */
export type Attributes =
  | { readonly form: "plain"; readonly values: Readonly<Record<string, unknown>> }
  | { readonly form: "structured"; readonly values: Readonly<Record<string, unknown>> };

/** The attributes that matter here; readers may drop all others. */
export const ATTRIBUTES: ReadonlySet<string> = new Set([
  "__json",
  "name",
  "pname",
  "version",
  "requiredSystemFeatures",
  "preferLocalBuild",
  "allowSubstitutes",
  "enableParallelBuilding",
  "nativeBuildInputs",
  "text",
  "buildCommand",
  "drvfleet",
]);

/** The attributes of a structured derivation, from the JSON text in its environment. */
export function structuredFrom(text: string, where: string): Attributes | Fault {
  const parsed = parseJson(Buffer.from(text), where, { offset: 0, line: 1, column: 1 });
  if (!parsed.ok) return parsed.faults[0]!;
  const values = parsed.value;
  if (typeof values === "object" && values !== null && !Array.isArray(values)) {
    return { form: "structured", values: values as Readonly<Record<string, unknown>> };
  }
  return wrongType(where, "", values, "a JSON object", "");
}

/** Exactly one output, named `out`, whose content hash is known beforehand: a fetch, by Nix's definition. */
export function isFixedOutput(outputs: readonly Output[]): boolean {
  return outputs.length === 1 && outputs[0]!.name === "out" && outputs[0]!.kind === "fixed";
}

/** Whether the output paths are unknown until it is built: Nix then also requires the feature ca-derivations. */
export function hasUnknownPaths(outputs: readonly Output[]): boolean {
  return outputs.some((output) => output.kind !== "input-addressed" && output.kind !== "fixed");
}

/** A text attribute, or undefined when it is absent, empty or no string. */
export function textAttribute(attributes: Attributes, name: string): string | undefined {
  const value = attributeOf(attributes, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Nix's booleans: in an environment "1" is true and all else false; structured ones must be JSON booleans. */
export function flagAttribute(attributes: Attributes, name: string, where: string): boolean | undefined | Fault {
  const value = attributeOf(attributes, name);
  if (value === undefined) return undefined;
  if (attributes.form === "plain") return value === "1";
  if (typeof value === "boolean") return value;
  return wrongType(where, name, value, "a boolean", "write true or false without quotes");
}

/** A list of words: split at white space in an environment, a JSON list of strings in a structured derivation. */
export function listAttribute(attributes: Attributes, name: string, where: string): readonly string[] | Fault {
  const value = attributeOf(attributes, name);
  if (value === undefined) return [];
  if (attributes.form === "plain") return typeof value === "string" ? words(value) : [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  return wrongType(where, name, value, "a list of strings", `write ${name} = [ "kvm" ];`);
}

/** The attribute itself, inherited properties aside. */
export function attributeOf(attributes: Attributes, name: string): unknown {
  return Object.hasOwn(attributes.values, name) ? attributes.values[name] : undefined;
}

/** Splits at Nix's white space; no empty words. */
export function words(text: string): string[] {
  return text.split(/[ \t\n\r]+/).filter((word) => word !== "");
}

export function isFault(value: unknown): value is Fault {
  return typeof value === "object" && value !== null && "code" in value && "what" in value;
}

function wrongType(where: string, name: string, value: unknown, expected: string, hint: string): Fault {
  return fault("input", `${where} ${name}`.trimEnd(), `found ${JSON.stringify(value)}, expected ${expected}`, hint);
}
