// The load of one run on the client's machine: a factor on connects and on everything that the client does itself, drawn
// once per world, so that every policy meets it alike. Work on builders and bytes on links do not know it.
// Source: 33 recorded runs; hook starts and connects of a run are slow together.
import { drawFactor } from "#base/random.js";
import type { Conduct } from "#dispatch/conduct.js";

export interface Loaded {
  readonly conduct: Conduct;
  /** On every connect. */
  readonly factor: number;
}

export function underLoad(conduct: Conduct, seed: number): Loaded {
  const { timing } = conduct;
  const factor = drawFactor(seed, "load", "", timing.loadCv);
  const loaded = {
    ...timing,
    hookSeconds: timing.hookSeconds * factor,
    acceptSeconds: timing.acceptSeconds * factor,
    refuseSeconds: timing.refuseSeconds * factor,
    startSeconds: timing.startSeconds * factor,
    returnSeconds: timing.returnSeconds * factor,
    noticeSeconds: timing.noticeSeconds * factor,
  };
  return { conduct: { ...conduct, timing: loaded }, factor };
}
