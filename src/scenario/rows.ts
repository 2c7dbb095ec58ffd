// Edges as rows (CSR): renumbering them and turning them round. A turned table has every row ascending, whatever the
// order was before, and a repeated edge becomes one whose bytes are added up.

export interface Rows {
  /** Row i is ids[start[i] … start[i + 1]). */
  readonly start: Int32Array;
  readonly ids: Int32Array;
  /** Aligned with ids; NaN = none of its own. */
  readonly bytes: Float64Array | null;
}

/** The rows in the order of `order`, with ids by `idOf`; those with −1 are left out. */
export function renumbered(rows: Rows, order: Int32Array, idOf: Int32Array): Rows {
  const start = new Int32Array(order.length + 1);
  const ids = new Int32Array(rows.ids.length);
  const bytes = rows.bytes === null ? null : new Float64Array(rows.ids.length);
  let out = 0;
  for (let row = 0; row < order.length; row++) {
    const from = order[row]!;
    for (let e = rows.start[from]!; e < rows.start[from + 1]!; e++) {
      const id = idOf[rows.ids[e]!]!;
      if (id < 0) continue;
      ids[out] = id;
      if (bytes !== null) bytes[out] = rows.bytes![e]!;
      out++;
    }
    start[row + 1] = out;
  }
  return cut({ start, ids, bytes }, out);
}

/** Row j of the result holds every i whose row holds j, ascending, each once. */
export function turned(rows: Rows): Rows {
  const count = rows.start.length - 1;
  const start = new Int32Array(count + 1);
  for (const id of rows.ids) start[id + 1]!++;
  for (let row = 0; row < count; row++) start[row + 1]! += start[row]!;
  const end = start.slice(0, count);
  const ids = new Int32Array(rows.ids.length);
  const bytes = rows.bytes === null ? null : new Float64Array(rows.ids.length);
  for (let i = 0; i < count; i++) {
    for (let e = rows.start[i]!; e < rows.start[i + 1]!; e++) {
      const row = rows.ids[e]!;
      const last = end[row]! - 1;
      if (last >= start[row]! && ids[last] === i) {
        if (bytes !== null) bytes[last] = addBytes(bytes[last]!, rows.bytes![e]!);
        continue;
      }
      ids[end[row]!] = i;
      if (bytes !== null) bytes[end[row]!] = rows.bytes![e]!;
      end[row]!++;
    }
  }
  return closedUp({ start, ids, bytes }, end);
}

/** Moves the rows together over the places that repeats have left free. */
function closedUp(rows: Rows, end: Int32Array): Rows {
  const { start, ids, bytes } = rows;
  let out = 0;
  for (let row = 0; row < end.length; row++) {
    const from = start[row]!;
    start[row] = out;
    for (let e = from; e < end[row]!; e++, out++) {
      ids[out] = ids[e]!;
      if (bytes !== null) bytes[out] = bytes[e]!;
    }
  }
  start[end.length] = out;
  return cut(rows, out);
}

function cut(rows: Rows, size: number): Rows {
  if (size === rows.ids.length) return rows;
  return { start: rows.start, ids: rows.ids.slice(0, size), bytes: rows.bytes === null ? null : rows.bytes.slice(0, size) };
}

/** NaN = the producer's output, which is there once: beside a number the number stands. */
function addBytes(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : a + b;
}
