// What the lines of a `drvfleet.trace/1` file may be. The first is a header, then attempts in the order of the asks, then
// spans. Seconds; a stage that the source cannot see is absent. Rule: product.md "Trace". `x-…` keys are ignored.
import * as z from "zod";
import { OUTCOMES, SPAN_KINDS, STAGES, type Stage } from "#dispatch/trace.js";

const seconds = z.number().min(0).max(1e9);
const stage = seconds.optional();

export const traceHeader = z.strictObject({
  schema: z.literal("drvfleet.trace/1"),
  /** What names the run: digest, policy, seed, version. */
  run: z.string(),
  /** sim, live, nix-2.8 … */
  engine: z.string().min(1),
  /** In the order of the fleet, the coordinator first. */
  hosts: z.array(z.string().min(1)).min(1),
  /** Seconds until everything requested was done; absent: the last instant of the file. */
  makespan: seconds.optional(),
});

export const traceAttempt = z.strictObject({
  /** The node's key. */
  task: z.string().min(1),
  attempt: z.int().min(0),
  /** Who asked, where several clients shared the hosts. */
  client: z.string().min(1).optional(),
  host: z.string().min(1),
  slot: z.int().min(0),
  cores: z.number().min(0),
  ...(Object.fromEntries(STAGES.map((name) => [name, stage])) as Record<Stage, typeof stage>),
  bytesIn: z.number().min(0).optional(),
  bytesOut: z.number().min(0).optional(),
  coreSeconds: z.number().min(0).optional(),
  outcome: z.enum(OUTCOMES),
});

export const traceSpan = z.strictObject({
  span: z.enum(SPAN_KINDS),
  host: z.string().min(1).optional(),
  task: z.string().min(1).optional(),
  from: seconds,
  to: seconds,
});

/** A line of a trace file: the first is the header. */
export const traceLine = z.union([traceHeader, traceAttempt, traceSpan]);

export type TraceHeader = z.infer<typeof traceHeader>;
export type TraceAttempt = z.infer<typeof traceAttempt>;
