import { describe, expect, it } from "vitest";
import type { Conduct, Offering, Reaction, Timing } from "#dispatch/conduct.js";
import { MODELS_DEFAULT } from "#model/models.js";
import { customConductSpec } from "#scenario/conduct-spec.js";
import { jsonSchemaOf, schemas } from "#scenario/schemas.js";

type Json = Record<string, never>;
const at = (schema: unknown, ...path: string[]) => path.reduce((part, step) => (part as Json)[step]!, schema as Json);

describe("jsonSchemaOf", () => {
  it("shows every default of the models and names itself", () => {
    const schema = jsonSchemaOf("scenario");
    expect(schema.title).toBe("drvfleet.scenario/1");
    const models = at(schema, "properties", "models", "properties") as Record<string, { default: unknown }>;
    expect(Object.fromEntries(Object.entries(models).map(([name, model]) => [name, model.default]))).toEqual(MODELS_DEFAULT);
  });

  it.each(Object.keys(schemas) as (keyof typeof schemas)[])("lets x-… keys pass in %s, at every level", (name) => {
    const text = JSON.stringify(jsonSchemaOf(name));
    expect(text.split('"additionalProperties":false').length).toBe(text.split('"patternProperties":{"^x-":{}}').length);
    expect(text).toContain("patternProperties");
  });
});

describe("the schemas and the types they stand for", () => {
  it("a custom conduct may set every field of each part", () => {
    const reaction: Reaction = { buildAttempts: 2, hostAttempts: 3, retrySeconds: 1, backoff: 2, keepGoing: true, hostsDown: "known" };
    const timing: Timing = {
      ask: "serial",
      connect: "each",
      connectCv: 0.2,
      loadCv: 0.2,
      configurationCv: 0.1,
      siteCv: 0.3,
      wanderCv: 0.1,
      wanderSeconds: 5,
      beginSeconds: 0.1,
      hookSeconds: 0.1,
      hookCv: 0.3,
      acceptSeconds: 1,
      refuseSeconds: 0,
      startSeconds: 0,
      startCv: 0.5,
      copyCv: 0.4,
      copySmooth: 0.1,
      returnSeconds: 0,
      noticeSeconds: 0,
      noticeCv: 0.2,
      slotUntil: "built",
      dependents: "built",
      inputs: "accepted",
    };
    const offering: Offering = {
      kind: "waves",
      wavesPerLevel: 1,
      wavesToAsk: 1,
      wavesToRetry: 1,
      wake: "all",
      pollSeconds: 5,
      nobody: "waits",
    };
    const changes: Partial<Conduct> = { name: "mine", offering, reaction, timing };
    expect(customConductSpec.safeParse({ base: "nix", ...changes }).success).toBe(true);
    const { offering: _, reaction: r, timing: t } = customConductSpec.shape;
    expect(Object.keys(r.unwrap().shape)).toEqual(Object.keys(reaction));
    expect(Object.keys(t.unwrap().shape)).toEqual(Object.keys(timing));
  });
});
