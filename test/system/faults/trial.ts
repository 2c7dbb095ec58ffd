// One run of the campaign: empty stores, a graph, a client, one fault in the midst of it, then a look at what came of it.
// The testbed is used again by the next one. Phases: make ready, build and break, settle, judge.
import { setTimeout as sleep } from "node:timers/promises";
import type { Ended } from "../../program.js";
import { contents, RunBed } from "../run-bed.js";
import type { Running, Testbed } from "../testbed/testbed.js";
import { type Case, type FaultKind, SLOTS } from "./case.js";
import { INFLICT, type Victims } from "./inflict.js";
import { AgentHolder, type Prepared, subjects } from "./subject.js";
import { leftovers, orphans, type Rebuilt, rebuilt, registered, wrongOutputs } from "./witness.js";

export interface Row {
  readonly case: Case;
  /** Exit code of the client; null = it had not ended at the deadline and was killed. */
  readonly code: number | null;
  readonly seconds: number;
  /** What is wrong with the outputs, where all are said to be there. */
  readonly wrong: readonly string[];
  readonly rebuilt: Rebuilt;
  readonly orphans: readonly string[];
  readonly leftovers: readonly string[];
  /** What client and agent said. */
  readonly said: string;
  /** What builds noted, a line each, and when something broke and was mended: Unix seconds. */
  readonly told: string;
  /** Did the fault come before the end? */
  readonly hit: boolean;
}

/** Seconds for a run, and for what is left of it to go: after a silence TCP says its next word only when as long again has passed. */
const DEADLINE = 150;
const SETTLE = 60;

/** Faults after which what a host has cannot be had for a while. */
const LOSES: ReadonlySet<FaultKind> = new Set(["host killed", "link silent"]);

/** Whether the run ended as it has to: all outputs right, nothing built twice, nothing left. */
export function isGood({ code, wrong, rebuilt, orphans, leftovers }: Row): boolean {
  return code === 0 && wrong.length + rebuilt.again.length + orphans.length + leftovers.length === 0;
}

export async function trial(bed: Testbed, one: Case): Promise<Row> {
  const { subject: name, kind, host, at, lasts, steps, isLent } = one;
  const runs = new RunBed(bed);
  const salt = `case${one.seed}.${name}`;
  // 1. Make ready.
  await Promise.all(["ai", ...bed.hosts].map((each) => bed.wipe(each)));
  await bed.in("ai", ["rm", "-rf", `/root/${salt}`, "/root/.local", "/run/drvfleet"]);
  const drvs = await runs.scenario(salt, steps, SLOTS);
  const paths = await bed.in("ai", ["nix-store", "-q", "--outputs", ...steps.map((step) => drvs.get(step.name)!)]);
  const lines = paths.out.trim().split("\n");
  const outputs = new Map(steps.map((step, i) => [step.name, lines[i]!]));
  const needed = new Set(steps.flatMap(({ needs = [] }) => needs));
  const prepared: Prepared = { name: salt, roots: steps.filter((step) => !needed.has(step.name)).map((step) => drvs.get(step.name)!) };
  await bed.machines(Object.entries(SLOTS).map(([slot, jobs]) => ({ host: slot, jobs })));
  await bed.master(isLent ? "on" : "off");
  if (isLent) await overSsh(bed, (each) => [each, "true"]);
  const agent = new AgentHolder();
  const subject = subjects(agent)[name];
  await subject.begin(bed);
  // 2. Build and break.
  const said: string[] = [];
  let client: Running = subject.start(bed, prepared);
  let ended = client.ended;
  let restart: (ended: Promise<Ended>) => void = () => {};
  const began = performance.now();
  const begun = Date.now() / 1000;
  const victims: Victims = {
    bed,
    host,
    killClient: () => {
      ended = new Promise((resolve) => {
        restart = resolve;
      });
      void client.ended.then((end) => said.push(words(end)));
      client.signal("SIGKILL");
    },
    startClient: () => {
      client = subject.again(bed, prepared);
      restart(client.ended);
    },
    killAgent: () => agent.kill(),
    startAgent: () => agent.start(bed),
  };
  const over = new AbortController();
  let broken = 0;
  let mended = 0;
  const fault = (async () => {
    if (!(await waited(at, over.signal))) return;
    broken = Date.now() / 1000;
    await INFLICT[kind].break(victims);
    // A client that nobody starts again builds nothing.
    const wait = kind === "client killed" ? Math.min(lasts, 3) : lasts;
    await waited(wait === Number.POSITIVE_INFINITY ? DEADLINE : wait, over.signal);
    mended = Date.now() / 1000;
    await INFLICT[kind].mend(victims);
  })();
  const end = await withDeadline(() => ended, DEADLINE);
  const seconds = (performance.now() - began) / 1000;
  if (end === null) client.signal("SIGKILL");
  said.push(words(end ?? (await client.ended)));
  over.abort();
  await fault;
  // 3. Settle.
  await subject.end(bed);
  if (isLent) await overSsh(bed, (each) => ["-O", "exit", each]);
  const left = await settled(bed);
  // 4. Judge.
  const stores = new Map<string, Awaited<ReturnType<typeof registered>>>();
  for (const each of ["ai", ...bed.hosts]) stores.set(each, await registered(bed, each));
  return {
    case: one,
    code: end === null ? null : end.code,
    seconds,
    wrong: end?.code === 0 ? wrongOutputs(bed, stores.get("ai")!, outputs, contents(salt, steps, outputs)) : [],
    rebuilt: rebuilt(runs.events(), outputs, stores, broken > 0 && LOSES.has(kind) ? { host, from: broken } : null),
    ...left,
    said: `${said.join("")}${agent.said}`,
    told: `${bed.read("ai", "/srv/events")}began ${begun}\nbroken ${broken}\nmended ${mended}\n`,
    hit: broken > 0,
  };
}

async function overSsh(bed: Testbed, words: (host: string) => readonly string[]): Promise<void> {
  await Promise.all(bed.hosts.map((each) => bed.in("ai", ["ssh", ...words(each)])));
}

function words({ out, err }: Ended): string {
  return `${out}${err}`;
}

/** Looks until nothing is left, or for so long that it will stay. */
async function settled(bed: Testbed): Promise<Pick<Row, "orphans" | "leftovers">> {
  for (const from = performance.now(); ; ) {
    const each = await Promise.all(["ai", ...bed.hosts].map((host) => orphans(bed, host)));
    const left = { orphans: each.flat(), leftovers: await leftovers(bed) };
    if (left.orphans.length + left.leftovers.length === 0 || performance.now() - from > SETTLE * 1000) return left;
    await sleep(300);
  }
}

/** False when it was called off. */
async function waited(seconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/** What `ended` holds may be replaced while one waits. */
async function withDeadline(ended: () => Promise<Ended>, seconds: number): Promise<Ended | null> {
  const late = sleep(seconds * 1000, null, { ref: false });
  for (;;) {
    const waitedFor = ended();
    const end = await Promise.race([waitedFor, late]);
    if (end === null || waitedFor === ended()) return end;
  }
}
