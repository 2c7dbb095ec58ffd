// `run --dry-run`: what would be built where, why there, and what would travel. The plan is simulated once with every build as
// long as it is expected to be, which is what the policy believes; ranges are those of the worlds. No host is connected to:
// of what is there already, only this machine's store is asked.
import type { TaskId } from "#base/units.js";
import type { Notebook } from "#dispatch/dispatcher.js";
import { BUILT } from "#dispatch/trace.js";
import type { StateView } from "#dispatch/view.js";
import type { Problem } from "#model/problem.js";
import { PROVENANCES } from "#model/tasks.js";
import { type DryBuild, type DryRun, dryRunText } from "#report/dry-run.js";
import { placementReason } from "#report/placement-reason.js";
import { runOne } from "./cell.js";
import { EXIT, printFaults } from "./exit.js";
import { hostVerdicts } from "./host-verdicts.js";
import { forecastOf, predictionOf } from "./run-forecast.js";
import { pathsHere } from "./run-local.js";
import { type Plan, planOf, type Wanted, wholePlan } from "./run-plan.js";

/** Returns the exit code. */
export function dryRun(wanted: Wanted, isJson: boolean): number {
  const whole = wholePlan(wanted);
  if (!whole.ok) return printFaults(whole.faults);
  const { recipes } = whole.value;
  const here = pathsHere(recipes.flatMap(({ outputs }) => outputs));
  const plan = planOf(wanted, recipes, (node) => recipes[node]!.outputs.every((path) => here.has(path)));
  if (!plan.ok) return printFaults(plan.faults);
  const { build, asked } = plan.value;
  if (build === null) {
    process.stdout.write(
      isJson
        ? `${JSON.stringify({ schema: "drvfleet.dry-run/1", policy: wanted.policy, here: wanted.input.graph.nodes.length, hosts: [] })}\n`
        : `nothing will be built: all is there\n${asked.map(({ path }) => path).join("\n")}\n`,
    );
    return EXIT.fine;
  }
  const answer = dryRunOf(build, wanted);
  process.stdout.write(`${isJson ? JSON.stringify(answer) : dryRunText(answer)}\n`);
  return EXIT.fine;
}

function dryRunOf(build: NonNullable<Plan["build"]>, { input, policy }: Wanted): DryRun {
  const { compiled, contender, experiment } = build;
  const { problem } = compiled;
  const { graph, hosts, tasks } = problem;
  const reasons = new Reasons(problem);
  const expected = { seed: experiment.seeds[0]!, truth: problem, belief: problem };
  const { trace } = runOne(compiled, contender, expected, reasons);
  const foretold = forecastOf(build);
  const uris = new Map([input.fleet.coordinator, ...input.fleet.builders].map(({ name, uri }) => [name, uri ?? null]));
  const rows = Array.from({ length: trace.rows }, (_, row) => row)
    .filter((row) => trace.outcome[row] === BUILT)
    .sort((a, b) => trace.started[a]! - trace.started[b]! || a - b);
  const entry = (row: number): DryBuild => {
    const task = trace.task[row]!;
    const { seconds, hosts: counts } = foretold.builds[task]!;
    return {
      drv: graph.keys[task]!,
      name: graph.names[task]!,
      host: hosts.names[trace.host[row]!]!,
      why: reasons.of(task),
      at: trace.started[row]! / 1e6,
      seconds,
      hostShare: counts[trace.host[row]!]! / foretold.worlds,
      bytesIn: trace.bytesIn[row]!,
      provenance: PROVENANCES[tasks.provenance[task]!]!,
    };
  };
  return {
    schema: "drvfleet.dry-run/1",
    policy,
    predicted: predictionOf(foretold),
    here: input.graph.nodes.length - graph.count,
    hosts: hosts.names.flatMap((host, h) => {
      const builds = rows.filter((row) => trace.host[row] === h).map(entry);
      return builds.length === 0 ? [] : [{ host, uri: uris.get(host) ?? null, builds }];
    }),
    bytesBack: rows.reduce((sum, row) => sum + trace.bytesOut[row]!, 0),
  };
}

/** Why each task was placed where it was, at its last start. */
class Reasons implements Notebook {
  private readonly why = new Map<number, string>();

  constructor(private readonly problem: Problem) {}

  note(): void {}

  started(task: number, chosen: number, view: StateView): void {
    this.why.set(task, placementReason(hostVerdicts(this.problem, task as TaskId, chosen, view, () => null)));
  }

  of(task: number): string {
    return this.why.get(task) ?? "";
  }
}
