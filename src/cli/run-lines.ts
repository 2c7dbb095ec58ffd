// What a person is told while builds run, where there is no terminal to draw on: a line per finished build on standard error.
// On a terminal the live view says the same, and only what went wrong is a line. Names come from files: no control character
// reaches the terminal.
import type { Observation } from "#live/run/observation.js";
import type { Problem } from "#model/problem.js";

export interface Watcher {
  /** `host`: where the task's attempt is, −1 = nowhere. */
  seen(seen: Observation, host: number): void;
  end(): void;
}

/** `builds`: also those that went well. */
export function lineWatcher(problem: Problem, builds: boolean, write: (line: string) => void): Watcher {
  const { graph, hosts } = problem;
  const of = graph.count;
  const startedAt = new Float64Array(of);
  let done = 0;
  const say = (text: string): void => write(text.replace(/[\p{Cc}\p{Cf}]/gu, " "));
  return {
    seen(seen) {
      const at = `${(seen.at / 1e6).toFixed(1).padStart(7)} s`;
      if (seen.see === "stage" && seen.stage === "started") startedAt[seen.task] = seen.at;
      else if (seen.see === "failed") say(`${at}  failed  ${graph.names[seen.task]}: ${oneLine(seen.why)}`);
      else if (seen.see === "refused") say(`${at}  refused ${graph.names[seen.task]} by ${hosts.names[seen.host]}: ${oneLine(seen.why)}`);
      else if (seen.see === "lost") say(`${at}  lost    ${graph.names[seen.task]}: built again`);
      else if (seen.see === "hostLost") say(`${at}  host    ${hosts.names[seen.host]} is set aside: ${oneLine(seen.why)}`);
      else if (seen.see === "detour") say(`${at}  detour  to ${hosts.names[seen.host]} through the coordinator: ${oneLine(seen.why)}`);
      else if (seen.see === "hostBack") say(`${at}  host    ${hosts.names[seen.host]} is back`);
      else if (seen.see === "ended") {
        done++;
        const took = (seen.at - startedAt[seen.task]!) / 1e6;
        if (builds) say(`${at}  built   ${graph.names[seen.task]} in ${took.toFixed(1)} s (${done}/${of})`);
      }
    },
    end: () => {},
  };
}

function oneLine(text: string): string {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "";
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

/** Several as one, in their order. */
export function watchers(all: readonly Watcher[]): Watcher {
  return {
    seen(seen, host) {
      for (const one of all) one.seen(seen, host);
    },
    end() {
      for (const one of all) one.end();
    },
  };
}
