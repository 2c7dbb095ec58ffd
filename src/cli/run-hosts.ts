// The hosts of a run as the live engine wants them: addresses, slots, a private directory for sockets. What is made
// here is removed by `leave`.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, fault, ok, type Result } from "#base/fault.js";
import { systemClock } from "#live/host/clock.js";
import { FleetLink } from "#live/run/fleet-link.js";
import { Passages } from "#live/run/passages.js";
import { guard } from "#live/host/guard.js";
import { lentSockets } from "#live/host/lent.js";
import { systemShell } from "#live/host/shell.js";
import { guardCommands } from "#live/host/sweep.js";
import type { FleetFile } from "#model/fleet-file.js";
import { addressesOf } from "./run-addresses.js";

export interface LiveHosts {
  readonly fleet: FleetLink;
  readonly passages: Passages;
  /** Once: who calls again waits for the same. */
  leave(): Promise<void>;
}

/** `run` marks the processes of this run. */
export function hostsOf(fleet: FleetFile, run: string): Result<LiveHosts> {
  const runtime = process.env.XDG_RUNTIME_DIR;
  const sockets = mkdtempSync(join(runtime?.startsWith("/") ? runtime : tmpdir(), "drvfleet-"));
  const addresses = addressesOf(fleet, sockets);
  if (!addresses.ok) {
    rmSync(sockets, { recursive: true });
    return addresses;
  }
  for (const [path, line] of addresses.value.knownHosts) writeFileSync(path, line);
  const clock = systemClock(0);
  const { of, peers } = addresses.value;
  const watch = guard(systemShell, guardCommands(of, sockets, run), ["sh", "-c", 'sleep 5; rm -rf "$0"', sockets]);
  const slots = [fleet.coordinator, ...fleet.builders].map(({ maxJobs, coresPerBuild, cores }) => ({
    count: maxJobs,
    cores: coresPerBuild === undefined || coresPerBuild === 0 ? cores : coresPerBuild,
  }));
  const lent = lentSockets(systemShell, of);
  const kit = { shell: systemShell, clock, run, sockets, lent: (host: number) => lent[host]!, guard: watch, asksLittle: true };
  const link = new FleetLink(kit, of, slots);
  const passages = new Passages(link.links, peers, clock);
  let leaving: Promise<void> | null = null;
  return ok({ fleet: link, passages, leave: () => (leaving ??= left()) });

  async function left(): Promise<void> {
    await passages.close();
    await link.close();
    rmSync(sockets, { recursive: true, force: true });
  }
}

/** Connects; without the coordinator's own store nothing can be done, nor without any host that builds. */
export async function connected({ fleet }: LiveHosts, sweeps: boolean): Promise<Result<void>> {
  await fleet.connect(sweeps);
  const [home, ...others] = fleet.out;
  if (home !== null) return fail(fault("host", "coordinator", `its store does not answer: ${home}`, "nix-store has to be in the PATH"));
  const lost = others.flatMap((why, i) => (why === null ? [] : [fault("host", fleet.links[i + 1]!.address.name, why)]));
  const [own] = fleet.slots;
  return lost.length > 0 && lost.length === others.length && own!.count === 0 ? fail(...lost) : ok(undefined);
}
