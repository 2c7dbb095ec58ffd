// Warnings on standard error, a few of them whole and the rest counted.

const SHOWN_MAX = 8;

export function notes(warnings: readonly string[]): void {
  for (const warning of warnings.slice(0, SHOWN_MAX)) process.stderr.write(`note: ${warning}\n`);
  if (warnings.length > SHOWN_MAX) process.stderr.write(`note: and ${warnings.length - SHOWN_MAX} more (see --json)\n`);
}
