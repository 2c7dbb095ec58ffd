// Bytes → text, or the line and column (in bytes) of the first byte that is no UTF-8. Skips a byte order mark.
import { fail, fault, ok, type Result } from "#base/fault.js";

export function decodeText(path: string, bytes: Uint8Array): Result<string> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    const at = firstInvalid(bytes);
    const before = bytes.subarray(0, at);
    let line = 1;
    for (let i = before.indexOf(10); i >= 0; i = before.indexOf(10, i + 1)) line++;
    const column = at - before.lastIndexOf(10);
    const found = `found the byte 0x${bytes[at]!.toString(16).padStart(2, "0")}, expected UTF-8 text`;
    return fail(fault("input", `${path}:${line}:${column}`, found, bytes[0] === 0x1f ? "is it compressed? name it .gz" : ""));
  }
}

/** Index of the first byte that UTF-8 does not allow there: the longest valid beginning, by bisection. */
function firstInvalid(bytes: Uint8Array): number {
  const decodes = (end: number) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodes(middle)) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, bytes.length - 1);
}
