// The `conduct` of a scenario: `own`, a named one with parameters, or fields laid over a named one, for what-if. Which
// names exist is the registry's knowledge; the fields are those of dispatch/conduct.ts, which a test compares.
import * as z from "zod";
import { amount, choice, count, line, object } from "./shape.js";

const seconds = (what: string) => amount(`${what}, seconds`, 0, 1e6).optional();

export const pollSeconds = seconds("the poll interval");

const offering = z.union(
  [
    object({ kind: z.literal("all", { error: '"all"' }) }),
    object({
      kind: z.literal("waves", { error: '"waves"' }),
      wavesPerLevel: count("waves per level", 0, 100).optional(),
      wavesToAsk: count("waves until a dependent asks", 0, 100).optional(),
      wavesToRetry: count("waves until a slot waiter asks", 0, 100).optional(),
      wake: choice("who is woken", ["all", "one", "free-local-slots"]).optional(),
      pollSeconds,
      nobody: choice("what becomes of what nobody takes", ["waits", "fails"]).optional(),
    }),
  ],
  { error: "{kind: all} or {kind: waves, …}" },
);

const reaction = object({
  buildAttempts: count("attempts of a build", 1, 1000).optional(),
  hostAttempts: count("attempts of a build lost with its host", 1, 1000).optional(),
  retrySeconds: seconds("the wait before a retry"),
  backoff: amount("the factor of each further wait", 1, 1000).optional(),
  keepGoing: z.boolean({ error: "true or false" }).optional(),
  hostsDown: choice("how the client knows that a host is down", ["known", "asked"]).optional(),
});

export const timing = object({
  ask: choice("asking", ["serial", "parallel"]).optional(),
  connect: choice("connecting", ["each", "kept"]).optional(),
  connectCv: amount("the variation of a connect", 0, 10).optional(),
  loadCv: amount("the variation of load from run to run", 0, 10).optional(),
  configurationCv: amount("the variation from one graph and fleet to another", 0, 10).optional(),
  siteCv: amount("the variation from one client's machine to another", 0, 10).optional(),
  wanderCv: amount("the variation of load during a run", 0, 10).optional(),
  wanderSeconds: amount("how long load stays as it is, seconds", 0.001, 1e6).optional(),
  beginSeconds: seconds("what the client does once before its first question"),
  hookSeconds: seconds("the start of the hook before a question"),
  hookCv: amount("the variation of a start of the hook", 0, 10).optional(),
  acceptSeconds: seconds("the cost of an accepted build"),
  refuseSeconds: seconds("the cost of a refused ask"),
  startSeconds: seconds("the start of a builder"),
  startCv: amount("the variation of a start of a builder", 0, 10).optional(),
  copyCv: amount("the variation of a copy that processors limit", 0, 10).optional(),
  copySmooth: amount("the share of copies that are little work", 0, 1).optional(),
  returnSeconds: seconds("the return of outputs"),
  noticeSeconds: seconds("the lag of noticing"),
  noticeCv: amount("the variation of the lag of noticing", 0, 10).optional(),
  slotUntil: choice("when a slot is freed", ["built", "returned"]).optional(),
  dependents: choice("when what needs an output may start", ["built", "returned"]).optional(),
  inputs: choice("when inputs travel", ["accepted", "produced"]).optional(),
});

export const customConductSpec = object({
  base: line("the conduct that the other fields change").default("own"),
  name: line("the name of the conduct").optional(),
  offering: offering.optional(),
  reaction: reaction.optional(),
  timing: timing.optional(),
});

export const conductSpec = z.union([line("a conduct: own, nix, run, hook, ideal"), customConductSpec], {
  error: "own, the name of a conduct such as nix or ideal, or {base: nix, timing: {…}}",
});
