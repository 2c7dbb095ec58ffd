// A Nix version, because grammars, formats and scheduling differ by it, and "2.20" is later than "2.8". `2.18.1`,
// `2.35.0pre20260101` and `nix (Nix) 2.8.0` are all read. Knows no behaviour.

export interface NixVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The newest release that was read: whose grammar is used when none is named. */
export const NEWEST_NIX: NixVersion = { major: 2, minor: 35, patch: 2 };

/** Undefined when the text is no version. */
export function nixVersion(text: string): NixVersion | undefined {
  const match = /^(?:nix \(Nix\) )?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:[.\-+\w]*)$/.exec(text.trim());
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
}

/** `than` as "2.34" or "2.35.2". */
export function atLeast({ major, minor, patch }: NixVersion, than: string): boolean {
  const [otherMajor, otherMinor, otherPatch] = than.split(".").map(Number) as [number, number, number?];
  if (major !== otherMajor) return major > otherMajor;
  if (minor !== otherMinor) return minor > otherMinor;
  return patch >= (otherPatch ?? 0);
}
