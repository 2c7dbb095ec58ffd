// Max-min fairness by its definition, the slow way: raise all rates together in one step after the other, each step as
// far as the first full link allows, and freeze its flows. Judge of src/sim/maxmin.ts.

/** Rates; a flow without links is unlimited. */
export function naiveMaxmin(capacities: readonly number[], routes: readonly (readonly number[])[]): number[] {
  const rates = routes.map((route) => (route.length === 0 ? Number.POSITIVE_INFINITY : 0));
  const frozen = routes.map((route) => route.length === 0);
  while (frozen.some((is) => !is)) {
    const load = (link: number): number => routes.reduce((sum, route, f) => (route.includes(link) ? sum + rates[f]! : sum), 0);
    const growing = (link: number): number => routes.filter((route, f) => !frozen[f] && route.includes(link)).length;
    const steps = capacities.map((capacity, link) =>
      growing(link) > 0 ? (capacity - load(link)) / growing(link) : Number.POSITIVE_INFINITY,
    );
    const step = Math.min(...steps);
    routes.forEach((_, f) => {
      if (!frozen[f]) rates[f]! += step;
    });
    const full = capacities.map((_, link) => steps[link]! <= step * (1 + 1e-9) + 1e-12);
    routes.forEach((route, f) => {
      if (route.some((link) => full[link])) frozen[f] = true;
    });
  }
  return rates;
}
