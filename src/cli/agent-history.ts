// The agent's memory of durations: what it is given at its start, and what it has built since, which is added to the same
// file as a run adds to. A file that cannot be written is a warning. Read again only now and then: a plan must not wait.
import { existsSync } from "node:fs";
import type { Result } from "#base/fault.js";
import { HISTORY_HEADER, stringifyHistory } from "#estimate/history-file.js";
import { rowsOf } from "#estimate/history-rows.js";
import type { FleetFile } from "#model/fleet-file.js";
import type { LoadedScenario } from "#scenario/compiled.js";
import { derivationName } from "#ingest/store-path.js";
import { append } from "./append.js";
import type { Goals } from "./client-goals.js";
import { historyOfFiles } from "./experiment.js";

type History = ReturnType<typeof historyOfFiles> extends Result<infer T> ? T : never;

/** Milliseconds until what was added counts. */
const RENEWED_MS = 30_000;

export interface AgentHistory {
  current(): History;
  /** A build of that derivation has ended well on that host (its place in the fleet, from 1). */
  built(drv: string, host: number, seconds: number): void;
}

/** Faults are those of the file as it is at first. `path`: where it is not, it is made. */
export function agentHistory(path: string, fleets: LoadedScenario["fleets"], goals: Goals): Result<AgentHistory> {
  const read = () => historyOfFiles(existsSync(path) ? [path] : [], fleets);
  const first = read();
  if (!first.ok) return first;
  const fleet: FleetFile = fleets[0]!.file;
  let [history, readAt, isOld] = [first.value, Date.now(), false];
  return {
    ok: true,
    value: {
      current() {
        if (isOld && Date.now() - readAt > RENEWED_MS) {
          const again = read();
          if (again.ok) history = again.value;
          [readAt, isOld] = [Date.now(), false];
        }
        return history;
      },
      built(drv, host, seconds) {
        const node = goals.derivation(drv)?.node;
        const builder = fleet.builders[host - 1];
        if (node === undefined || builder === undefined || !(seconds > 0)) return;
        const { coresPerBuild, cores, name } = builder;
        const granted = coresPerBuild === undefined || coresPerBuild === 0 ? cores : coresPerBuild;
        const one = { drv, name: derivationName(drv) ?? node.name, machine: name, seconds, at: Date.now() / 1000, cores: granted };
        const { rows } = rowsOf([{ ...one, provenance: "live" }], {
          nodes: [node],
          fleet,
          hostOf: (machine) => machine,
          system: "builtin",
          cores: 1,
        });
        if (rows.length === 0) return;
        append(path, `${HISTORY_HEADER}\n`, stringifyHistory(rows));
        isOld = true;
      },
    },
  };
}
