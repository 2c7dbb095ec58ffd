// The suite of executors, held against the simulator and against the live engine: its hosts are made of memory, its clock
// is moved by hand, everything between policy and wire is what builds for real.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stream } from "#base/random.js";
import type { HostId, TaskId } from "#base/units.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import { Dispatcher } from "#dispatch/dispatcher.js";
import { drive } from "#dispatch/drive.js";
import type { Act, Policy } from "#dispatch/policy.js";
import { Trace } from "#dispatch/trace.js";
import { Engine } from "#live/run/engine.js";
import type { FleetLink } from "#live/run/fleet-link.js";
import { Journal } from "#live/run/journal.js";
import type { Observation } from "#live/run/observation.js";
import { schemeOf } from "#cli/scheme-of.js";
import { MODELS_DEFAULT } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import { SimExecutor } from "#sim/executor.js";
import { FakeSite } from "../live/fake-site.js";
import { executes, type PolicyText, type Situation, type Told } from "./executor.js";

/** The account of one play. */
class Account {
  readonly told: Told[] = [];

  constructor(private readonly problem: Problem) {}

  note(what: Told["what"], task: number, host: number): void {
    const { graph, hosts } = this.problem;
    this.told.push({ what, task: graph.names[task] ?? "", host: hosts.names[host] ?? "" });
  }

  /** The policy of both worlds, overheard. */
  policy(text: PolicyText): Policy {
    const scheme = schemeOf(text);
    if (!scheme.ok) throw new Error(scheme.faults[0]!.what);
    const policy = scheme.value.create(this.problem, stream(1, `policy/${text}`));
    const sent = (task: TaskId, host: HostId): void => this.note("stage", task, host);
    const note = (task: TaskId, host: HostId): void => this.note("start", task, host);
    return {
      decide(view, act) {
        const heard: Act = {
          get noting() {
            return act.noting;
          },
          start(task, host, cores) {
            note(task, host);
            act.start(task, host, cores);
          },
          pass: (task, until) => act.pass(task, until),
          stage(task, host) {
            const { decisions } = act as Dispatcher;
            const before = decisions.stageCount;
            act.stage(task, host);
            if (decisions.stageCount > before) sent(task, host);
          },
          wakeAt: (at) => act.wakeAt(at),
          note: (task, host, score) => act.note(task, host, score),
        };
        policy.decide(view, heard);
      },
    };
  }
}

const OPTIONS = { policyName: "list", conduct: CONDUCTS.run, prefer: [], sharedCores: true, notebook: null };

/** A dispatcher that notes what it is told. */
class Overheard extends Dispatcher {
  constructor(
    problem: Problem,
    private readonly account: Account,
    policy: PolicyText,
  ) {
    super(problem, account.policy(policy), new Trace(problem.graph.count), OPTIONS);
  }

  override slotFreed(task: TaskId): void {
    this.account.note("slotFreed", task, -1);
    super.slotFreed(task);
  }

  override ended(task: TaskId): void {
    this.account.note("ended", task, -1);
    super.ended(task);
  }

  override failed(task: TaskId, why: "build" | "host"): void {
    this.account.note(why === "build" ? "build failed" : "host failed", task, -1);
    super.failed(task, why);
  }

  override lost(task: TaskId): void {
    this.account.note("lost", task, -1);
    super.lost(task);
  }

  override unfed(task: TaskId): void {
    this.account.note("unfed", task, -1);
    super.unfed(task);
  }

  override staged(task: TaskId, host: HostId, isThere: boolean): void {
    this.account.note(isThere ? "staged" : "not staged", task, host);
    super.staged(task, host, isThere);
  }

  override hostLost(host: HostId): void {
    this.account.note("hostLost", -1, host);
    super.hostLost(host);
  }

  override hostBack(host: HostId): void {
    this.account.note("hostBack", -1, host);
    super.hostBack(host);
  }
}

function simulated({ problem, policy, failing, isStuck }: Situation): readonly Told[] {
  // A byte per second: nothing is home before the host is lost.
  if (isStuck) for (const { host } of problem.hosts.outages) problem.hosts.up[host] = 1;
  const account = new Account(problem);
  const dispatcher = new Overheard(problem, account, policy);
  const mayFail = Uint8Array.from(problem.graph.names, (name) => (failing.includes(name) ? 1 : 0));
  const failures = failing.length === 0 ? null : { rate: 1, mayFail, after: 1 };
  const executor = new SimExecutor({ truth: problem, models: MODELS_DEFAULT, conduct: CONDUCTS.run, seed: 1, failures }, [dispatcher]);
  drive([dispatcher], executor);
  return account.told;
}

async function lived({ problem, policy, failing, isStuck }: Situation): Promise<readonly Told[]> {
  const account = new Account(problem);
  const site = new FakeSite(problem, failing);
  const { clock, fleet } = site;
  for (const { host, from, to } of problem.hosts.outages) {
    const fake = site.hosts[host]!;
    if (from === 0) fake.die();
    else clock.after(from / 1e6, () => fake.die());
    if (Number.isFinite(to)) clock.after(to / 1e6, () => fake.rise());
    if (isStuck) fake.sends = 1000;
  }
  const directory = mkdtempSync(join(tmpdir(), "drvfleet-test-"));
  try {
    await clock.until(fleet.connect(false));
    const engine = engineOf(problem, site, fleet, directory, account.policy(policy), account);
    await clock.until(engine.run());
    await clock.until(fleet.close());
  } finally {
    rmSync(directory, { recursive: true });
  }
  return account.told;
}

function engineOf(
  problem: Problem,
  { clock, recipes }: FakeSite,
  fleet: FleetLink,
  directory: string,
  policy: Policy,
  account: Account,
): Engine {
  const prediction = { median: 1, low: 1, high: 1, worlds: 1 };
  const header = {
    run: "test",
    version: "",
    digest: "",
    policy: "list",
    seed: 1,
    keepGoing: true,
    hosts: [],
    began: 0,
    prediction,
    history: "",
  };
  const journal = Journal.begin(join(directory, "journal"), { schema: "drvfleet.journal/1", ...header }, problem);
  const watch = (seen: Observation): void => {
    if (seen.see === "slotFreed" || seen.see === "ended" || seen.see === "unfed" || seen.see === "lost")
      account.note(seen.see, seen.task, -1);
    else if (seen.see === "failed") account.note(seen.cause === "build" ? "build failed" : "host failed", seen.task, -1);
    else if (seen.see === "staged") account.note(seen.isThere ? "staged" : "not staged", seen.task, seen.host);
    else if (seen.see === "hostLost" || seen.see === "hostBack") account.note(seen.see, -1, seen.host);
  };
  const log = { write: () => {}, close: () => {} };
  return new Engine(
    {
      problem,
      policy,
      ...OPTIONS,
      recipes,
      clock,
      journal,
      past: [],
      keepGoing: true,
      substitute: false,
      passages: null,
      logOf: () => log,
      watch,
    },
    fleet,
  );
}

// There a host that is down from 0 goes down in the instant of the first question, not before it.
executes({ name: "the simulator", except: ["absent"], play: async (situation) => simulated(situation) });
executes({ name: "the live engine", except: [], play: lived });
