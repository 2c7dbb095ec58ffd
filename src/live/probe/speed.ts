// How fast a host is, alone and with all processors, and how much slower it emulates: the speed probe's script in the kept
// shell, and its reading as facts about the host.
import type { Site } from "./site.js";
import { loopSlowdown, readSpeed, speedOf, speedScript } from "./speed-program.js";
import { isTinySystem } from "./tiny-program.js";

/** Slow boards take seconds where the script speaks of halves. */
const SPEED_MS = 60_000;

export async function probeSpeed(site: Site): Promise<void> {
  const systems = site.found.systems ?? [];
  const answer = await site.session!.ask(speedScript(systems.map(({ system }) => system)), SPEED_MS);
  if (answer.kind !== "got") return site.note("speed", "warning", "its speed could not be measured: the shell stopped answering");
  const reading = readSpeed(answer.value.lines.join("\n"));
  const single = speedOf(reading);
  if (single !== null) site.found = { ...site.found, speed: { single, worth: reading.together?.worth ?? null } };
  site.found = {
    ...site.found,
    systems: systems.map((one) =>
      one.emulated && isTinySystem(one.system) ? { ...one, slowdown: loopSlowdown(reading, one.system) } : one,
    ),
  };
  if (single === null)
    return site.note("speed", "warning", "its speed could not be measured", reading.trouble, "write it into the fleet file by hand");
  site.note("speed", "ok", "");
}
