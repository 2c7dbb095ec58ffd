// Who builds in the campaign: `drvfleet run`, which is resumed when it was killed, and Nix with our hook, which is started
// again. Knows how each is started and what it leaves when it is done; nothing of faults and verdicts.
import { existsSync } from "node:fs";
import type { Ended } from "../../program.js";
import type { Running, Testbed } from "../testbed/testbed.js";
import type { SubjectName } from "./case.js";

/** A graph that stands ready on the coordinator. */
export interface Prepared {
  readonly name: string;
  /** .drv paths of what is asked for. */
  readonly roots: readonly string[];
}

export interface Subject {
  /** Before the client: whatever it needs that lives longer than it. */
  begin(bed: Testbed): Promise<void>;
  start(bed: Testbed, prepared: Prepared): Running;
  /** After the client was killed outright. */
  again(bed: Testbed, prepared: Prepared): Running;
  /** Whatever outlives the client goes too. */
  end(bed: Testbed): Promise<void>;
}

export type AgentWord = "stop" | "kill";

/** The agent of the hook, which faults may kill and start. */
export class AgentHolder {
  private agent: Running | null = null;
  /** What all agents said, for people. */
  said = "";

  async start(bed: Testbed): Promise<void> {
    const agent = bed.spawn("ai", ["drvfleet", "agent"]);
    this.agent = agent;
    await new Promise<void>((resolve, reject) => {
      agent.process.stderr!.on("data", (text: Buffer) => {
        this.said += text.toString("utf8");
        if (this.said.includes("ready")) resolve();
      });
      void agent.ended.then(({ err }) => reject(new Error(err)));
    });
  }

  kill(): void {
    this.agent?.signal("SIGKILL");
    this.agent = null;
  }

  async stop(): Promise<Ended | undefined> {
    this.agent?.signal("SIGTERM");
    const ended = this.agent?.ended;
    this.agent = null;
    return ended;
  }
}

export function subjects(agent: AgentHolder): Readonly<Record<SubjectName, Subject>> {
  const nix = (bed: Testbed, { roots }: Prepared): Running =>
    bed.spawn("ai", ["nix-store", "-r", "-j0", "--option", "build-hook", "/run/drvfleet/hook", ...roots]);
  const run = (bed: Testbed, { name }: Prepared): Running => bed.spawn("ai", ["drvfleet", "run", `${name}.json`, "--out", name]);
  return {
    run: {
      begin: async () => {},
      start: run,
      // Killed before its journal stood, it has not begun.
      again: (bed, prepared) =>
        existsSync(bed.path("ai", `/root/${prepared.name}/journal.jsonl`))
          ? bed.spawn("ai", ["drvfleet", "run", "--resume", prepared.name])
          : run(bed, prepared),
      end: async () => {},
    },
    hook: {
      begin: (bed) => agent.start(bed),
      start: nix,
      again: nix,
      end: async () => void (await agent.stop()),
    },
  };
}
