// List scheduling from parts: any priority with any placement. The recommended default is the critical path first, on
// the host where it ends first. Source: Graham 1969; Kwok and Ahmad 1999 (survey of priorities and placements).
import * as z from "zod";
import { CONDUCTS } from "#dispatch/conducts.js";
import type { PolicyKind } from "#dispatch/policy.js";
import { PLACEMENT, PLACEMENTS } from "./placement.js";
import { queueing } from "./queueing.js";
import { orderBy, PRIORITIES } from "./rank.js";

const params = z.strictObject({
  priority: z.enum(PRIORITIES).default("critical-path"),
  placement: z.enum(PLACEMENTS).default("earliest-finish"),
});

export const list: PolicyKind<z.infer<typeof params>> = {
  about: "ready builds in order of a priority, each placed by a rule",
  source: "Graham, SIAM J. Appl. Math. 17(2), 1969; Kwok and Ahmad, ACM Comput. Surv. 31(4), 1999",
  conduct: () => CONDUCTS.run,
  params,
  create: (problem, { priority, placement }) => queueing(problem, orderBy(problem, priority), PLACEMENT[placement](problem)),
};
