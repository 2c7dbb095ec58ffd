// The suite of remote builds, held against real clients on the testbed. A further client is a line of CLIENTS.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { remoteBuilds, type Site } from "../contract/remote-builds.js";
import type { Ended } from "../program.js";
import { lacksRoot, lacksTestbed } from "./needs.js";
import { ROOTS, type Testbed, testbed } from "./testbed/testbed.js";

/** What builds derivations from the coordinator `ai`, on the builders of its machines file, none of them here. */
interface Client {
  /** Folder of roots.sh whose Nix all hosts have; without it, this machine's. */
  readonly version?: string;
  prepare?(bed: Testbed): Promise<void>;
  realise(bed: Testbed, drvs: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended>;
}

const stock: Client = { realise: (bed, drvs, env) => bed.in("ai", ["nix-store", "-r", "-j0", ...drvs], { env }) };

/** Our hook: an agent waits for what Nix asks. */
const hook: Client = {
  prepare: async (bed) => {
    const agent = bed.spawn("ai", ["drvfleet", "agent"]);
    await new Promise<void>((resolve) => agent.process.stderr!.once("data", () => resolve()));
  },
  realise: async (bed, drvs, env) => {
    // A host that was silent stays set aside for a while after it has come back.
    for (let isUp = false; !isUp; ) {
      const { out } = await bed.in("ai", ["drvfleet", "agent", "status", "--json"]);
      isUp = (JSON.parse(out) as { hosts: { up: boolean }[] }).hosts.every(({ up }) => up);
    }
    return bed.in("ai", ["nix-store", "-r", "-j0", "--option", "build-hook", "/run/drvfleet/hook", ...drvs], { env });
  },
};

/** Our own engine: the machines file is its fleet, and nothing is built on the client. */
const run: Client = { realise: (bed, drvs, env) => bed.in("ai", ["drvfleet", "run", "--exclude", "coordinator", ...drvs], { env }) };

const CLIENTS: Readonly<Record<string, Client>> = {
  "stock Nix of this machine": stock,
  "stock Nix 2.26": { ...stock, version: "2.26" },
  "stock Nix 2.34": { ...stock, version: "2.34" },
  "drvfleet hook under this machine's Nix": hook,
  "drvfleet hook under Nix 2.34": { ...hook, version: "2.34" },
  "drvfleet run with this machine's Nix": run,
  "drvfleet run with Nix 2.34": { ...run, version: "2.34" },
};

const EXPRESSION = `{ name, seconds, fails }: derivation {
  inherit name seconds; system = builtins.currentSystem; builder = "/bin/sh";
  args = [ "-c" "/bin/sleep $seconds; \${if fails then "exit 1" else "echo > $out"}" ]; }`;

async function site({ version, prepare = async () => {}, realise }: Client): Promise<Site> {
  const bed = await testbed({ id: `conform.${process.pid}`, hosts: 2, ...(version === undefined ? {} : { root: join(ROOTS, version) }) });
  bed.write("ai", "/root/job.nix", EXPRESSION);
  // A silent host costs this long; ssh's own limit is minutes.
  bed.write("ai", "/root/.ssh/config", "Host *\n  BatchMode yes\n  ConnectTimeout 2\n");
  await bed.in("ai", ["sh", "-c", "printf '#!/bin/sh\\nexit 1\\n' > broken-shell; chmod +x broken-shell"]);
  await bed.machines();
  await prepare(bed);

  const instantiate = async (name: string, seconds: number, fails: boolean): Promise<string> => {
    const args = ["--argstr", "name", name, "--argstr", "seconds", String(seconds), "--arg", "fails", String(fails)];
    return (await bed.in("ai", ["nix-instantiate", "job.nix", ...args])).out.trim();
  };
  const output = async (drv: string): Promise<string> => (await bed.in("ai", ["nix-store", "-q", "--outputs", drv])).out.trim();

  return {
    build: async ({ jobs, firstIsBlocked, shellIsBroken }) => {
      const drvs: string[] = [];
      for (const { name, seconds, fails } of jobs) drvs.push(await instantiate(name, seconds, fails));
      if (firstIsBlocked) await bed.silence(bed.hosts[0]!, "on");
      const { code } = await realise(bed, drvs, shellIsBroken ? { SHELL: "/root/broken-shell" } : {});
      if (firstIsBlocked) await bed.silence(bed.hosts[0]!, "off");
      const on: Record<string, number[]> = {};
      for (const [i, drv] of drvs.entries()) {
        const path = await output(drv);
        on[jobs[i]!.name] = bed.hosts.flatMap((host, h) => (existsSync(bed.path(host, path)) ? [h] : []));
      }
      return { succeeded: code === 0, on };
    },
    close: () => bed.down(),
  };
}

const noTestbed = lacksTestbed();
for (const [name, client] of Object.entries(CLIENTS))
  remoteBuilds({
    name,
    isMissing: noTestbed || (client.version !== undefined && lacksRoot(client.version)),
    except: [],
    open: () => site(client),
  });
