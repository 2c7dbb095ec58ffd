#!/usr/bin/env node
// The program: which commands there are, and how it ends. Commands load their work only when they run, so that --help
// is quick. Nobody imports this folder.
import { Command, CommanderError, Option } from "commander";
import { EXIT, printBug } from "./exit.js";
import { agentCommand } from "./agent-command.js";
import { hookCommand } from "./hook-command.js";
import { checkCommand } from "./check-command.js";
import { importCommand } from "./import.js";
import { calibrateCommand } from "./calibrate-command.js";
import { compareCommand } from "./compare-command.js";
import { explainCommand } from "./explain-command.js";
import { schemaCommand } from "./schema-command.js";
import { completionCommand } from "./completion-command.js";
import { reportCommand } from "./report-command.js";
import { runCommand } from "./run-command.js";
import { simulateCommand } from "./simulate-command.js";
import { validateCommand } from "./validate-command.js";
import { VERSION } from "./version.js";

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

function program(): Command {
  const top = new Command("drvfleet")
    .description("Which scheduling policy makes these Nix derivations finish soonest on this fleet, and why?")
    .version(VERSION)
    .option("-q, --quiet", "no progress and no notes")
    .option("-v, --verbose", "all notes, and what is assumed")
    .addOption(new Option("--debug", "stack traces for bugs").hideHelp())
    .showSuggestionAfterError(true)
    .showHelpAfterError("  hint: --help shows what is expected")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  compareCommand(top);
  simulateCommand(top);
  explainCommand(top);
  reportCommand(top);
  validateCommand(top);
  calibrateCommand(top);
  runCommand(top);
  agentCommand(top);
  hookCommand(top);
  checkCommand(top);
  importCommand(top);
  schemaCommand(top);
  completionCommand(top);
  return top;
}

async function main(): Promise<void> {
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => process.exit(code));
  process.stdout.on("error", outputLost);
  process.stderr.on("error", () => {});
  const debug = process.argv.includes("--debug");
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.input;
    else process.exitCode = printBug(error, debug);
  }
}

/** A reader that has seen enough, as in `| head`, is no mistake: files are still written. A full disk is one. */
function outputLost({ code, message }: NodeJS.ErrnoException): void {
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
  process.stderr.write(`error: standard output: it cannot be written to: ${message}\n`);
  process.exit(EXIT.input);
}

await main();
