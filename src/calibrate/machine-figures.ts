// A machine that hosts share, by the processor time that is counted of builds there: how fast its processors are, how that differs
// from run to run and from build to build, and how unevenly builds share a host that has too little for them.
// Source of the last: three endless loops under a quota of 0.6 had 0.47, 0.07 and 0.07 of a processor for 16 s on end.
// Blind: builds that sleep, fetch or are emulated, but for how they share.
import { ln } from "#base/random.js";
import { COORDINATOR } from "#base/units.js";
import { processorShare } from "#model/hosts.js";
import { type Kind, kindOf, whyNot, workOf } from "./build-work.js";
import { betweenRuns, byRun, deviation, logsOf, mean, middle, overRuns, type Sample, withinRuns } from "./cluster.js";
import { type Estimate, mapped, unknown } from "./estimate.js";
import { perWork, type Work } from "./own-start.js";
import { type RecordedRun, type Row, rowsByHost, took } from "./recorded-run.js";
import { type EvenShare, evenShares } from "./shares.js";

export interface MachineFigures {
  readonly speed: Estimate;
  /** From one run to the next. */
  readonly speedCv: Estimate;
  /** From one build to the next. */
  readonly workCv: Estimate;
  readonly shareCv: Estimate;
  /** Of the client's hooks beside builds. */
  readonly contention: Estimate;
}

/** Builds tell how they share where they want so many times what there is, on average over their time; those that want no more share with nobody. */
const CROWDED = 1.5;
const ALONE = 1.05;
/** Seconds: of a shorter build, what Nix does beside it says more than who shares with it. */
const LASTS = 1;

/** How long they should have worked does not matter here. */
const SHARE: ReadonlySet<Kind> = new Set<Kind>(["works", "is emulated", "is guessed"]);

/** By name of a machine. `contention`: as hooks tell it, of the machine that the client is on. */
export function machineFigures(runs: readonly RecordedRun[], contention: Estimate): ReadonlyMap<string, MachineFigures> {
  const names = [...new Set(runs.flatMap(({ problem }) => problem.hosts.machines?.names ?? []))];
  const isClients = (name: string): boolean => runs.some((run) => isOn(run, COORDINATOR, name));
  return new Map(
    names.map((name) => [name, { ...figuresOf(runs, name), contention: isClients(name) ? contention : unknown("no client is on it") }]),
  );
}

function figuresOf(runs: readonly RecordedRun[], name: string): Omit<MachineFigures, "contention"> {
  const kinds = new Set<Kind>();
  const works: Work[] = [];
  const parts: Part[] = [];
  for (const [index, run] of runs.entries()) {
    for (const rows of rowsByHost(run)) {
      if (!isOn(run, rows[0]!.host, name)) continue;
      for (const row of rows) {
        const kind = kindOf(run, row);
        kinds.add(kind);
        if (kind === "works" && row.built && row.coreSeconds > 0)
          works.push({ run: index, work: workOf(run, row), seconds: row.coreSeconds });
      }
      parts.push(...partsOf(run, rows).map((part) => ({ run: index, ...part })));
    }
  }
  const slowness = perWork(works);
  const why = whyNot(kinds, "no trace counts the processor time of its builds");
  const speed = mapped(overRuns(slowness, why, 0), (seconds) => 1 / seconds);
  const isKnown = speed.kind === "known";
  return {
    speed,
    speedCv: isKnown ? betweenRuns(byRun(slowness).map((values, run) => ({ run, value: middle(values) }))) : speed,
    workCv: isKnown ? withinRuns(logsOf(slowness), 0, "too few builds in a run show how builds differ") : speed,
    shareCv: parts.length === 0 && !isKnown ? speed : shareCv(parts),
  };
}

function isOn({ problem }: RecordedRun, host: number, name: string): boolean {
  const { machines } = problem.hosts;
  return machines !== null && machines.names[machines.on[host]!] === name;
}

interface Part extends Sample, Pick<EvenShare, "crowd" | "sway"> {}

/** `value`: the logarithm of what a build of the host had against an even share. */
function partsOf(run: RecordedRun, rows: readonly Row[]): Omit<Part, "run">[] {
  const even = evenShares(run, rows);
  const share = processorShare(run.problem.hosts, rows[0]!.host);
  return rows.flatMap((row, i) => {
    const { coreSeconds, crowd, sway } = even[i]!;
    const part = row.coreSeconds / (coreSeconds * share);
    const tells = row.built && part > 0 && SHARE.has(kindOf(run, row)) && took(row, "started", "built") >= LASTS;
    return tells ? [{ value: ln(part), crowd, sway }] : [];
  });
}

/**
 * What Nix does beside builds makes all parts smaller, which their middle takes away, and differ, about as much as those of builds that
 * share with nobody.
 */
function shareCv(parts: readonly Part[]): Estimate {
  const crowded = parts.filter(({ crowd }) => crowd >= CROWDED);
  const usual = new Map(crowded.map(({ run }) => [run, middle(crowded.flatMap((part) => (part.run === run ? [part.value] : [])))]));
  const why = `too few builds of ${LASTS} s or more shared a host that had too little for them`;
  if (crowded.length === 0) return unknown(why);
  const alone = parts.filter(({ crowd }) => crowd <= ALONE).map(({ value }) => value);
  const less = alone.length > 1 ? deviation(alone) ** 2 * mean(crowded.map(({ sway }) => 1 / (sway * sway))) : 0;
  return withinRuns(
    crowded.map(({ run, value, sway }) => ({ run, value: (value - usual.get(run)!) / sway })),
    less,
    why,
  );
}
