// How long the hook takes to start, and what a refused ask costs: from the accept of a build to the next ask, where the
// next build was ready and waiting, so that nothing else can lie between.
// Source of the rule: Nix's loop as in sim/asking.ts: a question waits for a hook after every accept.
import { COORDINATOR } from "#base/units.js";
import { ASK_CORES } from "#model/hosts.js";
import { isBesideOthers } from "./beside.js";
import { logsOf, middle, overRuns, type Sample, withinRuns } from "./cluster.js";
import { type Estimate, unknown } from "./estimate.js";
import { lineThrough } from "./line.js";
import { isRemote, isSerial, type RecordedRun, type Row, rowsByClient, rowsOf } from "./recorded-run.js";
import { clientStretch, crowdAt, isOnMachine } from "./shared-machine.js";
import { alone, starts } from "./side-by-side.js";

export interface Hooks {
  readonly hook: Estimate;
  readonly hookCv: Estimate;
  readonly refuse: Estimate;
  /** How many times longer a hook takes where builds want all processors of the client's machine. */
  readonly contention: Estimate;
}

/** Two remote asks in a row where the later build was ready before the earlier was accepted, refused ones between them. */
interface Gap {
  readonly run: number;
  readonly seconds: number;
  readonly refused: number;
  /** Something else on the machine went on meanwhile. */
  readonly beside: boolean;
  /** Share of the machine's processors that builds wanted when it began. */
  readonly crowd: number;
}

/** A gap longer than so many usual ones held something else: a host that did not answer. */
const OUTLYING = 5;
/** A postponed build is asked again within this time of the end of its span, seconds. */
const ASKED_AGAIN = 0.5;

/** `wander`: variance of the load within a run, in logarithms, which hooks share. */
export function hooks(runs: readonly RecordedRun[], wander: number): Hooks {
  const serial = runs.filter(isSerial);
  const seen = runs.flatMap((run, i) => (serial.includes(run) ? rowsByClient(run).flatMap((rows) => gapsOf(rows, run, i)) : []));
  const calm = seen.filter(({ beside }) => !beside);
  const all = calm.length > 0 ? calm : seen;
  const free = all.filter(({ refused }) => refused === 0);
  const usual = free.length === 0 ? 0 : middle(free.map(({ seconds }) => seconds));
  const likely = all.filter(({ seconds, refused }) => refused > 0 || seconds <= OUTLYING * usual);
  const contention = contentionOf(likely.filter(({ refused }) => refused === 0));
  const gaps = besidesBuilds(likely, contention);
  const samples = gaps.filter(({ refused }) => refused === 0).map(({ run, seconds }): Sample => ({ run, value: seconds }));
  const none = serial.length > 0 ? "no build was ready and waiting when the one before it was accepted" : "asks do not wait for each other";
  return {
    hook: overRuns(samples, none, runs[0]!.conduct.timing.loadCv),
    hookCv: withinRuns(logsOf(samples), wander, "too few hooks in a run to see them vary"),
    refuse: refuseOf(gaps),
    contention,
  };
}

/** Share of the client's machine that builds wanted when the hook began, but for the one that had just been accepted. */
function crowdOf(run: RecordedRun, rows: readonly Row[], accepted: Row, at: number): number {
  if (!isOnMachine(run, COORDINATOR)) return 0;
  const others = rows.filter(({ task }) => task !== accepted.task);
  return crowdAt(run, others, run.problem.hosts.machines!.on[COORDINATOR]!, at);
}

function contentionOf(gaps: readonly Gap[]): Estimate {
  const line = lineThrough(gaps.map(({ crowd, seconds }) => ({ x: crowd, y: seconds })));
  if (line === null || gaps.every(({ crowd }) => crowd === 0))
    return unknown("no hook started beside builds on the client's machine, and others beside none");
  const { slope, low, high, intercept } = line;
  if (!(low > 0) || !(intercept > 0)) return unknown("hooks beside builds on the client's machine took no longer than others");
  const runs = new Set(gaps.map(({ run }) => run)).size;
  return {
    kind: "known",
    value: slope / intercept,
    interval: { low: low / intercept, high: high / intercept },
    observations: gaps.length,
    runs,
  };
}

/** As they would have been beside no builds; where nobody knows that, those beside none if there are any. */
function besidesBuilds(gaps: readonly Gap[], contention: Estimate): readonly Gap[] {
  if (contention.kind === "known") return gaps.map((gap) => ({ ...gap, seconds: gap.seconds / (1 + contention.value * gap.crowd) }));
  const quiet = gaps.filter(({ crowd }) => crowd === 0);
  return quiet.length > 0 ? quiet : gaps;
}

/** `rows`: of one client. */
function gapsOf(rows: readonly Row[], recorded: RecordedRun, run: number): Gap[] {
  const { trace } = recorded;
  const everybody = rowsOf(recorded);
  const begun = starts(recorded);
  const postponed = trace.spans.filter(({ kind }) => kind === "postponed");
  return rows.slice(1).flatMap((next, i) => {
    const before = rows[i]!;
    const accepted = before.at("accepted");
    const asked = next.at("asked");
    const waited = postponed.some(({ task, to }) => task === next.task && Math.abs(to / 1e6 - asked) < ASKED_AGAIN);
    if (!isRemote(before) || !isRemote(next) || waited || !(next.at("ready") <= accepted) || !(asked >= accepted)) return [];
    const refused = postponed.filter(({ from }) => from / 1e6 >= accepted && from / 1e6 <= asked).length;
    // Nobody says whose questions were postponed.
    if (refused > 0 && trace.clients.length > 1) return [];
    const beside = isBesideOthers(recorded, everybody, { client: next.client, host: COORDINATOR, from: accepted, to: asked });
    const crowd = crowdOf(recorded, everybody, before, accepted);
    const seconds =
      alone(recorded, { from: accepted, to: asked, cores: ASK_CORES }, begun) / clientStretch(recorded, everybody, accepted, asked);
    return [{ run, seconds, refused, beside, crowd }];
  });
}

/** What each refused ask adds to a gap, whose rest, the hook's start, varies. */
function refuseOf(gaps: readonly Gap[]): Estimate {
  const line = lineThrough(gaps.map(({ refused, seconds }) => ({ x: refused, y: seconds })));
  if (line === null || gaps.every(({ refused }) => refused === 0)) return unknown("no build was refused between two accepted ones");
  if (!(line.low > 0)) return unknown("what refusals take is lost in the variation of the hook's start");
  const runs = new Set(gaps.map(({ run }) => run)).size;
  return { kind: "known", value: line.slope, interval: { low: line.low, high: line.high }, observations: gaps.length, runs };
}
