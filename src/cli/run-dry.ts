// `run --dry-run`: what would be built where, in the order in which it would begin, by the same plan simulated in its first
// world. Nothing is built and nothing copied. The first line is in Nix's words.
import { runOne, worldOf } from "./cell.js";
import { predictionOf } from "./run-predict.js";
import type { Plan } from "./run-plan.js";

export function dryText(build: NonNullable<Plan["build"]>): string {
  const { compiled, contender, experiment } = build;
  const { trace } = runOne(compiled, contender, worldOf(compiled, experiment.seeds[0]!));
  const { graph, hosts } = compiled.problem;
  const rows = Array.from({ length: trace.rows }, (_, row) => row).sort((a, b) => trace.started[a]! - trace.started[b]! || a - b);
  const { median, low, high } = predictionOf(build);
  return [
    `these ${graph.count} derivations will be built:`,
    ...rows.map((row) => {
      const [from, to] = [trace.started[row]!, trace.built[row]!].map((at) => `${(at / 1e6).toFixed(1)} s`) as [string, string];
      return `  ${from.padStart(10)}  ${to.padStart(10)}  ${hosts.names[trace.host[row]!]!.padEnd(12)} ${graph.keys[trace.task[row]!]}`;
    }),
    `predicted ${median.toFixed(1)} s (${low.toFixed(1)} to ${high.toFixed(1)}) under ${contender.policy}`,
  ].join("\n");
}
