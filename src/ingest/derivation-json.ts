// Reader of `nix derivation show -r` JSON in every shape that Nix has printed: 2.8–2.14, 2.15 (name), 2.18 (dynamic
// outputs), 2.30 (structuredAttrs apart), 2.32 (version 3, no store directory), 2.33 (version 4, wrapped). Streams:
// one derivation is in memory at a time. Shapes: reference section 6.3; they are told apart member by member.
import { type Fault, fault } from "#base/fault.js";
import { type Attributes, type Derivation, type Output, type OutputKind, structuredFrom } from "./derivation.js";
import { eachMember, type Member } from "./json-members.js";
import { parseJson } from "./json-text.js";
import { type ByteChunks, whereIs } from "./source-text.js";
import { baseName, storeDirOf } from "./store-path.js";

/** Told each derivation and where it stands; returns a fault to stop the reading. */
export type DerivationSink = (derivation: Derivation, where: string) => Fault | undefined;

/** Reads one file. Returns the first fault: a damaged file is not imported in part. */
export async function readDerivationJson(chunks: ByteChunks, file: string, sink: DerivationSink): Promise<Fault | undefined> {
  const keys = new Set<string>();
  return eachMember(chunks, file, "derivations", (member) => {
    const where = `${whereIs(file, member.place)} ${JSON.stringify(member.key)}`;
    if (!member.inner && member.key === "version") return checkVersion(member, file, where);
    const twice = keys.size === keys.add(member.key).size;
    if (twice) return fault("input", where, "found the same derivation a second time in one file", "the file may be damaged");
    const value = parseJson(member.value, file, member.place);
    if (!value.ok) return value.faults[0];
    const derivation = derivationOf(member.key, value.value, where);
    return "code" in derivation ? derivation : sink(derivation, where);
  });
}

function checkVersion(member: Member, file: string, where: string): Fault | undefined {
  const value = parseJson(member.value, file, member.place);
  if (!value.ok) return value.faults[0];
  if (value.value === 3 || value.value === 4) return undefined;
  return fault(
    "input",
    where,
    `found format version ${JSON.stringify(value.value)}, expected 4`,
    "printed by a newer Nix than drvfleet knows",
  );
}

type Json = Readonly<Record<string, unknown>>;

function derivationOf(path: string, value: unknown, where: string): Derivation | Fault {
  if (!isObject(value)) return wrong(where, "", value, "an object: a derivation");
  const inputs = value.inputs ?? { drvs: value.inputDrvs, srcs: value.inputSrcs };
  const [drvsName, srcsName] = value.inputs === undefined ? ["inputDrvs", "inputSrcs"] : ["inputs.drvs", "inputs.srcs"];
  if (!isObject(inputs)) return wrong(where, "inputs", inputs, "an object with srcs and drvs");
  if (typeof value.system !== "string") return wrong(where, "system", value.system, "a string");
  if (typeof value.builder !== "string") return wrong(where, "builder", value.builder, "a string");
  if (!isStrings(inputs.srcs)) return wrong(where, srcsName!, inputs.srcs, "a list of store paths");
  const outputs = outputsOf(value.outputs, where);
  if ("code" in outputs) return outputs;
  const drvs = inputDrvsOf(inputs.drvs, `${where} ${drvsName}`);
  if ("code" in drvs) return drvs;
  const attributes = attributesOf(value, where);
  if ("code" in attributes) return attributes;
  const storeDir = storeDirOf(path) ?? storeDirFrom(value.env, value.outputs);
  return {
    path,
    ...(storeDir !== undefined && { storeDir }),
    outputs: outputs.list,
    inputDrvs: drvs.paths,
    dynamicInputs: drvs.dynamic,
    inputSrcs: inputs.srcs,
    system: value.system,
    builder: value.builder,
    attributes,
  };
}

function outputsOf(value: unknown, where: string): { list: Output[] } | Fault {
  if (!isObject(value)) return wrong(where, "outputs", value, "an object of outputs by name");
  const list: Output[] = [];
  for (const [name, output] of Object.entries(value)) {
    if (!isObject(output)) return wrong(where, `outputs.${name}`, output, "an object");
    list.push({ name, kind: outputKind(output) });
  }
  return { list };
}

function outputKind(output: Json): OutputKind {
  if (output.impure === true) return "impure";
  if (output.hash !== undefined) return "fixed";
  if (output.hashAlgo !== undefined) return "floating";
  return typeof output.path === "string" ? "input-addressed" : "deferred";
}

/** Values are lists of output names (to 2.17, and in the published schema) or {outputs, dynamicOutputs}. */
function inputDrvsOf(value: unknown, where: string): { paths: string[]; dynamic: number } | Fault {
  if (!isObject(value)) return wrong(where, "", value, "an object of derivations by path");
  let dynamic = 0;
  for (const [path, wanted] of Object.entries(value)) {
    const outputs = isObject(wanted) ? wanted.outputs : wanted;
    if (!isStrings(outputs)) return wrong(where, path, wanted, "a list of output names");
    if (isObject(wanted) && isObject(wanted.dynamicOutputs) && Object.keys(wanted.dynamicOutputs).length > 0) dynamic++;
  }
  return { paths: Object.keys(value), dynamic };
}

function attributesOf(value: Json, where: string): Attributes | Fault {
  const { env = {}, structuredAttrs } = value;
  if (!isObject(env)) return wrong(where, "env", env, "an object of strings");
  for (const key of Object.keys(env)) {
    if (typeof env[key] !== "string") return wrong(where, `env.${key}`, env[key], "a string");
  }
  if (structuredAttrs !== undefined && structuredAttrs !== null) {
    if (!isObject(structuredAttrs)) return wrong(where, "structuredAttrs", structuredAttrs, "an object");
    return { form: "structured", values: structuredAttrs };
  }
  return typeof env.__json === "string" ? structuredFrom(env.__json, `${where} env.__json`) : { form: "plain", values: env };
}

/** Newer Nix prints paths without the store directory, but environment values keep it. */
function storeDirFrom(env: unknown, outputs: unknown): string | undefined {
  if (!isObject(env) || !isObject(outputs)) return undefined;
  for (const [name, output] of Object.entries(outputs)) {
    const value = env[name];
    if (typeof value !== "string" || !isObject(output) || typeof output.path !== "string") continue;
    if (baseName(value) === baseName(output.path)) return storeDirOf(value);
  }
  return undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function wrong(where: string, name: string, value: unknown, expected: string): Fault {
  const shown = value === undefined ? "nothing" : JSON.stringify(value);
  const short = shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
  return fault(
    "input",
    name === "" ? where : `${where}.${name}`,
    `found ${short}, expected ${expected}`,
    "is this the output of `nix derivation show -r`?",
  );
}
