// `drvfleet.trace/1`: JSON lines: a header, a row per attempt, a row per interval that belongs to no build. Seconds with
// six decimals; a stage that the source cannot see is absent. Rules: product.md "Files", Trace.
import { z } from "zod";
import { amount, choice, count, line, list, object } from "./shape.js";

const instant = amount("seconds since the start", 0, 1e12).optional();

export const traceHeaderSpec = object({
  schema: z.literal("drvfleet.trace/1", { error: '"drvfleet.trace/1"' }),
  run: line("the name of the run"),
  engine: line("sim, live, or the engine that was recorded, such as nix-2.8"),
  hosts: list("host names, coordinator first", line("a host name")),
});

export const traceAttemptSpec = object({
  task: line("the key of a node"),
  attempt: count("attempt, from 1", 1, 1e6),
  host: line("a host name"),
  slot: count("slot, from 0", 0, 1e6).optional(),
  cores: amount("cores granted", 0, 65536).optional(),
  ready: instant,
  asked: instant,
  accepted: instant,
  uploadFrom: instant,
  uploaded: instant,
  started: instant,
  built: instant,
  returned: instant,
  slotFreed: instant,
  noticed: instant,
  bytesIn: amount("bytes", 0, 2 ** 53).optional(),
  bytesOut: amount("bytes", 0, 2 ** 53).optional(),
  coreSeconds: amount("core-seconds", 0, 1e12).optional(),
  outcome: choice("an outcome", ["built", "failed", "host-lost", "cancelled", "memory", "running"]),
});

export const traceSpanSpec = object({
  span: choice("a span", ["dispatch", "postponed", "held", "down"]),
  host: line("a host name").optional(),
  task: line("the key of a node").optional(),
  from: amount("seconds since the start", 0, 1e12),
  to: amount("seconds since the start", 0, 1e12),
});

/** A line of a trace file: the first is the header. */
export const traceSpec = z.union([traceHeaderSpec, traceAttemptSpec, traceSpanSpec], { error: "a header, an attempt or a span" });
