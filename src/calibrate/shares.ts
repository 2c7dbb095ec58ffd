// What builds would have had of their host's cores, had all that ran there at an instant shared them alike, nobody above what it can
// use (sim/water-fill is the twin); and how much it would show had they not.
// Assumes: nothing else wants the cores. Blind: what Nix does beside builds, which takes from all of them.
import { capOf } from "./build-work.js";
import type { RecordedRun, Row } from "./recorded-run.js";

export interface EvenShare {
  /** Of the host; NaN where its start and end are not seen. */
  readonly coreSeconds: number;
  /** Cores that the builds there could have used over those that there are, on average over its time. */
  readonly crowd: number;
  /**
   * Standard deviation of the logarithm of what it has, for weights whose logarithms have 1. While n share, its own weight changes its
   * part by 1 − 1/n, each other's by −1/n; of others that come and go each weighs by the time that it stays.
   */
  readonly sway: number;
}

/** `rows`: those of one host, in whose order the shares come. */
export function evenShares(run: RecordedRun, rows: readonly Row[]): readonly EvenShare[] {
  const [from, to] = [rows.map((row) => row.at("started")), rows.map((row) => row.at("built"))];
  const caps = rows.map((row) => capOf(run, row));
  const capacity = rows.length === 0 ? 0 : run.problem.hosts.cores[rows[0]!.host]!;
  const seen = rows.flatMap((_, i) => (to[i]! >= from[i]! ? [i] : []));
  const cuts = [...new Set(seen.flatMap((i) => [from[i]!, to[i]!]))].sort((a, b) => a - b);
  const got = rows.map((_, i) => (to[i]! >= from[i]! ? 0 : Number.NaN));
  const wanted = rows.map(() => 0);
  /** By build, how many core-seconds more it has for a little more weight: of its own, of each other's. */
  const pulls = rows.map(() => new Map<number, number>());
  for (let c = 1; c < cuts.length; c++) {
    const seconds = cuts[c]! - cuts[c - 1]!;
    const here = seen.filter((i) => from[i]! < cuts[c]! && to[i]! > cuts[c - 1]!);
    const all = here.reduce((sum, i) => sum + caps[i]!, 0);
    for (const i of here) {
      const share = shareOf(
        caps[i]!,
        here.flatMap((j) => (j === i ? [] : [caps[j]!])),
        capacity,
      );
      got[i]! += seconds * share;
      wanted[i]! += seconds * all;
      if (share >= caps[i]!) continue;
      for (const j of here) pulls[i]!.set(j, (pulls[i]!.get(j) ?? 0) + seconds * share * ((i === j ? 1 : 0) - 1 / here.length));
    }
  }
  return rows.map((_, i) => ({
    coreSeconds: got[i]!,
    crowd: wanted[i]! / (capacity * (to[i]! - from[i]!)),
    sway: Math.sqrt([...pulls[i]!.values()].reduce((sum, pull) => sum + pull * pull, 0)) / got[i]!,
  }));
}

/** Of a capacity that is split evenly, nobody above his cap. */
function shareOf(own: number, others: readonly number[], capacity: number): number {
  let left = capacity;
  let open = others.length + 1;
  for (const cap of [...others, own].sort((a, b) => a - b)) {
    if (cap * open > left) return Math.min(own, left / open);
    left -= cap;
    open--;
  }
  return own;
}
