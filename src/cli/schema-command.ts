// `drvfleet schema NAME`: the JSON Schema of a file, made from the schema that checks it.
import type { Command } from "commander";
import type { ZodType } from "zod";
import { fault, suggest } from "#base/fault.js";
import { printFaults } from "./exit.js";

export function schemaCommand(program: Command): void {
  program
    .command("schema")
    .description("the JSON Schema of a file: graph, fleet, scenario, model, trace, history, ledger, run-event")
    .argument("<name>", "which file")
    .action(async (name: string) => {
      const { jsonSchemaOf, lineSchema, schemas } = await import("#scenario/schemas.js");
      const { HISTORY_ROW } = await import("#estimate/history-file.js");
      const { traceLine } = await import("#report/trace-schema.js");
      const { ledgerLine } = await import("#report/ledger-file.js");
      const { runEvent } = await import("#report/run-event.js");
      /** Files of JSON lines: the schema is a line's. */
      const lines: Readonly<Record<string, ZodType>> = {
        trace: traceLine,
        history: HISTORY_ROW,
        ledger: ledgerLine,
        "run-event": runEvent,
      };
      const names = [...Object.keys(schemas), ...Object.keys(lines)];
      if (!names.includes(name)) {
        process.exitCode = printFaults([fault("usage", "schema", `found the unknown name ${JSON.stringify(name)}`, suggest(name, names))]);
        return;
      }
      const line = lines[name];
      const schema = line === undefined ? jsonSchemaOf(name as keyof typeof schemas) : lineSchema(line, name);
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
}
