// One figure of a model file: its value, and how far its 95 % interval says that it may be off.
import { ln, variationOf, Z } from "#base/random.js";
import { quantity } from "#base/units.js";
import type { Quantity } from "#model/fleet-file.js";
import type { FigureFile } from "#model/model-file.js";

export function ofFigure<V extends Quantity>(figure: FigureFile<V>): V {
  return typeof figure === "object" ? figure.value : figure;
}

/** Coefficient of variation of a log-normal figure of that interval; one down to nothing counts by its upper end. */
export function cvOf(figure: FigureFile<Quantity>): number {
  if (typeof figure !== "object" || figure.low === undefined || figure.high === undefined) return 0;
  const [value, low, high] = [figure.value, figure.low, figure.high].map(amountOf) as [number, number, number];
  const sigma = high > value ? (low > 0 ? ln(high / low) / 2 : ln(high / value)) / Z : 0;
  return variationOf(sigma ** 2);
}

/** In base units. */
export function amountOf(text: Quantity): number {
  return typeof text === "number" ? text : (quantity(text, "seconds") ?? quantity(text, "rate") ?? Number.NaN);
}
