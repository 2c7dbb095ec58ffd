// Our own bugs. A failed assertion is never the user's fault and never part of a result: it crashes with the
// name of what broke, and the command line turns it into exit code 70. Knows nothing of builds.

export class Bug extends Error {
  override readonly name = "Bug";
}

/** Crashes with `what` when `condition` is false. For what cannot happen unless drvfleet itself is wrong. */
export function assert(condition: boolean, what: string | (() => string)): asserts condition {
  if (!condition) throw new Bug(typeof what === "string" ? what : what());
}

/** Marks a switch arm that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable: ${String(value)}`);
}
