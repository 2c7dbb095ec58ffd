// Globs over whole derivation names: `*` is any text, `?` one character, nothing else is special. Linear in the text
// for each star: a pattern from a command line must not be able to hang the program.

export function matches(glob: string, text: string): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (glob[g] === "*") {
      star = g++;
      resume = t;
    } else if (g < glob.length && (glob[g] === "?" || glob[g] === text[t])) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++resume;
    } else return false;
  }
  while (glob[g] === "*") g++;
  return g === glob.length;
}

export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** A glob matches the whole name, or the whole key. */
export function matchesNode(glob: string, name: string, key: string): boolean {
  return matches(glob, name) || (key !== name && matches(glob, key));
}
