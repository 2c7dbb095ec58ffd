// A value against its schema: typed, or every mistake as a fault with its place, what was found, what was expected and
// the nearest known name. The only reader of zod's issues; the schemas write what they expect into their messages.
import type { z } from "zod";
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import type { Path, SourceDocument } from "./place.js";
import { IGNORED } from "./shape.js";

/** More faults than this are counted, not told. */
const FAULTS_MAX = 20;

/** Checks the part of the document at `base`; x-… keys are left out at every level. */
export function check<S extends z.ZodType>(
  schema: S,
  document: SourceDocument,
  value = document.value,
  base: Path = [],
): Result<z.output<S>> {
  const clean = withoutIgnored(value);
  const wrong = otherSchema(schema, document, clean, base);
  if (wrong !== null) return fail(wrong);
  const parsed = schema.safeParse(clean);
  if (parsed.success) return ok(parsed.data);
  return fail(...faultsOf(parsed.error.issues, document, clean, base));
}

function faultsOf(issues: readonly z.core.$ZodIssue[], document: SourceDocument, value: unknown, base: Path): Fault[] {
  const faults = issues.flatMap((issue) => explain(issue, document, value, base));
  if (faults.length <= FAULTS_MAX) return faults;
  return [
    ...faults.slice(0, FAULTS_MAX),
    fault("input", document.path, `found ${faults.length - FAULTS_MAX} more mistakes like these, expected none`),
  ];
}

/** The value without keys that begin with `x-`. */
export function withoutIgnored(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutIgnored);
  const clean: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    if (!key.startsWith(IGNORED))
      Object.defineProperty(clean, key, { value: withoutIgnored(part), enumerable: true, configurable: true, writable: true });
  }
  return clean;
}

/** A file of another kind: one fault instead of all that follow from it. */
function otherSchema(schema: z.ZodType, document: SourceDocument, value: unknown, base: Path): Fault | null {
  const expected = literalSchema(schema);
  if (expected === null) return null;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fault("input", document.where(base), `found ${show(value)}, expected an object with schema: ${expected}`);
  }
  const found = (value as { schema?: unknown }).schema;
  if (found === undefined)
    return fault(
      "input",
      document.where(base),
      `found no "schema", expected schema: ${expected}`,
      `is this a ${expected.split(/[./]/)[1]} file?`,
    );
  if (found === expected) return null;
  const hint = typeof found === "string" ? suggest(found, [expected]) : "";
  return fault("input", document.where([...base, "schema"]), `found ${show(found)}, expected ${JSON.stringify(expected)}`, hint);
}

function literalSchema(schema: z.ZodType): string | null {
  const shape = (schema.def as { shape?: Record<string, z.ZodType> }).shape;
  const values = (shape?.schema?.def as { values?: readonly unknown[] } | undefined)?.values;
  return typeof values?.[0] === "string" ? values[0] : null;
}

function explain(issue: z.core.$ZodIssue, document: SourceDocument, value: unknown, base: Path): Fault[] {
  const path = issue.path as Path;
  const found = at(value, path);
  const full = [...base, ...path];
  if (issue.code === "invalid_union") {
    const branch = likeliest(issue.errors);
    if (branch !== null)
      return branch.flatMap((inner) => explain({ ...inner, path: [...issue.path, ...inner.path] }, document, value, base));
    return [
      fault("input", document.where(full), `${foundText(found, path)}, expected ${issue.message}`, hintOf(found, offered(issue.errors))),
    ];
  }
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(" ");
    return issue.keys.map((key) =>
      fault(
        "input",
        document.where([...full, key], "key"),
        `found the unknown key ${JSON.stringify(key)}, expected ${oneOf(known)}`,
        suggest(key, known),
      ),
    );
  }
  const hint = issue.code === "invalid_value" ? hintOf(found, issue.values.map(String)) : "";
  return [
    fault(
      "input",
      document.where(full),
      `${foundText(found, path)}, expected ${issue.message.replace(/^Invalid input: expected /, "")}`,
      hint,
    ),
  ];
}

/** Of a union's branches the one that was meant: of the right type, with the right `schema`, and fewest mistakes inside. */
function likeliest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | null {
  let best: readonly z.core.$ZodIssue[] | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const issues of branches) {
    const other = issues.some((issue) => issue.path.length === 0 && issue.code !== "unrecognized_keys" && !isLimit(issue));
    if (other || mistakesIn(issues) >= least) continue;
    best = issues;
    least = mistakesIn(issues);
  }
  return best;
}

/** As many as would be told: of a part that may be several things, those of what was meant. */
function mistakesIn(issues: readonly z.core.$ZodIssue[]): number {
  const told = issues.map((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.length;
    const meant = issue.code === "invalid_union" ? likeliest(issue.errors) : null;
    return meant === null ? 1 : mistakesIn(meant);
  });
  const otherSchema = issues.some((issue) => issue.path[0] === "schema") ? 2 : 0;
  return told.reduce((sum, mistakes) => sum + mistakes, otherSchema);
}

function isLimit(issue: z.core.$ZodIssue): boolean {
  return issue.code === "too_big" || issue.code === "too_small" || (issue.code === "invalid_union" && likeliest(issue.errors) !== null);
}

function offered(branches: readonly (readonly z.core.$ZodIssue[])[]): string[] {
  return branches.flat().flatMap((issue) => (issue.code === "invalid_value" && issue.path.length === 0 ? issue.values.map(String) : []));
}

function hintOf(found: unknown, known: readonly string[]): string {
  return typeof found === "string" ? suggest(found, known) : "";
}

function foundText(found: unknown, path: Path): string {
  const last = path.at(-1);
  return found === undefined && typeof last === "string" ? `found no ${JSON.stringify(last)}` : `found ${show(found)}`;
}

function oneOf(known: readonly string[]): string {
  return known.length === 1 ? known[0]! : `one of ${known.join(", ")}`;
}

function at(value: unknown, path: Path): unknown {
  let part: unknown = value;
  for (const step of path) {
    if (typeof part !== "object" || part === null) return undefined;
    part = (part as Record<string | number, unknown>)[step];
  }
  return part;
}

export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0 ? "an empty object" : "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
}
