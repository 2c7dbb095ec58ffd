// The registry: every policy by the name it has in scenarios and on the command line. A new one is a line here and a
// file of its own. The order is the order of listings and of equal results.
import type { Random } from "#base/random.js";
import type { Conduct } from "#dispatch/conduct.js";
import type { Policy, PolicyKind } from "#dispatch/policy.js";
import type { Problem } from "#model/problem.js";
import { heft } from "./heft.js";
import { list } from "./list.js";
import { nix } from "./nix.js";
import { fastestFree, fifo, leastLoaded, localFirst, random, roundRobin } from "./simple.js";

/** A policy whose parameters are settled. */
export interface Scheme {
  readonly conduct: Conduct;
  create(problem: Problem, random: Random): Policy;
}

/** What a wrong parameter looks like: which, and what was expected. */
export interface WrongParameter {
  readonly parameter: string;
  readonly what: string;
  /** Names that may have been meant, for a hint. */
  readonly known: readonly string[];
}

export interface Entry {
  readonly about: string;
  readonly source: string;
  readonly parameters: readonly string[];
  /** Reads parameters as written in brackets. */
  settle(params: Readonly<Record<string, unknown>>): Scheme | WrongParameter;
}

function entry<P>(kind: PolicyKind<P>): Entry {
  const parameters = Object.keys(kind.params.def && "shape" in kind.params.def ? (kind.params.def.shape as object) : {});
  return {
    about: kind.about,
    source: kind.source,
    parameters,
    settle(params) {
      const read = kind.params.safeParse(params);
      if (!read.success) {
        const issue = read.error.issues[0]!;
        if (issue.code === "unrecognized_keys") return { parameter: issue.keys[0]!, what: "no such parameter", known: parameters };
        const parameter = String(issue.path[0] ?? "");
        const known = issue.code === "invalid_value" ? issue.values.map(String) : [];
        return { parameter, what: known.length > 0 ? `one of ${known.join(", ")}` : issue.message, known };
      }
      return { conduct: kind.conduct(read.data), create: (problem, roll) => kind.create(problem, read.data, roll) };
    },
  };
}

export const POLICIES = {
  nix: entry(nix),
  list: entry(list),
  heft: entry(heft),
  "local-first": entry(localFirst),
  "fastest-free": entry(fastestFree),
  "least-loaded": entry(leastLoaded),
  "round-robin": entry(roundRobin),
  fifo: entry(fifo),
  random: entry(random),
} as const satisfies Record<string, Entry>;

export type PolicyName = keyof typeof POLICIES;
export const POLICY_NAMES = Object.keys(POLICIES) as readonly PolicyName[];
