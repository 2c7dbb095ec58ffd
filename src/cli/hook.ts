// `drvfleet hook`: writes the script that Nix is to start, says how Nix is told of it, or runs it in its own place (which costs
// the start of this program for every build, so that it is for trying out).
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fault } from "#base/fault.js";
import { agentFolder, holder } from "#live/agent/folder.js";
import { hookScript } from "#live/hook/script.js";
import { atLeast, nixVersion } from "#model/nix-version.js";
import { runtimeOf } from "./agent-words.js";
import { EXIT, printFaults } from "./exit.js";
import { directoryFault } from "./files.js";
import { nixProgram, ownHook } from "./nix-program.js";

interface HookRequest {
  readonly runtime?: string;
  readonly nix?: string;
  readonly write?: string;
}

export async function explainHook(request: HookRequest): Promise<number> {
  const folder = agentFolder(runtimeOf(request));
  const nix = nixProgram(request.nix);
  let script = folder.script;
  if (request.write !== undefined) {
    script = resolve(request.write);
    const blocked = directoryFault(resolve(script, ".."));
    if (blocked !== null) return printFaults([blocked]);
    writeFileSync(`${script}.new`, scriptFor(request));
    chmodSync(`${script}.new`, 0o755);
    renameSync(`${script}.new`, script);
  }
  process.stdout.write(`${usage(script, nix, holder(folder) !== null || request.write !== undefined)}\n`);
  return EXIT.fine;
}

/** Nix's arguments, standard streams and descriptors 4 and 5 go to the script as they are. */
export async function beHook(verbosity: string, request: HookRequest): Promise<number> {
  if (!/^\d{1,2}$/.test(verbosity))
    return printFaults([fault("usage", "hook", `found ${JSON.stringify(verbosity)}, expected Nix's verbosity, a number`)]);
  const child = spawn("/bin/sh", ["-c", scriptFor(request), "drvfleet-hook", verbosity], {
    stdio: ["inherit", "inherit", "inherit", "ignore", 4, 5],
  });
  return new Promise((ended) => {
    child.on("error", ({ message }) => ended(printFaults([fault("host", "/bin/sh", message)])));
    child.on("close", (code) => ended(code ?? EXIT.buildFailed));
  });
}

function scriptFor(request: HookRequest): string {
  return hookScript({ runtime: runtimeOf(request), path: process.env.PATH ?? "/usr/bin:/bin", own: ownHook(nixProgram(request.nix)) });
}

function usage(script: string, nix: string, isThere: boolean): string {
  const said = spawnSync(nix, ["--version"], { encoding: "utf8" });
  const version = said.error === undefined ? nixVersion(said.stdout.trim()) : undefined;
  const clobbered = version !== undefined && atLeast(version, "2.25") && !atLeast(version, "2.34");
  return [
    ...(isThere ? [] : ["no agent is running: `drvfleet agent` starts one, and writes the hook", ""]),
    "one build:",
    `  nix build --option build-hook ${script} …`,
    "",
    clobbered
      ? `always (${said.stdout.trim()} ignores build-hook in /etc/nix/nix.conf): in the environment of nix or nix-daemon`
      : "always: in nix.conf, and the nix-daemon restarted",
    clobbered ? `  NIX_CONFIG='build-hook = ${script}'` : `  build-hook = ${script}`,
  ].join("\n");
}
