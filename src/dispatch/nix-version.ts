// A Nix version as a number pair, because "2.20" is later than "2.8". Knows no behaviour.

export type NixVersion = readonly [major: number, minor: number, patch: number];

/** "2.8", "2.35.2" → a version; undefined when the text is none. */
export function nixVersion(text: string): NixVersion | undefined {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

export function atLeast(version: NixVersion, than: string): boolean {
  const other = nixVersion(than)!;
  for (let i = 0; i < 3; i++) if (version[i] !== other[i]) return version[i]! > other[i]!;
  return true;
}
