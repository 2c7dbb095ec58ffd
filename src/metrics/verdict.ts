// The result in sentences: who wins, by how much and how sure, how far from the bound, what the rest of the time went to.
// For people, so figures are short; whoever computes reads the ranking instead.
import { duration } from "#base/duration.js";
import type { PairedRatio } from "./paired.js";
import { IDLE_CAUSES, type IdleCause, type Ladder, type Ranked, type Verdict } from "./result.js";

const RUNGS: readonly (readonly [Exclude<keyof Ladder, "bound">, string])[] = [
  ["order", "order and placement (or a loose bound)"],
  ["transfers", "transfers"],
  ["estimates", "wrong estimates"],
  ["conduct", "the engine's conduct"],
];

const CAUSES: Readonly<Record<IdleCause, string>> = {
  down: "hosts were down",
  dispatch: "the client was busy dispatching",
  postponed: "ready builds waited for the poll tick",
  memory: "ready builds did not fit into memory",
  policy: "the policy held ready builds back",
  system: "ready builds were for another system",
  feature: "ready builds needed a feature that was missing",
  mandatory: "ready builds lacked a mandatory feature",
  pinned: "ready builds were pinned elsewhere",
  waiting: "nothing was ready",
  end: "nothing was left to start",
};

/** What a single simulated world leaves open. */
export const ONE_WORLD = "One world, no interval: other worlds may differ.";

/** `ranking` best first; `lead` = first ÷ second, null with one row. */
export function verdictOf(ranking: readonly Ranked[], lead: PairedRatio | null, baseline: string, worlds: number): Verdict {
  const winner = ranking[0]!;
  const second = ranking[1] ?? null;
  const fleets = new Set(ranking.map(({ fleet }) => fleet)).size;
  const nameOf = ({ policy, fleet }: Ranked): string => (fleets > 1 ? `${policy} on ${fleet}` : policy);
  const sentences = [
    winnerSentence(winner, nameOf(winner), baseline, second === null, baselineOf(ranking, winner)),
    ...(second === null || lead === null
      ? []
      : [second.unbuilt > winner.unbuilt ? lessSentence(nameOf(second), second) : leadSentence(nameOf(second), lead)]),
    ...(winner.unbuilt > 0 ? [unbuiltSentence(winner, second !== null)] : []),
    worlds === 1 ? ONE_WORLD : sureSentence(winner, worlds, ranking.length),
    ...(winner.unbuilt > 0 ? [] : [boundSentence(winner)]),
    idleSentence(winner),
    ...(winner.conductMeasured ? [] : [`The figures of its conduct (${winner.conduct}) are assumed, not measured.`]),
  ];
  return {
    winner: winner.policy,
    fleet: winner.fleet,
    runnerUp: second?.policy ?? null,
    insideNoise: (lead?.insideNoise ?? false) && second?.unbuilt === winner.unbuilt,
    sentences,
  };
}

/** The row without a ratio, which the others are held against. */
function baselineOf(ranking: readonly Ranked[], { fleet }: Ranked): Ranked | undefined {
  return ranking.find((row) => row.fleet === fleet && row.ratio === null);
}

function winnerSentence(winner: Ranked, name: string, baseline: string, alone: boolean, against: Ranked | undefined): string {
  const { makespan, ratio } = winner;
  const took = `${name} ${alone ? "finishes after" : "finishes first, after"} ${duration(makespan.mean)}`;
  if (ratio === null) return `${took}.`;
  if (against !== undefined && against.unbuilt > winner.unbuilt) return `${took}; ${baseline} builds less.`;
  return `${took}: ${difference(ratio)} ${ratio.insideNoise ? `against ${baseline}, inside the noise` : `than ${baseline}`}.`;
}

function lessSentence(second: string, { unbuilt, makespan }: Ranked): string {
  return `The next, ${second}, leaves ${countText(unbuilt)} unbuilt, so that its ${duration(makespan.mean)} do not count.`;
}

function unbuiltSentence({ unbuilt }: Ranked, rivals: boolean): string {
  return `${rivals ? "No policy builds everything: even the first" : "It does not build everything: it"} leaves ${countText(unbuilt)} unbuilt, and a makespan ends with the last build.`;
}

function countText(mean: number): string {
  return Number.isInteger(mean) ? `${mean} derivation${mean === 1 ? "" : "s"}` : `${digits(mean)} derivations a world`;
}

function leadSentence(second: string, lead: PairedRatio): string {
  if (lead.mean === 1) return `${second} takes as long.`;
  return lead.insideNoise
    ? `Against the next, ${second}, it is inside the noise: ${difference(lead)}.`
    : `It is ${difference(lead)} than the next, ${second}.`;
}

/** "31 % sooner (29–33 %)". */
function difference({ mean, interval }: PairedRatio): string {
  const sooner = mean <= 1;
  const gain = (ratio: number): number => (sooner ? 1 - ratio : ratio - 1) * 100;
  const text = `${digits(gain(mean))} % ${sooner ? "sooner" : "later"}`;
  if (interval === null) return text;
  const [low, high] = [gain(interval.low), gain(interval.high)].sort((a, b) => a - b).map(digits);
  return low === high ? text : `${text} (${low} to ${high} %)`;
}

function sureSentence({ probabilityBest, worldsWon }: Ranked, worlds: number, rows: number): string {
  if (rows === 1) return `${worlds} worlds.`;
  return `It has the best mean in ${digits(probabilityBest * 100)} % of resamples and finishes first in ${digits(worldsWon * 100)} % of ${worlds} worlds.`;
}

function boundSentence({ boundRatio, ladder, makespan }: Ranked): string {
  const largest = RUNGS.reduce((best, rung) => (ladder[rung[0]] > ladder[best[0]] ? rung : best));
  const start = `No schedule can be faster than ${duration(ladder.bound)}; it takes ${boundRatio.toFixed(2)} times that`;
  if (ladder[largest[0]] <= 0 || makespan.mean <= 0) return `${start}.`;
  return `${start}, and most of the difference is ${largest[1]}: ${digits((ladder[largest[0]] / makespan.mean) * 100)} % of the makespan.`;
}

function idleSentence({ hosts, makespan, utilization }: Ranked): string {
  const slotSeconds = hosts.reduce((sum, { slots }) => sum + slots, 0) * makespan.mean;
  const idle = (cause: IdleCause): number => hosts.reduce((sum, host) => sum + host.idle[cause], 0);
  const most = IDLE_CAUSES.reduce((best, cause) => (idle(cause) > idle(best) ? cause : best));
  const start = `Builders ran in ${digits(utilization * 100)} % of slot time`;
  if (!(idle(most) > 0)) return `${start}.`;
  const awaited = hosts.flatMap(({ waitedFor }) => waitedFor);
  const longest = awaited.reduce((best, one) => (one.seconds > best.seconds ? one : best), { task: "", seconds: 0 });
  const forWhom = most === "waiting" && longest.task !== "" ? `, most of all until ${longest.task} was built` : "";
  return `${start}; slots stood idle mostly because ${CAUSES[most]} (${digits((idle(most) / slotSeconds) * 100)} %)${forWhom}.`;
}

/** Two significant digits, and no fewer than the integer part has. */
function digits(value: number): string {
  const text = Math.abs(value) < 10 ? Number(value.toPrecision(2)).toString() : Math.round(value).toString();
  return text === "-0" ? "0" : text.replace("-", "−");
}
