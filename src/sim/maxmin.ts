// Max-min fair rates: all flows grow together; when a link is full its flows stop growing, the others go on.
// Assumes: fluid flows, full-duplex links. Ignores: TCP's round-trip unfairness, slow start, packets.
// Source: Bertsekas and Gallager, Data Networks, 6.5.2 (progressive filling). Pure; `flows FILE` shows it by itself.

/**
 * Rates of flows over links with these capacities (any unit per time). `routes[f]` are the links of flow f, each at
 * most once; a flow without links is unlimited (Infinity).
 */
export function maxminRates(capacities: ArrayLike<number>, routes: readonly (readonly number[])[]): Float64Array {
  const rates = new Float64Array(routes.length).fill(-1);
  const left = Float64Array.from(capacities);
  const users = new Int32Array(capacities.length);
  let open = 0;
  routes.forEach((route, f) => {
    const finite = route.some((link) => Number.isFinite(capacities[link]!));
    if (!finite) {
      rates[f] = Number.POSITIVE_INFINITY;
      return;
    }
    open++;
    for (const link of route) users[link]!++;
  });
  while (open > 0) {
    let level = Number.POSITIVE_INFINITY;
    for (let link = 0; link < left.length; link++) {
      if (users[link]! > 0) level = Math.min(level, left[link]! / users[link]!);
    }
    const tight = level * (1 + 1e-12);
    const full = Array.from(left, (room, link) => users[link]! > 0 && room / users[link]! <= tight);
    routes.forEach((route, f) => {
      if (rates[f]! >= 0 || !route.some((link) => full[link]!)) return;
      rates[f] = level;
      open--;
      for (const link of route) {
        users[link]!--;
        left[link] = Math.max(0, left[link]! - level);
      }
    });
  }
  return rates;
}
