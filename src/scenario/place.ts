// A part of a file and where it was written: what readers hand to whoever finds a mistake in it. Knows no syntax.
import { type Fault, fault } from "#base/fault.js";

export type Path = readonly (string | number)[];

export interface SourceDocument {
  readonly path: string;
  readonly value: unknown;
  /** `FILE:LINE:COL path.to[3]`: where a value, or the key that names it, was written. */
  where(path: Path, of?: "key" | "value"): string;
}

export const DEPTH_MAX = 200;

export function nestingFault(where: string): Fault {
  return fault("input", where, `found nesting deeper than ${DEPTH_MAX}, expected at most ${DEPTH_MAX} levels`);
}

/** `a.b[3].c` */
export function showPath(path: Path): string {
  return path
    .map((step, i) =>
      typeof step === "number" ? `[${step}]` : /^[\w-]+$/.test(step) ? `${i > 0 ? "." : ""}${step}` : `[${JSON.stringify(step)}]`,
    )
    .join("");
}
