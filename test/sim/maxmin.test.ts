// Max-min fairness against its definition and against published cases, to their digits.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flowEnds } from "#sim/flows.js";
import { maxminRates } from "#sim/maxmin.js";
import { naiveMaxmin } from "../reference/maxmin.js";

interface Case {
  readonly name: string;
  readonly source: string;
  readonly links: readonly { readonly bw: number; readonly lat?: number; readonly fat?: boolean }[];
  readonly flows: readonly { readonly route: readonly number[]; readonly bytes: number; readonly start?: number }[];
  readonly finish: readonly number[];
}

const CASES = JSON.parse(readFileSync(new URL("../fixtures/flows.json", import.meta.url), "utf8")) as Case[];

describe("published cases", () => {
  it.each(CASES)("$name", ({ links, flows, finish }) => {
    const ends = flowEnds(
      links.map(({ bw, lat = 0, fat = false }) => ({ bandwidth: bw, latency: lat, fat })),
      flows.map(({ route, bytes, start = 0 }) => ({ route, bytes, start })),
    );
    for (const [f, published] of finish.entries()) expect(Math.abs(ends[f]! - published)).toBeLessThanOrEqual(1e-12 * published);
  });
});

describe("max-min rates", () => {
  const network = fc.integer({ min: 1, max: 6 }).chain((links) =>
    fc.record({
      capacities: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: links, maxLength: links }),
      routes: fc.array(fc.uniqueArray(fc.nat(links - 1), { maxLength: links }), { maxLength: 10 }),
    }),
  );

  it("are those of the definition", () => {
    fc.assert(
      fc.property(network, ({ capacities, routes }) => {
        const expected = naiveMaxmin(capacities, routes);
        for (const [f, rate] of maxminRates(capacities, routes).entries()) {
          if (expected[f] === Number.POSITIVE_INFINITY) expect(rate).toBe(expected[f]);
          else expect(Math.abs(rate - expected[f]!)).toBeLessThan(1e-9 * expected[f]!);
        }
      }),
      { seed: 11, numRuns: 400 },
    );
  });

  it("leave nobody who could have more without taking it from a poorer one", () => {
    fc.assert(
      fc.property(network, ({ capacities, routes }) => {
        const rates = maxminRates(capacities, routes);
        const load = capacities.map((_, link) => routes.reduce((sum, route, f) => (route.includes(link) ? sum + rates[f]! : sum), 0));
        for (const [link, capacity] of capacities.entries()) expect(load[link]).toBeLessThanOrEqual(capacity * (1 + 1e-9));
        for (const [f, route] of routes.entries()) {
          if (route.length === 0) continue;
          const bottleneck = route.some(
            (link) =>
              load[link]! >= capacities[link]! * (1 - 1e-9) &&
              routes.every((other, g) => !other.includes(link) || rates[g]! <= rates[f]! * (1 + 1e-9)),
          );
          expect(bottleneck).toBe(true);
        }
      }),
      { seed: 12, numRuns: 400 },
    );
  });
});
