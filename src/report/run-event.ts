// What `run --json-lines` prints, `drvfleet.run-event/1`: a line says that the run begins, each further one what happened, the
// last one how it ended. Seconds since the run began; hosts by name, derivations by store path. New kinds may come: readers
// skip what they do not know.
import * as z from "zod";

const at = z.number().min(0);
const range = { median: z.number(), low: z.number(), high: z.number() };
const word = z.string().min(1);
const bytes = z.number().min(0);
/** Of a derivation; `host` is where its attempt is, null = none is under way. */
const build = { at, task: word, name: z.string(), host: word.nullable() };

const begun = z.strictObject({
  schema: z.literal("drvfleet.run-event/1"),
  see: z.literal("begun"),
  at,
  run: word,
  directory: word,
  policy: word,
  hosts: z.array(word),
  builds: z.int().min(1),
  predicted: z.strictObject({ ...range, worlds: z.int().min(1) }),
  /** Seconds since 1970. */
  began: z.number(),
  resumed: z.boolean(),
});

const failure = z.strictObject({ name: z.string(), key: word, host: word, why: z.string(), log: z.string().nullable() });

const result = z.strictObject({
  schema: z.literal("drvfleet.run-result/1"),
  directory: word,
  policy: word,
  built: z.int().min(0),
  failed: z.array(failure),
  /** Lost with their hosts until nobody tried again. */
  givenUp: z.array(failure),
  /** Neither built nor failed. */
  unbuilt: z.int().min(0),
  stopped: z.string().nullable(),
  seconds: z.number().min(0),
  predicted: z.strictObject(range),
  outputs: z.array(word),
});

const STAGES = ["accepted", "uploadFrom", "uploaded", "started", "built", "returned"] as const;

export const runEvent = z.union([
  begun,
  /** The attempt has reached a stage: placed, inputs begin to travel, are there, build begins, ends, outputs are back. */
  z.strictObject({ ...build, see: z.literal("stage"), stage: z.enum(STAGES), bytes }),
  /** built: its outputs exist; slotFreed; ended: what waits for it may go on; retried; lost: its outputs are gone; unfed: inputs are. */
  z.strictObject({ ...build, see: z.enum(["built", "slotFreed", "ended", "retried", "lost", "unfed"]) }),
  /** cause host: it will be tried elsewhere. */
  z.strictObject({ ...build, see: z.literal("failed"), cause: z.enum(["build", "host"]), why: z.string() }),
  /** A host will not build it. */
  z.strictObject({ ...build, see: z.literal("refused"), why: z.string() }),
  /** Its outputs came to a host. */
  z.strictObject({ ...build, see: z.literal("put") }),
  z.strictObject({ at, see: z.enum(["hostLost", "hostBack"]), host: word, why: z.string() }),
  /** Its outputs, sent ahead of the builds that need them, came to a host, or did not. */
  z.strictObject({ ...build, see: z.literal("staged"), isThere: z.boolean() }),
  /** The host is not reached from another builder: its inputs from there take the way through the coordinator. */
  z.strictObject({ at, see: z.literal("detour"), host: word, why: z.string() }),
  /** A request arrived; a moment came that the policy had asked for. */
  z.strictObject({ at, see: z.enum(["arrived", "woke"]) }),
  result,
]);

export type RunEvent = z.infer<typeof runEvent>;
export type RunBegun = z.infer<typeof begun>;
