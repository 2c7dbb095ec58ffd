// What a user says to a running agent, and how its answers look: status, stop, pins.
import { fault } from "#base/fault.js";
import { agentFolder, usualFolder } from "#live/agent/folder.js";
import { type Reply, tellAgent } from "#live/agent/control.js";
import { printFaults } from "./exit.js";

interface Where {
  readonly runtime?: string;
}

export interface Status {
  readonly schema: "drvfleet.agent/1";
  readonly pid: number;
  readonly policy: string;
  readonly hosts: readonly { readonly name: string; readonly up: boolean; readonly connected: boolean; readonly slots: number }[];
  readonly builds: readonly { readonly name: string; readonly host: string | null; readonly seconds: number }[];
  readonly pins: readonly string[];
}

export function runtimeOf({ runtime }: Where): string {
  return runtime ?? usualFolder(process.getuid?.() ?? 0, process.env.XDG_RUNTIME_DIR);
}

async function tell(where: Where, asked: Reply): Promise<Reply | number> {
  const path = runtimeOf(where);
  const reply = await tellAgent(agentFolder(path).control, asked);
  if (reply === undefined) return printFaults([fault("usage", path, "no agent answers here", "drvfleet agent starts one")]);
  return typeof reply.error === "string" ? printFaults([fault("usage", path, reply.error)]) : reply;
}

export async function agentStatus(flags: Where & { readonly json?: boolean }): Promise<number> {
  const reply = await tell(flags, { do: "status" });
  if (typeof reply === "number") return reply;
  process.stdout.write(`${flags.json === true ? JSON.stringify(reply) : statusText(reply as unknown as Status)}\n`);
  return 0;
}

export async function agentStop(flags: Where): Promise<number> {
  const reply = await tell(flags, { do: "stop" });
  return typeof reply === "number" ? reply : 0;
}

export async function agentPin(pins: readonly string[], flags: Where): Promise<number> {
  const reply = await tell(flags, { do: "pin", pins });
  if (typeof reply === "number") return reply;
  for (const pin of (reply as { pins?: readonly string[] }).pins ?? []) process.stdout.write(`${pin}\n`);
  return 0;
}

function statusText({ pid, policy, hosts, builds, pins }: Status): string {
  const running = (name: string) => builds.filter(({ host }) => host === name);
  const lines = [`agent ${pid}, policy ${policy}`];
  for (const { name, up, connected, slots } of hosts) {
    const state = up ? (connected ? "" : " (not connected)") : " (set aside)";
    lines.push(`${name}${state}: ${running(name).length} of ${slots} slots`);
    for (const build of running(name)) lines.push(`  ${build.name}  ${build.seconds.toFixed(0)} s`);
  }
  const waiting = builds.filter(({ host }) => host === null);
  lines.push(`${waiting.length} waiting`);
  for (const build of waiting.slice(0, 20)) lines.push(`  ${build.name}  ${build.seconds.toFixed(0)} s`);
  for (const pin of pins) lines.push(`pin ${pin}`);
  return lines.join("\n");
}
