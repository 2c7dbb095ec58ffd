// Capped sharing: a capacity is split evenly, or by weights, nobody above his cap, what one leaves goes to the others.
// The one rule behind shared CPU and fair network. Pure. Judge: test/reference/share.ts.

/** Room for floating sums: caps that fill a capacity but for rounding fit. */
export const SLACK = 1 + 1e-12;

/** Writes each member's share; caps[0 … count) and shares in the same unit as capacity. `weights`: null = all alike. */
export function waterFill(
  caps: ArrayLike<number>,
  weights: ArrayLike<number> | null,
  count: number,
  capacity: number,
  shares: Float64Array,
): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += caps[i]!;
  if (sum <= capacity * SLACK) {
    for (let i = 0; i < count; i++) shares[i] = caps[i]!;
    return;
  }
  for (let i = 0; i < count; i++) shares[i] = -1;
  let left = capacity;
  let open = count;
  for (let moved = true; moved; ) {
    moved = false;
    const level = left / openWeight(weights, count, shares, open);
    for (let i = 0; i < count; i++) {
      if (shares[i]! >= 0 || caps[i]! > level * weightOf(weights, i)) continue;
      shares[i] = caps[i]!;
      left -= caps[i]!;
      open--;
      moved = true;
    }
    if (open === 0) return;
  }
  const level = left / openWeight(weights, count, shares, open);
  for (let i = 0; i < count; i++) if (shares[i]! < 0) shares[i] = level * weightOf(weights, i);
}

function weightOf(weights: ArrayLike<number> | null, i: number): number {
  return weights === null ? 1 : weights[i]!;
}

/** Of those that have no share yet. */
function openWeight(weights: ArrayLike<number> | null, count: number, shares: Float64Array, open: number): number {
  if (weights === null) return open;
  let sum = 0;
  for (let i = 0; i < count; i++) if (shares[i]! < 0) sum += weights[i]!;
  return sum;
}
