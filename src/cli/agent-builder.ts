// The agent's own builder on this machine: its connections, the local store, what derivations say. Null where this process may
// not write into the store: Nix's own hook then copies and builds.
import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AgentFolder } from "#live/agent/folder.js";
import type { FleetHost } from "#live/agent/hosts.js";
import { OwnBuilder, type OwnBuilderKit } from "#live/agent/own-builder.js";
import { Registrar } from "#live/agent/registrar.js";
import { Slots } from "#live/agent/slots.js";
import { systemClock } from "#live/host/clock.js";
import { closeAll, guard } from "#live/host/guard.js";
import { HostLink } from "#live/host/host-link.js";
import { lentSockets } from "#live/host/lent.js";
import { systemShell } from "#live/host/shell.js";
import { guardCommands } from "#live/host/sweep.js";
import type { FleetFile } from "#model/fleet-file.js";
import { addressesOf } from "./run-addresses.js";
import { recipeBook } from "./run-recipe.js";

const STORE = "/nix/store";
const DATABASE = "/nix/var/nix/db";
const SLOTS = "/nix/var/nix/current-load";

/** `hosts`: those of the fleet, in its order; `nix`: the program beside which nix-store lies. */
export function agentBuilder(
  fleet: FleetFile,
  hosts: readonly FleetHost[],
  folder: AgentFolder,
  nix: string,
  built: OwnBuilderKit["built"],
): OwnBuilder | null {
  const sockets = folder.own;
  const addresses = addressesOf(fleet, sockets);
  if (!addresses.ok || ![STORE, DATABASE].every(isWritable)) return null;
  const clock = systemClock(0);
  const program = nix === "nix" ? "nix-store" : join(dirname(nix), "nix-store");
  const [home, ...others] = addresses.value.of;
  const of = [{ ...home!, program, store: "local" }, ...others];
  const run = `agent-${process.pid}`;
  const book = recipeBook();
  const locked = hosts.map(({ target, slots }) => ({ address: target.address, count: slots }));
  return new OwnBuilder({
    clock,
    slots: new Slots(locked, SLOTS, clock),
    built,
    registrar: new Registrar(systemShell, [program, "--store", "local"]),
    links: () => {
      mkdirSync(sockets, { recursive: true, mode: 0o700 });
      for (const [path, line] of addresses.value.knownHosts) writeFileSync(path, line);
      const lent = lentSockets(systemShell, of);
      const watch = guard(systemShell, guardCommands(of, sockets, run), null);
      const ports = { shell: systemShell, clock, lent: (host: number) => lent[host]!, guard: watch };
      const kit = { ...ports, run, sockets, cores: null, asksLittle: false };
      const links = of.map((address, host) => new HostLink(kit, address, host, () => {}));
      return { links, close: () => closeAll(links, watch) };
    },
    recipe: (drv) => {
      const found = book.recipe(drv);
      return found.ok ? found.value : undefined;
    },
  });
}

/** Or what it will be made in. */
function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" && path !== "/" && isWritable(dirname(path));
  }
}
