// How a run ends: its files, rows for the next estimate, what was asked for brought home and kept, the ledger, the account that
// a person or a program reads, and the exit code.
import { resolve } from "node:path";
import { fault } from "#base/fault.js";
import type { JournalHeader } from "#live/run/journal.js";
import { EXIT, printFaults } from "./exit.js";
import { enterRun } from "./ledger.js";
import type { RunRequest } from "./run.js";
import { type Account, accountOf, accountText, appendHistory, endedFiles } from "./run-account.js";
import { type Built, broughtHome } from "./run-build.js";
import type { LiveHosts } from "./run-hosts.js";
import type { Logs } from "./run-logs.js";
import { ledgerFile } from "./run-place.js";
import type { Plan, Wanted } from "./run-plan.js";
import { type Asked, linkResults, type Roots } from "./run-roots.js";

/** Lines of the log of a failed build that are shown. */
const LOG_LINES = 20;

export interface Ending {
  readonly request: RunRequest;
  readonly wanted: Wanted;
  readonly build: NonNullable<Plan["build"]>;
  readonly hosts: LiveHosts;
  readonly built: Built;
  readonly header: JournalHeader;
  readonly directory: string;
  readonly logs: Logs;
  readonly roots: Roots;
  readonly asked: readonly Asked[];
  readonly isResumed: boolean;
}

/** Returns the exit code. */
export async function ended(ending: Ending): Promise<number> {
  const { request, wanted, build, hosts, built, header, directory, logs, asked } = ending;
  const { problem } = build.compiled;
  const isWhole = built.failed.length + built.givenUp.length + built.unbuilt === 0;
  const missing = isWhole
    ? await broughtHome(
        hosts,
        asked.map(({ path }) => path),
      )
    : null;
  // The hosts have done their part: they go while the rest is written.
  const leaving = hosts.leave();
  const linking = isWhole && missing === null ? kept(ending) : null;
  const failed = endedFiles(directory, built.trace, problem, header);
  if (failed !== null) return printFaults([failed]);
  appendHistory(header.history, built, problem, wanted.input, header.began);
  await Promise.all([leaving, linking, ending.roots.settled()]);
  if (missing !== null) return printFaults([fault("host", "coordinator", missing)]);
  const account = accountOf(built, problem, header, directory, isWhole ? asked.map(({ path }) => path) : [], logs);
  if (isWhole && !ending.isResumed && account.seconds > 0)
    enterRun(request.ledger ?? ledgerFile(), header, account.built, account.seconds, directory);
  show(account, request, logs);
  if (built.unbuilt > 0 && built.stopped === null)
    for (const [h, why] of hosts.fleet.out.entries())
      if (why !== null) printFaults([fault("host", problem.hosts.names[h]!, `it is set aside: ${why}`)]);
  return exitOf(built);
}

/** What was asked for and was not built stays too, and is linked to. */
async function kept({ asked, build, roots, request }: Ending): Promise<void> {
  const { graph } = build.compiled.problem;
  const built = new Set(build.recipes.flatMap(({ outputs }, task) => (graph.root[task] === 1 ? outputs : [])));
  const others = asked.map(({ path }) => path).filter((path) => !built.has(path));
  if (others.length > 0) roots.keep(others);
  if (request.outLink !== null) await linkResults(resolve(request.outLink), asked);
}

function show(account: Account, { output }: RunRequest, logs: Logs): void {
  for (const { name, host, why, log, key } of [...account.failed, ...account.givenUp]) {
    process.stderr.write(`error: ${name} failed on ${host}: ${why.split("\n")[0]}\n`);
    for (const line of logs.tail(key, LOG_LINES)) process.stderr.write(`  > ${line}\n`);
    if (log !== null) process.stderr.write(`  whole log: ${log}\n`);
  }
  process.stdout.write(`${output === "text" ? accountText(account) : JSON.stringify(account)}\n`);
}

function exitOf({ failed, givenUp, unbuilt, signal }: Built): number {
  if (signal !== null && unbuilt > 0) return signal === "SIGINT" ? 130 : 143;
  if (failed.length > 0) return EXIT.buildFailed;
  return unbuilt + givenUp.length > 0 ? EXIT.host : EXIT.fine;
}
