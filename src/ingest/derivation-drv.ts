// A .drv file → the neutral derivation: output kinds from the tuples, the few attributes that matter from the
// environment, bytes to text. The grammar is drv.ts's business, what the attributes mean is derivation.ts's.
import { fail, type Fault, ok, type Result } from "#base/fault.js";
import { ATTRIBUTES, type Attributes, type Derivation, type OutputKind, structuredFrom } from "./derivation.js";
import { type Aterm, bytesText, parseDrv } from "./drv.js";
import { storeDirOf } from "./store-path.js";

/** `path` is the store path of the file, or its base name; `file` is where it was read from, for fault texts. */
export function readDrv(bytes: Uint8Array, path: string, file: string): Result<Derivation> {
  const parsed = parseDrv(bytes, file);
  if (!parsed.ok) return parsed;
  const aterm = parsed.value;
  const attributes = attributesOf(aterm, file);
  if ("code" in attributes) return fail(attributes);
  const storeDir = storeDirOf(aterm.inputDrvs[0]?.path ?? aterm.outputs.find((output) => output.path !== "")?.path ?? "");
  return ok({
    path,
    ...(storeDir !== undefined && { storeDir: bytesText(storeDir) }),
    outputs: aterm.outputs.map((output) => ({ name: bytesText(output.name), kind: kindOf(output) })),
    inputDrvs: aterm.inputDrvs.map((input) => bytesText(input.path)),
    dynamicInputs: aterm.inputDrvs.filter((input) => input.dynamic).length,
    inputSrcs: aterm.inputSrcs.map(bytesText),
    system: bytesText(aterm.system),
    builder: bytesText(aterm.builder),
    attributes,
  });
}

function kindOf({ path, hashAlgo, hash }: Aterm["outputs"][number]): OutputKind {
  if (hash === "impure") return "impure";
  if (hash !== "") return "fixed";
  if (hashAlgo !== "") return "floating";
  return path === "" ? "deferred" : "input-addressed";
}

function attributesOf(aterm: Aterm, file: string): Attributes | Fault {
  const values = Object.fromEntries(aterm.env.filter(([key]) => ATTRIBUTES.has(key)).map(([key, value]) => [key, bytesText(value)]));
  return typeof values.__json === "string" ? structuredFrom(values.__json, `${file} env __json`) : { form: "plain", values };
}
