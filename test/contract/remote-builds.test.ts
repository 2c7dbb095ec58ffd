// The suite of remote builds, held against the simulator's `nix`. Its client has no shell.
import { BUILT } from "#dispatch/trace.js";
import { type HostSketch, problemOf } from "../problem.js";
import { run } from "../run.js";
import { remoteBuilds, type Site } from "./remote-builds.js";

const BUILDERS = ["builder1", "builder2"] as const;

function simulated(version: string): Site {
  return {
    build: async ({ jobs, firstIsBlocked }) => {
      const builders = BUILDERS.map((name, b): HostSketch => {
        const host: HostSketch = { name, maxJobs: 1, connect: 0.2 };
        return firstIsBlocked && b === 0 ? { ...host, outages: [[0, Number.POSITIVE_INFINITY]] } : host;
      });
      const problem = problemOf({
        tasks: jobs.map(({ name, seconds }) => ({ name, seconds, cpu: 0 })),
        hosts: [{ name: "client", maxJobs: 0 }, ...builders],
      });
      const mayFail = Uint8Array.from(problem.graph.names, (name) => (jobs.some((job) => job.name === name && job.fails) ? 1 : 0));
      const { rows } = run(problem, { policy: "nix", params: { version }, failures: { rate: 1, mayFail, after: 1 } });
      const built = rows.filter((row) => row.outcome === BUILT);
      return {
        succeeded: built.length === jobs.length,
        on: Object.fromEntries(
          jobs.map(({ name }) => [name, built.filter(({ task }) => task === name).map(({ host }) => BUILDERS.indexOf(host as never))]),
        ),
      };
    },
    close: async () => {},
  };
}

for (const version of ["2.8", "2.26", "2.34"])
  remoteBuilds({
    name: `the simulator's nix[version=${version}]`,
    isMissing: false,
    except: ["shell"],
    open: async () => simulated(version),
  });
