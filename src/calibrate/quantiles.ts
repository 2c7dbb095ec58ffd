// Quantiles of the distributions that intervals are made of: ends of 95 %, Student's also of 5–95 %. Student's t by Hill's expansion (CACM 13, 1970,
// algorithm 396, leading terms; exact for 1 and 2 degrees), χ² by Wilson and Hilferty 1931, below 10 degrees its lower end by
// any table. Good to 1 % from 1 degree on, the upper end of χ² at 1 degree to 2 %.
import { Z } from "#base/random.js";

/** 95 % quantile of the normal distribution: the upper end of 5–95 %. */
export const Z_95 = 1.644854;

/** The quantile at which a normal one lies at `z`; the 97.5 % one where nothing is said. */
export function studentT(degrees: number, z = Z): number {
  const [exact1, exact2] = EXACT.get(z)!;
  if (degrees <= 1) return exact1;
  if (degrees === 2) return exact2;
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * degrees) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees ** 3)
  );
}

/** With 1 and 2 degrees of freedom. */
const EXACT: ReadonlyMap<number, readonly [number, number]> = new Map([
  [Z, [12.7062, 4.30265]],
  [Z_95, [6.31375, 2.91999]],
]);

/** 2.5 % quantiles of χ² for 1 … 9 degrees. */
const CHI_LOW = [0.000982, 0.05064, 0.2158, 0.4844, 0.8312, 1.2373, 1.6899, 2.1797, 2.7004];

/** 2.5 % and 97.5 % quantiles. */
export function chiSquare(degrees: number): { readonly low: number; readonly high: number } {
  const a = 2 / (9 * degrees);
  const cube = (z: number): number => degrees * (1 - a + z * Math.sqrt(a)) ** 3;
  return { low: CHI_LOW[degrees - 1] ?? cube(-Z), high: cube(Z) };
}
