// What a person or a program is told while builds run: a line per finished build on standard error, and with --json-lines
// every observation on standard output. Names come from files: no control character reaches the terminal.
import type { Observation } from "#live/run/observation.js";
import type { Problem } from "#model/problem.js";
import type { Loudness } from "./notes.js";

export interface Watcher {
  seen(seen: Observation): void;
}

export function lineWatcher(problem: Problem, loudness: Loudness, jsonLines: boolean): Watcher {
  const { graph, hosts } = problem;
  const of = graph.count;
  const startedAt = new Float64Array(of);
  let done = 0;
  const say = (text: string): void => {
    if (loudness !== "quiet") process.stderr.write(`${text.replace(/[\p{Cc}\p{Cf}]/gu, " ")}\n`);
  };
  return {
    seen(seen) {
      if (jsonLines) process.stdout.write(`${JSON.stringify(named(seen, problem))}\n`);
      const at = `${(seen.at / 1e6).toFixed(1).padStart(7)} s`;
      if (seen.see === "stage" && seen.stage === "started") startedAt[seen.task] = seen.at;
      else if (seen.see === "failed") say(`${at}  failed  ${graph.names[seen.task]}: ${oneLine(seen.why)}`);
      else if (seen.see === "refused") say(`${at}  refused ${graph.names[seen.task]} by ${hosts.names[seen.host]}: ${oneLine(seen.why)}`);
      else if (seen.see === "lost") say(`${at}  lost    ${graph.names[seen.task]}: built again`);
      else if (seen.see === "hostLost") say(`${at}  host    ${hosts.names[seen.host]} is set aside: ${oneLine(seen.why)}`);
      else if (seen.see === "hostBack") say(`${at}  host    ${hosts.names[seen.host]} is back`);
      else if (seen.see === "ended") {
        done++;
        const took = (seen.at - startedAt[seen.task]!) / 1e6;
        say(`${at}  built   ${graph.names[seen.task]} in ${took.toFixed(1)} s (${done}/${of})`);
      }
    },
  };
}

function oneLine(text: string): string {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "";
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

/** Names in place of ids. */
function named(seen: Observation, { graph, hosts }: Problem): object {
  const { at, ...rest } = seen;
  return {
    at: at / 1e6,
    ...rest,
    ...("task" in rest && { task: graph.keys[rest.task] }),
    ...("host" in rest && { host: hosts.names[rest.host] }),
  };
}
