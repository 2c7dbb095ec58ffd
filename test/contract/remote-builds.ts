// What Nix's own test of remote builds (tests/nixos/remote-builds.nix) asserts of a client with two equal builders of one
// job each and no local jobs, as one suite for whatever places builds: stock Nix, the simulator, our run, our hook.
import { afterAll, beforeAll, describe, expect, it } from "vitest";

export interface Job {
  readonly name: string;
  readonly seconds: number;
  readonly fails: boolean;
}

export interface Situation {
  readonly jobs: readonly Job[];
  /** Whether the first builder's packets vanish from before the start. */
  readonly firstIsBlocked: boolean;
  /** Whether $SHELL of the client is a program that fails. */
  readonly shellIsBroken: boolean;
}

export interface Outcome {
  /** Whether the client says that all is built. */
  readonly succeeded: boolean;
  /** By job: the builders on which its output is, 0 for the first and 1 for the second. */
  readonly on: Readonly<Record<string, readonly number[]>>;
}

/** Two builders and a client, and some way to build. */
export interface Site {
  build(situation: Situation): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Subject {
  readonly name: string;
  /** Whether it cannot be tried here; its test file is skipped aloud then. */
  readonly isMissing: boolean;
  /** Assertions that mean nothing for it, by key of ASSERTIONS. */
  readonly except: readonly (keyof typeof ASSERTIONS)[];
  open(): Promise<Site>;
}

interface Assertion {
  readonly says: string;
  readonly situation: Partial<Situation> & Pick<Situation, "jobs">;
  readonly outcome: Outcome;
  /** The same outcome with the builders changed round will do. */
  readonly eitherWay?: true;
}

const job = (name: string, more: Partial<Job> = {}): Job => ({ name, seconds: 0.2, fails: false, ...more });

const ASSERTIONS = {
  single: {
    says: "a single build is on the first builder: of equal ones, the first in the list",
    situation: { jobs: [job("single")] },
    outcome: { succeeded: true, on: { single: [0] } },
  },
  parallel: {
    says: "of two builds at once, one is on each builder",
    // As long as the second takes to be handed out, even on a slow machine.
    situation: { jobs: [job("one", { seconds: 4 }), job("two", { seconds: 4 })] },
    outcome: { succeeded: true, on: { one: [0], two: [1] } },
    eitherWay: true,
  },
  failing: {
    says: "a build that fails there fails here",
    situation: { jobs: [job("bad", { fails: true })] },
    outcome: { succeeded: false, on: { bad: [] } },
  },
  blocked: {
    says: "a builder that cannot be reached is skipped",
    situation: { jobs: [job("blocked")], firstIsBlocked: true },
    outcome: { succeeded: true, on: { blocked: [1] } },
  },
  shell: {
    says: "a broken $SHELL does not matter",
    situation: { jobs: [job("shell")], shellIsBroken: true },
    outcome: { succeeded: true, on: { shell: [0] } },
  },
} satisfies Readonly<Record<string, Assertion>>;

/** The suite, for one subject. */
export function remoteBuilds({ name, isMissing, except, open }: Subject): void {
  describe.skipIf(isMissing)(`remote builds by ${name}`, () => {
    let site: Site;
    beforeAll(async () => {
      site = await open();
    });
    afterAll(() => site?.close());

    for (const [key, { says, situation, outcome, eitherWay }] of Object.entries<Assertion>(ASSERTIONS))
      if (!except.includes(key as keyof typeof ASSERTIONS))
        it(says, async () => {
          const seen = await site.build({ firstIsBlocked: false, shellIsBroken: false, ...situation });
          expect(eitherWay ? [outcome, changedRound(outcome)] : [outcome]).toContainEqual(seen);
        });
  });
}

function changedRound({ succeeded, on }: Outcome): Outcome {
  return { succeeded, on: Object.fromEntries(Object.entries(on).map(([name, at]) => [name, at.map((builder) => 1 - builder)])) };
}
