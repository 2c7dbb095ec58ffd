// Drawn graphs through real Nix and through the simulator with the costs that the real run had: who was accepted in which
// order, where, and who waited for the tick must be what some simulated world did too. What differs is shrunk and printed.
//   npm run fuzz                                       the graphs of CI
//   FUZZ_GRAPHS=200 FUZZ_SEED=7 npm run fuzz           more of them
//   FUZZ_ROOT=/path/of/a/debian/tree npm run fuzz      the Nix in there (debootstrap, with nix-bin)
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FuzzCase, fuzzCases } from "./fuzz/case.js";
import { observed, signature } from "./fuzz/outcome.js";
import { realNix } from "./fuzz/real-nix.js";
import { simulated } from "./fuzz/simulated.js";
import { lacks, missing } from "./needs.js";

const ROOT = process.env.FUZZ_ROOT ?? "";
const GRAPHS = Number(process.env.FUZZ_GRAPHS ?? 3);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const WORLDS = 200;
/** A run that nobody foresaw is run again: one that other work disturbed will not be so twice. */
const TRIES = 3;
const MINUTES = 10;

const skip = lacks("nix-store") || missing("root", process.getuid?.() !== 0);

function version(): string {
  const inside = `mount -t proc proc ${ROOT}/proc && chroot ${ROOT} nix-store --version`;
  const command = ROOT === "" ? "nix-store --version" : inside;
  return /(\d+(?:\.\d+)+)\s*$/.exec(spawnSync("unshare", ["--mount", "sh", "-c", command], { encoding: "utf8" }).stdout)![1]!;
}

/** Null when a simulated world did the same; else both, in words. */
async function difference(one: FuzzCase, nix: string): Promise<string | null> {
  const tried: string[] = [];
  for (let i = 0; i < TRIES; i++) {
    const real = await observed(one, await realNix(one, ROOT));
    const worlds = simulated(one, nix, real, WORLDS).map(signature);
    if (worlds.some((world) => isSame(signature(real), world, stops(one)))) return null;
    tried.push(`real ${signature(real)}\nsim  ${mostFrequent(worlds)}\nhook ${real.hook.toFixed(3)} s, builder ${real.start.toFixed(3)} s`);
  }
  return `Nix ${nix}: in none of ${WORLDS} worlds, ${TRIES} times\n${tried.join("\n")}\n${JSON.stringify(one)}`;
}

/** Without --keep-going a failure takes some waves up to what was asked for, in which Nix may ask on; a simulated client stops at once. */
function isSame(real: string, world: string, stops: boolean): boolean {
  return real === world || (stops && real.startsWith(`${world} `));
}

function stops({ nodes, keepGoing }: FuzzCase): boolean {
  return !keepGoing && nodes.some(({ fails }) => fails);
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

describe.skipIf(skip)("drawn graphs", () => {
  it(`${GRAPHS} from seed ${SEED} do in real Nix what they do in the simulator`, { timeout: GRAPHS * MINUTES * 60_000 }, async () => {
    const nix = version();
    const whole = fc.asyncProperty(fuzzCases, async (one) => {
      expect(await difference(one, nix)).toBeNull();
    });
    await fc.assert(whole, { seed: SEED, numRuns: GRAPHS, verbose: 1 });
  });
});
