// `drvfleet schema NAME`: the JSON Schema of a file, made from the schema that checks it.
import type { Command } from "commander";
import { fault, suggest } from "#base/fault.js";
import { printFaults } from "./exit.js";

export function schemaCommand(program: Command): void {
  program
    .command("schema")
    .description("the JSON Schema of a file: graph, fleet, scenario, trace, history")
    .argument("<name>", "which file")
    .action(async (name: string) => {
      const { jsonSchemaOf, schemas } = await import("#scenario/schemas.js");
      const { HISTORY_ROW } = await import("#estimate/history-file.js");
      const names = [...Object.keys(schemas), "history"];
      if (!names.includes(name)) {
        process.exitCode = printFaults([fault("usage", "schema", `found the unknown name ${JSON.stringify(name)}`, suggest(name, names))]);
        return;
      }
      const { z } = await import("zod");
      const schema =
        name === "history"
          ? { ...z.toJSONSchema(HISTORY_ROW, { io: "input" }), title: "drvfleet.history/1" }
          : jsonSchemaOf(name as keyof typeof schemas);
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
}
