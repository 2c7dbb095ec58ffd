// When each stage of a logged build came to pass: the lines show latest instants, some of them long after the fact; a
// stage cannot lie before the one that it follows, which narrows most of them down. A build whose machine had every
// input began when it was accepted. For traces, which want instants, and histories, which want durations.
import type { LoggedBuild, LoggedRun, Seen } from "./logged-build.js";

/** From its earliest to its latest possible instant, µs. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Stages {
  readonly uploadFrom?: Span;
  readonly uploaded?: Span;
  readonly started?: Span;
  readonly built?: Span;
  readonly returned?: Span;
}

/** `run`: the build's own, since its others may have held up this one's upload. */
export function stagesOf(build: LoggedBuild, { builds: others, blur }: Pick<LoggedRun, "builds" | "blur">): Stages {
  let earliest = build.accepted;
  const after = (seen: Seen | undefined): Span | undefined => {
    if (seen === undefined) return undefined;
    earliest = Math.min(Math.max(earliest, seen.at - seen.lateBy), seen.at);
    return { from: earliest, to: seen.at + blur };
  };
  const isAtOnce = build.pathsIn === 0 && !others.some((other) => holdsUp(other, build));
  const atOnce = isAtOnce ? { from: build.accepted, to: build.accepted + blur } : undefined;
  const uploadFrom = atOnce ?? after(build.copyFrom);
  const uploaded = atOnce ?? after(build.uploaded);
  const started = after(build.started) ?? uploaded;
  const built = after(build.built);
  const returned = after(build.returned);
  return {
    ...(uploadFrom !== undefined && { uploadFrom }),
    ...(uploaded !== undefined && { uploaded }),
    ...(started !== undefined && { started }),
    ...(built !== undefined && { built }),
    ...(returned !== undefined && { returned }),
  };
}

/** Another build's upload to the same machine may have held the lock when this one was accepted. */
function holdsUp(other: LoggedBuild, build: LoggedBuild): boolean {
  return (
    other !== build &&
    other.machine === build.machine &&
    other.pathsIn !== 0 &&
    other.accepted <= build.accepted &&
    (other.uploaded?.at ?? other.noticed ?? Number.POSITIVE_INFINITY) > build.accepted
  );
}
