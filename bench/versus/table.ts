// The measured runs → what a person reads: per configuration the bound, each contender's median with its ratio to the
// bound, how much of stock's excess is gone, and how far the predictions were off. Medians; pure.
import { grid } from "#report/text-grid.js";
import { CONTENDERS, type Contender, type Run } from "./contenders.js";
import type { Foreseen } from "./prediction.js";

export interface Measured {
  readonly name: string;
  readonly foreseen: Foreseen;
  readonly runs: readonly Run[];
}

const COLUMNS = [
  { head: "configuration", width: 23, side: "left" as const },
  ...["bound", "stock", "run", "×", "closed", "hook", "×", "closed"].map((head) => ({
    head,
    width: head === "closed" ? 6 : head === "×" ? 4 : 6,
    side: "right" as const,
  })),
];

export function tableOf(all: readonly Measured[]): string[] {
  return [...grid(COLUMNS, all.map(row), false), "", ...predictions(all), "", ...summary(all)];
}

function row({ name, foreseen: { bound }, runs }: Measured) {
  const [stock, ...ours] = CONTENDERS.map((contender) => wall(runs, contender));
  return {
    style: "plain" as const,
    cells: [
      name,
      bound.toFixed(2),
      stock!.toFixed(2),
      ...ours.flatMap((own) => [own.toFixed(2), (own / bound).toFixed(2), `${Math.round(100 * closed(stock!, own, bound))} %`]),
    ],
  };
}

function predictions(all: readonly Measured[]): string[] {
  const columns = [
    { head: "predicted", width: 16, side: "left" as const },
    ...CONTENDERS.flatMap((contender) => [`${contender}:`, "real", "off"].map((head) => ({ head, width: 6, side: "right" as const }))),
  ];
  return grid(
    columns,
    all.map(({ name, foreseen: { makespan }, runs }) => ({
      style: "plain" as const,
      cells: [
        name.replace(/^.*\//, ""),
        ...CONTENDERS.flatMap((contender) => {
          const actual = median(of(runs, contender).map((run) => run.makespan));
          return [makespan[contender].toFixed(1), actual.toFixed(1), signed(makespan[contender] / actual - 1)];
        }),
      ],
    })),
    false,
  );
}

function summary(all: readonly Measured[]): string[] {
  const excess = (contender: Contender) =>
    median(all.map(({ runs, foreseen: { bound } }) => closed(wall(runs, "stock"), wall(runs, contender), bound)));
  const miss = (contender: Contender) =>
    median(
      all.flatMap(({ runs, foreseen: { makespan } }) => of(runs, contender).map((run) => Math.abs(makespan[contender] / run.makespan - 1))),
    );
  const turn = (contender: Contender) => median(all.flatMap(({ runs }) => of(runs, contender).map((run) => run.turnaround)));
  const [right, pairs] = signs(all);
  return [
    `excess closed    run ${percent(excess("run"))}, hook ${percent(excess("hook"))} (median of configurations)`,
    `slower than stock beyond noise: ${slower(all).join(", ") || "none"}`,
    `prediction off   ${CONTENDERS.map((contender) => `${contender} ${percent(miss(contender))}`).join(", ")} (median of runs)`,
    `signs            ${right} of ${pairs} pairs of contenders that differ by more than their noise`,
    `turnaround       ${CONTENDERS.map((contender) => `${contender} ${Math.round(1000 * turn(contender))} ms`).join(", ")} (median of builds, then runs)`,
  ];
}

/** Pairs of contenders on one configuration whose runs do not overlap: predicted with the right sign, of all. */
function signs(all: readonly Measured[]): [number, number] {
  let right = 0;
  let pairs = 0;
  for (const {
    runs,
    foreseen: { makespan },
  } of all)
    for (const [i, a] of CONTENDERS.entries())
      for (const b of CONTENDERS.slice(i + 1)) {
        const order = apart(of(runs, a), of(runs, b), (run) => run.makespan);
        if (order === 0) continue;
        pairs++;
        if (Math.sign(makespan[a] - makespan[b]) === order) right++;
      }
  return [right, pairs];
}

function slower(all: readonly Measured[]): string[] {
  return all.flatMap(({ name, runs }) =>
    CONTENDERS.slice(1)
      .filter((contender) => apart(of(runs, contender), of(runs, "stock"), (run) => run.wall) > 0)
      .map((contender) => `${name} ${contender}`),
  );
}

/** −1, 1: all of `a` are below, above all of `b`; 0: they overlap. */
function apart(a: readonly Run[], b: readonly Run[], value: (run: Run) => number): number {
  const [x, y] = [a.map(value), b.map(value)];
  if (Math.max(...x) < Math.min(...y)) return -1;
  return Math.min(...x) > Math.max(...y) ? 1 : 0;
}

function closed(stock: number, own: number, bound: number): number {
  return (stock - own) / (stock - bound);
}

function wall(runs: readonly Run[], contender: Contender): number {
  return median(of(runs, contender).map((run) => run.wall));
}

function of(runs: readonly Run[], contender: Contender): Run[] {
  return runs.filter((run) => run.contender === contender);
}

/** Of an even number, the mean of the two in the middle: few configurations, and the upper one would flatter. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function signed(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(0)} %`;
}
