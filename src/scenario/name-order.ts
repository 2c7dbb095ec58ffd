// Ids sorted by name bytes, then key: the last tie-break of the whole program, for a million names. The first fourteen
// characters are packed into two numbers, so that most comparisons touch no string. Judge: compareText (base/order).
import { compareText } from "#base/order.js";

const PACKED = 7;

/** Sorts `ids` in place and returns it. */
export function sortByName(ids: Int32Array, names: readonly string[], keys: readonly string[]): Int32Array {
  const head = new Float64Array(names.length);
  const next = new Float64Array(names.length);
  for (const id of ids) {
    const name = names[id]!;
    head[id] = packed(name, 0);
    next[id] = isPlain(name, PACKED) ? packed(name, PACKED) : 0;
  }
  return ids.sort(
    (a, b) => head[a]! - head[b]! || next[a]! - next[b]! || compareText(names[a]!, names[b]!) || compareText(keys[a]!, keys[b]!),
  );
}

/** Seven characters as one integer; from the first beyond ASCII on, all count as equal and the text decides. */
function packed(name: string, from: number): number {
  let number = 0;
  let plain = true;
  for (let i = from; i < from + PACKED; i++) {
    const unit = i < name.length && plain ? name.charCodeAt(i) : 0;
    number = number * 128 + Math.min(unit, 127);
    if (unit >= 127) plain = false;
  }
  return number;
}

function isPlain(name: string, length: number): boolean {
  for (let i = 0; i < length && i < name.length; i++) if (name.charCodeAt(i) >= 127) return false;
  return true;
}
