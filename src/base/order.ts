// The one order of texts in the whole program: by bytes of their UTF-8, as Nix sorts. JavaScript compares UTF-16
// units, which differs only where a surrogate meets U+E000–U+FFFF; locale order is never used (Node versions differ).

/** Negative, zero or positive, for sort. */
export function compareText(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return lift(x) - lift(y);
  }
  return a.length - b.length;
}

/** Puts surrogates (code points above U+FFFF) after every other unit. */
function lift(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
