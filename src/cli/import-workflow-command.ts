// The command `drvfleet import workflow`: its flags. The work is loaded when it runs.
import type { Command } from "commander";
import { writeAll } from "./files.js";
import { explain } from "./import-output.js";

interface WorkflowFlags {
  readonly output: string;
  readonly quiet?: boolean;
}

/** Called once by `import`. */
export function workflowCommand(command: Command): void {
  command
    .command("workflow")
    .description("measured runs of workflows, to replay: for each a graph, a trace and a scenario")
    .argument("<input...>", "WfCommons instances with machines, or JSON lines with a run each; .gz is undone")
    .requiredOption("-o, --output <dir>", "the folder to write into")
    .action(async (inputs: string[], _flags: unknown, self: Command) => {
      const { output, quiet } = self.optsWithGlobals<WorkflowFlags>();
      const { importWorkflow } = await import("./import-workflow.js");
      const made = importWorkflow(inputs);
      if (!made.ok) return explain(made.faults);
      const failed = writeAll(output, made.value.files);
      if (failed !== null) return explain([failed]);
      if (quiet === true) return;
      for (const note of made.value.notes) process.stderr.write(`note: ${note}\n`);
      process.stderr.write(`${output}: ${made.value.summary}\n`);
    });
}
