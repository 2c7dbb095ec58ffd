// The vocabulary of the file schemas: strict objects, bounded numbers and quantities with units, each of which says in
// its message what it expects, so that a fault can be written without knowing the schema. Knows no file format.
import * as z from "zod";
import { type Dimension, quantity, unitsOf } from "#base/units.js";

/** Keys with this beginning are ignored everywhere: a place for other tools and for remarks. */
export const IGNORED = "x-";

/** An object without other keys than these; the message of an unknown key is the list of the known ones. */
export function object<S extends z.core.$ZodLooseShape>(shape: S) {
  const known = Object.keys(shape).join(" ");
  return z.strictObject(shape, { error: (issue) => (issue.code === "unrecognized_keys" ? known : "an object") });
}

/** A table by free names, such as hosts or systems. */
export function table<V extends z.ZodType>(what: string, value: V) {
  return z.record(z.string(), value, { error: what });
}

export function text(what: string) {
  return z
    .string({ error: what })
    .min(1, { error: what })
    .max(4096, { error: `${what} of at most 4096 characters` });
}

/** A text on one line, as names must be to stand in tables. */
export function line(what: string) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it forbids
  return text(what).regex(/^[^\u0000-\u001f\u007f]*$/, { error: `${what} without control characters` });
}

/** A whole number in min…max. */
export function count(what: string, min: number, max: number) {
  const error = `${what}: a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A finite number in min…max; `above` excludes the lower end. */
export function amount(what: string, min: number, max: number, above = false) {
  const error = `${what}: a number ${above ? "above" : "from"} ${min} ${above ? "and at most" : "to"} ${max}`;
  const number = z.number({ error }).max(max, { error });
  return above ? number.gt(min, { error }) : number.min(min, { error });
}

const EXAMPLES: Readonly<Record<Dimension, string>> = { bytes: "4 GiB", rate: "100 Mbit/s", seconds: "5 s" };

/** A text with a unit, at most `max` in base units; rates are at least 1 B/s and may be `unlimited`. A bare number is refused: its key does not name the unit. */
export function quantityOf(what: string, dimension: Dimension, max = Number.MAX_VALUE) {
  const shown = unitsOf(dimension).filter((unit) => !/^(KB|Kbit|sec$|m$|us$)/.test(unit));
  const error = `${what} with its unit, such as "${EXAMPLES[dimension]}"${dimension === "rate" ? ", at least 1 B/s" : ""} (units: ${shown.join(" ")})`;
  return z
    .string({ error })
    .refine((written) => within(quantity(written, dimension), dimension, max), { error })
    .meta({ description: error, examples: [EXAMPLES[dimension]] });
}

/** A rate of nothing, or next to it, would never end: a link that is down is an outage. */
function within(value: number | undefined, dimension: Dimension, max: number): boolean {
  if (value === undefined) return false;
  return dimension === "rate" ? value >= 1 : value <= max;
}

export function choice<const T extends readonly [string, ...string[]]>(what: string, values: T) {
  return z.enum(values, { error: `${what}: ${values.join(", ")}` });
}

/** A non-empty list. */
export function list<V extends z.ZodType>(what: string, value: V) {
  return z.array(value, { error: `a list of ${what}` });
}
