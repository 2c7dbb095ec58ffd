// What the client does once before its first question: from the request until the first ask, less one start of the hook.
// Blind: first builds that the client makes itself, and requests that come later than the beginning of the trace.
import { overRuns } from "./cluster.js";
import { type Estimate, unknown } from "./estimate.js";
import { isRemote, type RecordedRun, rowsOf } from "./recorded-run.js";
import { clientStretch } from "./shared-machine.js";

export function begin(runs: readonly RecordedRun[], hook: Estimate): Estimate {
  if (hook.kind === "unknown") return unknown("what a start of the hook takes is not known");
  const samples = runs.flatMap((recorded, run) => {
    const first = rowsOf(recorded)[0];
    if (recorded.conduct.timing.ask !== "serial" || first === undefined || !isRemote(first) || first.at("ready") > first.at("asked"))
      return [];
    const value = first.at("asked") / clientStretch(recorded, [], 0, first.at("asked")) - hook.value;
    return value > 0 ? [{ run, value }] : [];
  });
  return overRuns(samples, "no run began with a question", runs[0]!.conduct.timing.loadCv);
}
