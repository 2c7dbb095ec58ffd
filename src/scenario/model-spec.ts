// `drvfleet.model/1`: calibrated figures, as `calibrate` writes them and as people may. The fields of a conduct are those of
// its timing in a scenario, and build-poll-interval; those of a host are those of a fleet. A figure may stand alone.
import * as z from "zod";
import { pollSeconds, timing } from "./conduct-spec.js";
import { contention } from "./fleet-spec.js";
import { WORKLOADS } from "#model/graph-file.js";
import { amount, count, line, list, object, quantityOf, table } from "./shape.js";

/** Fields of a timing that are choices, not figures. */
const CHOICES = ["ask", "connect", "slotUntil", "dependents", "inputs"];

/** An interval may reach further than any figure should: two runs that differ tell little. */
function figure<V extends z.ZodType, E extends z.ZodType>(value: V, end: E) {
  return z.union(
    [
      value,
      object({
        value,
        low: end.optional().describe("the lower end of the 95 % interval"),
        high: end.optional(),
        observations: count("how many observations", 0, 1e9).optional(),
        runs: count("how many runs", 0, 1e9).optional(),
      }),
    ],
    { error: "a figure, or {value, low, high, observations, runs}" },
  );
}

const END = amount("an end of the interval", 0, Number.MAX_VALUE);

function number<V extends z.ZodType>(value: V) {
  return figure(value, END).optional();
}

function time(what: string) {
  return figure(quantityOf(what, "seconds", 3600), quantityOf(what, "seconds")).optional();
}

function rate(what: string) {
  return figure(quantityOf(what, "rate"), quantityOf(what, "rate")).optional();
}

const timingFigures = Object.fromEntries(
  Object.entries(timing.shape)
    .filter(([field]) => !CHOICES.includes(field))
    .map(([field, value]) => [field, number(value.unwrap())]),
);

const host = object({
  connect: time("the time of an SSH connect"),
  connectCpu: time("CPU time of the host in one connect"),
  copyUp: rate("the rate of a copy from it by the client's CPU"),
  copyDown: rate("the rate of a copy to it by the client's CPU"),
  up: rate("the rate from this host"),
  down: rate("the rate towards this host"),
  latency: time("the one-way latency"),
  speed: number(amount("speed relative to the reference core", 0.001, 1000)),
});

/** Keys as `emulatedKind` writes them. */
const kind = new RegExp(`^[^ ]+ (${WORKLOADS.join("|")})$`);
const slowdowns = table("slowdowns by system and workload", figure(amount("a slowdown", 0.001, 10000), END)).refine(
  (figures) => Object.keys(figures).every((key) => kind.test(key)),
  { error: `each by a system and one of ${WORKLOADS.join(", ")}: "riscv64-linux compile"` },
);

const variation = number(amount("a coefficient of variation", 0, 10));

export const modelSpec = object({
  schema: z.literal("drvfleet.model/1", { error: '"drvfleet.model/1"' }),
  name: line("the name of the model").optional(),
  about: line("one line: what it was fitted to").optional(),
  conducts: table("figures by the name of a conduct", object({ ...timingFigures, pollSeconds: number(pollSeconds.unwrap()) }))
    .optional()
    .describe("by the name of a conduct, without its parameters"),
  machines: table(
    "figures by the name of a machine",
    object({
      speed: host.shape.speed,
      speedCv: variation,
      workCv: variation,
      shareCv: variation,
      contention: number(contention),
    }),
  )
    .optional()
    .describe("of machines that hosts share, for what a fleet leaves out"),
  emulation: table("slowdowns by the name of a machine or of a host", slowdowns)
    .optional()
    .describe("of systems that a fleet calls emulated without saying how much slower that is: `riscv64-linux compile: 3.4`"),
  hosts: table("figures by host name", host).optional().describe("for what a fleet leaves out"),
  unknown: list("what is not known", object({ what: line("what"), why: line("why") }))
    .optional()
    .describe("what the traces could not tell"),
});
