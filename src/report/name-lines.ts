// Names that fit: policy names with all their parameters are longer than any column, so they break after brackets and
// commas; derivation names keep both ends. Control characters of hostile names never reach a terminal or a chart.

/** Without control characters and direction marks. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this removes
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** Breaks after "[", "," or a space into lines of at most `width` characters; a piece too long for a line after "-", or anywhere. */
export function nameLines(name: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(printable(name), width)) {
    if (line !== "" && [...line].length + [...piece.trimEnd()].length > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  lines.push(line.trimEnd());
  return lines;
}

/** At most `width` characters: what does not fit goes from the middle, where names of versions differ least. */
export function shortened(name: string, width: number): string {
  const letters = [...printable(name)];
  if (letters.length <= width) return letters.join("");
  const head = Math.ceil((width - 1) * 0.6);
  return `${letters.slice(0, head).join("")}…${letters.slice(letters.length - (width - 1 - head)).join("")}`;
}

/**
 * Labels for an axis, one per name and all different: at most `most` lines each, joined by "\n". Names that would read
 * the same get #2, #3 … in the order given.
 */
export function axisLabels(names: readonly string[], width: number, most = 3): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const lines = nameLines(name, width);
    const kept = lines.length <= most ? lines : [...lines.slice(0, most - 1), shortened(lines.slice(most - 1).join(""), width)];
    const label = kept.join("\n");
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return times === 1 ? label : `${label} #${times}`;
  });
}

function pieces(name: string, width: number): string[] {
  const cut = (piece: string): string[] => {
    const letters = [...piece];
    return Array.from({ length: Math.ceil(letters.length / width) }, (_, i) => letters.slice(i * width, (i + 1) * width).join(""));
  };
  const after = (text: string, marks: RegExp): string[] => text.match(marks)?.filter((piece) => piece !== "") ?? [];
  const fits = (piece: string): boolean => [...piece.trimEnd()].length <= width;
  return after(name, /[^[, ]*[[, ]?/gu).flatMap((piece) => (fits(piece) ? [piece] : after(piece, /[^-]*-?/gu).flatMap(cut)));
}
