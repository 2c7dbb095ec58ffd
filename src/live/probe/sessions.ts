// How many sessions one connection takes (sshd's MaxSessions) and how many connections come through at once (MaxStartups),
// tried as far as the host's slots need: what sshd does is asked, not its configuration. Nobody is cut off for it: each
// session waits for its input and ends with it.
import type { Opened } from "#model/probed-host.js";
import { Inbox } from "./inbox.js";
import type { Site } from "./site.js";
import { loneWords, sessionWords } from "./ssh.js";

/** Beyond this a figure says nothing more; sshd's own limit on connections that are not logged in is 100. */
const TRIED_MAX = 64;
/** Logins cost both sides processor time. */
const LOGINS_MAX = 16;

export async function probeSessions(site: Site): Promise<void> {
  const { address, slots } = site.target;
  const command = ["sh", "-s"];
  const wanted = Math.min(Math.max(1, slots), TRIED_MAX);
  // The probing shell and the serving nix-store are two sessions already; builds need one each.
  // Hosts take turns: many logins at once would make this machine the limit.
  const { sessions, connections } = await site.means.alone(async () => ({
    sessions: await opened(site, wanted, () => sessionWords(address, site.socket, command)),
    connections: await opened(site, Math.min(wanted, LOGINS_MAX), () => loneWords(address, site.found.ssh ?? null, command)),
  }));
  site.found = { ...site.found, sessions, connections };
  if (connections.opened < connections.tried)
    site.note(
      "sessions",
      "warning",
      `only ${connections.opened} of ${connections.tried} connections at once came through`,
      "",
      "raise MaxStartups in sshd_config there",
    );
  if (sessions.opened < sessions.tried)
    site.note(
      "sessions",
      "warning",
      `one connection takes ${sessions.opened === 0 ? "no" : `only ${sessions.opened}`} more of the ${sessions.tried} sessions that its slots need`,
      "",
      `raise MaxSessions in sshd_config there to ${slots + 2} or more; else each further build connects anew`,
    );
  if (connections.opened === connections.tried && sessions.opened === sessions.tried) site.note("sessions", "ok", "");
}

async function opened(site: Site, tried: number, words: () => readonly string[]): Promise<Opened> {
  const deadline = Date.now() + 2 * site.means.patience;
  const programs = Array.from({ length: tried }, () => site.start(words()));
  const answers = await Promise.all(
    programs.map(async (program) => {
      const inbox = new Inbox(program.output);
      program.errors.resume();
      program.input.write("echo here\n");
      for (let line = await inbox.line(deadline); line.kind === "got"; line = await inbox.line(deadline))
        if (line.value === "here") return true;
      return false;
    }),
  );
  for (const program of programs) {
    program.input.end();
    program.kill("SIGTERM");
  }
  await Promise.all(programs.map(({ ended }) => ended));
  return { tried, opened: answers.filter((came) => came).length };
}
