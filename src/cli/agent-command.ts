// `drvfleet agent`, `drvfleet agent status`, `drvfleet agent stop` and `drvfleet pin`: flags only. The work is loaded when it runs.
import type { Command } from "commander";
import { loudnessOf } from "./notes.js";
import { collect } from "./scenario-flags.js";

interface AgentFlags {
  readonly fleet?: string;
  readonly policy: string;
  readonly history?: string;
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  readonly prefer: readonly string[];
  readonly pin: readonly string[];
  readonly runtime?: string;
  readonly nix?: string;
  readonly state: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export function agentCommand(program: Command): void {
  const command = program
    .command("agent")
    .description("hold the queue of all nix processes of this machine: `drvfleet hook` asks it")
    .option("--fleet <file>", "fleet file; default: the machines of /etc/nix/machines")
    .option("--policy <name>", "such as list[priority=critical-path]", "list")
    .option("--history <file>", "past builds, from which durations are expected, and to which its own are added; default: that of runs")
    .option("--only <hosts>", "only these hosts (commas)", collect, [])
    .option("--exclude <hosts>", "not these hosts (commas)", collect, [])
    .option("--prefer <hosts>", "these hosts first while they have room (commas)", collect, [])
    .option("--pin <glob=hosts>", "derivations of that name only there; the last match wins (repeatable)", collect, [])
    .option("--nix <file>", "the nix whose own build hook copies and builds; default: that of PATH")
    .option("--state <dir>", "Nix's state directory", "/nix/var/nix")
    .option("--runtime <dir>", "private directory for the hooks; default: /run/drvfleet, or the login session's")
    .action(async (_flags: unknown, self: Command) => {
      const flags = self.optsWithGlobals<AgentFlags>();
      const { runAgent } = await import("./agent.js");
      process.exitCode = await runAgent({ ...flags, loudness: loudnessOf(flags) });
    });
  command
    .command("status")
    .description("what it builds where, what waits, and which hosts are set aside")
    .option("--json", "as JSON on standard output")
    .option("--runtime <dir>", "the agent's directory")
    .action(async (_flags: unknown, self: Command) => {
      const { agentStatus } = await import("./agent-words.js");
      process.exitCode = await agentStatus(self.optsWithGlobals<AgentFlags>());
    });
  command
    .command("stop")
    .description("end it: what it builds itself, and what waits, is built by Nix's own hook; what that hook builds goes on")
    .option("--runtime <dir>", "the agent's directory")
    .action(async (_flags: unknown, self: Command) => {
      const { agentStop } = await import("./agent-words.js");
      process.exitCode = await agentStop(self.optsWithGlobals<AgentFlags>());
    });
  program
    .command("pin")
    .description("tell the running agent where derivations of a name may be built; without arguments: what it was told")
    .argument("[pins...]", "GLOB=host[,host]; GLOB= forgets that glob")
    .option("--runtime <dir>", "the agent's directory")
    .action(async (pins: string[], _flags: unknown, self: Command) => {
      const { agentPin } = await import("./agent-words.js");
      process.exitCode = await agentPin(pins, self.optsWithGlobals<AgentFlags>());
    });
}
