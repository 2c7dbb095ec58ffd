// One derivation → one node of the graph file: Nix's facts (system, features, flags), guesses (kind, tool, workload)
// and the author's own word (attribute `drvfleet`), the later over the earlier. Knows nothing of other derivations,
// nor of how the derivation was written down.
import { fail, fault, type Fault, ok, type Result } from "#base/fault.js";
import { compareText } from "#base/order.js";
import type { NodeFile } from "#model/graph-file.js";
import { kindOf, toolOf, WORKLOAD_OF } from "./build-kind.js";
import {
  attributeOf,
  type Derivation,
  flagAttribute,
  hasUnknownPaths,
  isFault,
  isFixedOutput,
  listAttribute,
  textAttribute,
  words,
} from "./derivation.js";
import { parseOverride } from "./node-override.js";
import { derivationName, packageName } from "./store-path.js";

/** The node without its key: whoever collects nodes knows the store directory. Faults name `where`. */
export function nodeOf(derivation: Derivation, where: string): Result<NodeFile> {
  const name = derivationName(derivation.path);
  if (name === undefined) {
    const expected = "expected the store path of a derivation (hash-name.drv)";
    return fail(fault("input", where, `found ${JSON.stringify(derivation.path)}, ${expected}`));
  }
  const flags = flagsOf(derivation, where);
  if (!flags.ok) return flags;
  const inferred = {
    name,
    ...packageOf(derivation, name),
    system: derivation.system,
    ...flags.value.facts,
    ...guesses(derivation, name, flags.value.facts),
  };
  const own = attributeOf(derivation.attributes, "drvfleet");
  if (own === undefined || own === "") return ok(inferred);
  const override = parseOverride(own, `${where} drvfleet`);
  return override.ok ? ok({ ...inferred, ...override.value }) : override;
}

interface Flags {
  readonly features?: readonly string[];
  readonly preferLocal?: true;
  readonly allowSubstitutes?: false;
  readonly fixedOutput?: true;
  readonly maxCores?: number;
}

function flagsOf(derivation: Derivation, where: string): Result<{ facts: Flags }> {
  const { attributes, outputs } = derivation;
  const required = listAttribute(attributes, "requiredSystemFeatures", where);
  const preferLocal = flagAttribute(attributes, "preferLocalBuild", where);
  const substitutes = flagAttribute(attributes, "allowSubstitutes", where);
  const parallel = flagAttribute(attributes, "enableParallelBuilding", where);
  const faults = [required, preferLocal, substitutes, parallel].filter((value): value is Fault => isFault(value));
  if (faults.length > 0) return fail(...faults);
  const features = new Set(required as readonly string[]);
  if (hasUnknownPaths(outputs)) features.add("ca-derivations");
  return ok({
    facts: {
      ...(features.size > 0 && { features: [...features].sort(compareText) }),
      ...(preferLocal === true && { preferLocal }),
      ...(substitutes === false && { allowSubstitutes: substitutes }),
      ...(isFixedOutput(outputs) && { fixedOutput: true }),
      ...(parallel === false && { maxCores: 1 }),
    },
  });
}

function packageOf(derivation: Derivation, name: string): { pname: string; version?: string } {
  const parsed = packageName(name);
  const pname = textAttribute(derivation.attributes, "pname");
  const version = textAttribute(derivation.attributes, "version") ?? (pname === undefined ? parsed.version : undefined);
  return { pname: pname ?? parsed.pname, ...(version !== undefined && { version }) };
}

function guesses(derivation: Derivation, name: string, flags: Flags): Pick<NodeFile, "kind" | "tool" | "workload"> {
  const { attributes, builder } = derivation;
  const kind = kindOf({
    name,
    pname: packageName(name).pname,
    fixedOutput: flags.fixedOutput === true,
    builder,
    preferLocal: flags.preferLocal === true,
    allowSubstitutes: flags.allowSubstitutes !== false,
    writesText: textAttribute(attributes, "text") !== undefined && textAttribute(attributes, "buildCommand") !== undefined,
  });
  const tool = kind === "build" ? toolOf(nativeInputs(derivation)) : undefined;
  const workload = WORKLOAD_OF[kind];
  return { kind, ...(tool !== undefined && { tool }), ...(workload !== undefined && { workload }) };
}

function nativeInputs({ attributes }: Derivation): readonly string[] {
  const value = attributeOf(attributes, "nativeBuildInputs");
  if (typeof value === "string") return words(value);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
