// A Nix version, because grammars, formats and scheduling differ by it, and "2.20" is later than "2.8". `2.18.1`,
// `2.35.0pre20260101` and what `nix --version` prints, of its forks too, are all read. Knows no behaviour.

export interface NixVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The newest release that was read: whose grammar is used when none is named. */
export const NEWEST_NIX: NixVersion = { major: 2, minor: 35, patch: 2 };

/** Lix counts on from 2.90. It left Nix at 2.18, whose rules it is taken to have kept: an assumption. */
const LIX_MINOR = 90;
const LIX: NixVersion = { major: 2, minor: 18, patch: 0 };

/** Undefined when the text is no version. */
export function nixVersion(text: string): NixVersion | undefined {
  const match = /^(?:nix \([^)]*\) )?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:[.\-+\w]*)$/.exec(text.trim());
  if (match === null) return undefined;
  const [major, minor, patch] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number];
  return major === 2 && minor >= LIX_MINOR ? LIX : { major, minor, patch };
}

/** `than` as "2.34" or "2.35.2". */
export function atLeast({ major, minor, patch }: NixVersion, than: string): boolean {
  const [otherMajor, otherMinor, otherPatch] = than.split(".").map(Number) as [number, number, number?];
  if (major !== otherMajor) return major > otherMajor;
  if (minor !== otherMinor) return minor > otherMinor;
  return patch >= (otherPatch ?? 0);
}
