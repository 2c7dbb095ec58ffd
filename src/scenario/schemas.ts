// The schemas of this room's files by name, as `drvfleet schema NAME` prints them: JSON Schema with every default, in which x-… keys
// are allowed everywhere, as the readers ignore them. Knows no values.
import * as z from "zod";
import { fleetSpec } from "./fleet-spec.js";
import { graphSpec } from "./graph-spec.js";
import { modelSpec } from "./model-spec.js";
import { scenarioSpec } from "./scenario-spec.js";
import { IGNORED } from "./shape.js";

export const schemas = { graph: graphSpec, fleet: fleetSpec, scenario: scenarioSpec, model: modelSpec } as const satisfies Readonly<
  Record<string, z.ZodType>
>;
export type SchemaName = keyof typeof schemas;

/** A JSON value for printing. The caller has checked the name. */
export function jsonSchemaOf(name: SchemaName): Record<string, unknown> {
  const schema = z.toJSONSchema(schemas[name], {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => ignoreOthers(jsonSchema),
  });
  return { ...schema, title: `drvfleet.${name}/1` };
}

/** Of a line of a file of JSON lines. */
export function lineSchema(line: z.ZodType, name: string): Record<string, unknown> {
  return { ...z.toJSONSchema(line, { io: "input" }), title: `a line of drvfleet.${name}/1` };
}

function ignoreOthers(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.additionalProperties !== false) return;
  schema.patternProperties = { [`^${IGNORED}`]: {} };
}
