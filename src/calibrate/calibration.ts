// Recorded runs of one client on some hosts → the figures that they share, each with its interval or why it is not known,
// as a model file that serves other graphs and fleets on these hosts.
// Phases: bytes, asks, the client's own times, links, speeds, the poll; then what no stage shows; then the file.
import type { Timing } from "#dispatch/conduct.js";
import { familyOf } from "#dispatch/conduct.js";
import type { ModelFile } from "#model/model-file.js";
import { begin } from "./begin.js";
import { clientTimes } from "./client-times.js";
import { connects } from "./connects.js";
import { emulation } from "./emulated.js";
import type { Estimate } from "./estimate.js";
import { hooks } from "./hooks.js";
import { type HiddenField, hidden, type Simulate, withTiming } from "./hidden.js";
import { links } from "./links.js";
import { machineFigures } from "./machine-figures.js";
import { type Findings, modelFile } from "./model-of.js";
import { pollInterval } from "./poll-interval.js";
import type { RecordedRun } from "./recorded-run.js";
import { speeds } from "./speeds.js";
import { bytesOf } from "./travel.js";

export interface CalibrateInput {
  readonly name: string;
  readonly about: string;
  /** At least one, all of one conduct. */
  readonly runs: readonly RecordedRun[];
  /** To be found from makespans; null = what stages show, or builder starts where they show nothing at all. */
  readonly fit: HiddenField | null;
  readonly simulate: Simulate;
}

export function calibration(input: CalibrateInput): ModelFile {
  const runs = input.runs.toSorted((a, b) => order(a, b));
  const seen = findings(runs);
  const found = withHidden(seen, runs, input);
  return modelFile({ name: input.name, about: input.about, conduct: familyOf(runs[0]!.conduct.name), found });
}

/** By configuration, then by what was recorded: the order in which traces are given changes nothing. */
function order(a: RecordedRun, b: RecordedRun): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.trace.makespan - b.trace.makespan || a.trace.accepted[0]! - b.trace.accepted[0]! || 0;
}

function findings(runs: readonly RecordedRun[]): Findings {
  const hosts = [...new Set(runs.flatMap(({ problem }) => problem.hosts.names))];
  const builders = [...new Set(runs.flatMap(({ problem }) => problem.hosts.names.slice(1)))];
  const bytes = runs.map(bytesOf);
  const speed = speeds(runs, hosts);
  const asks = connects(runs, builders, speed);
  const question = hooks(runs, asks.variance);
  const { returns, ...lines } = links(runs, builders, bytes, question.hook);
  const latency = (host: string): number => {
    const found = lines.latency.get(host);
    return found?.kind === "known" ? found.value : 0;
  };
  const own = clientTimes(runs, { bytesOf: bytes, hook: question.hook, latency, returns });
  return {
    timing: {
      connectCv: asks.connectCv,
      loadCv: asks.loadCv,
      configurationCv: asks.configurationCv,
      wanderCv: asks.wanderCv,
      wanderSeconds: asks.wanderSeconds,
      beginSeconds: begin(runs, question.hook),
      hookSeconds: question.hook,
      hookCv: question.hookCv,
      acceptSeconds: asks.accept,
      refuseSeconds: question.refuse,
      startSeconds: own.start,
      startCv: own.startCv,
      returnSeconds: own.return,
      noticeSeconds: own.notice,
      noticeCv: own.noticeCv,
      pollSeconds: pollInterval(runs),
    },
    connect: asks.hosts,
    connectCpu: asks.cpu,
    ...lines,
    speed,
    machines: machineFigures(runs, question.contention),
    emulation: emulation(runs),
  };
}

/** Only one parameter can be told by makespans: the rest of the client's times then stay as the conduct has them. */
function withHidden(seen: Findings, runs: readonly RecordedRun[], { fit, simulate }: CalibrateInput): Findings {
  const blind = [...Object.values(seen.timing), ...seen.connect.values()].every(({ kind }) => kind === "unknown");
  const field = fit ?? (blind ? "startSeconds" : null);
  if (field === null) return seen;
  const known = Object.fromEntries(
    Object.entries(seen.timing).flatMap(([name, estimate]: [string, Estimate]) =>
      estimate.kind === "known" && name !== "pollSeconds" ? [[name, estimate.value]] : [],
    ),
  ) as Partial<Timing>;
  const found = hidden(
    runs.map((run) => withTiming(run, { siteCv: 0, ...known })),
    field,
    simulate,
  );
  const { loadCv, configurationCv } = seen.timing.loadCv!.kind === "known" ? seen.timing : found;
  return { ...seen, timing: { ...seen.timing, loadCv, configurationCv, [field]: found.value } };
}
