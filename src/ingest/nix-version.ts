// A Nix version as far as formats and grammars depend on it: major and minor. `2.18.1`, `2.35.0pre20260101` and
// `nix (Nix) 2.8.0` are all read.

export interface NixVersion {
  readonly major: number;
  readonly minor: number;
}

/** Whose grammar is used when none is named: the newest release that was read. */
export const NEWEST_NIX: NixVersion = { major: 2, minor: 35 };

export function parseNixVersion(text: string): NixVersion | undefined {
  const match = /^(?:nix \(Nix\) )?(\d{1,3})\.(\d{1,3})(?:[.\-+\w]*)$/.exec(text.trim());
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

export function atLeast(version: NixVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
