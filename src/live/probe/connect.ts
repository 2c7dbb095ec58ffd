// The first rungs: the user's ssh settings, then a connection with a shell at its other end. What ssh says when it gives
// up tells how far it came; where it says nothing, our own clock does.
import type { ProbeStep, SshSettings } from "#model/probed-host.js";
import type { Address } from "#live/host/address.js";
import type { Site } from "./site.js";
import { ProbeShell } from "./shell.js";
import { CONNECT_SECONDS, openWords, parseSettings, settingsWords } from "./ssh.js";
import { lastWords, sshFailure } from "./words.js";

/** Once connected, a login may wait for slow names and keys. */
const LOGIN_MS = 15_000;

export async function probeSettings(site: Site): Promise<void> {
  const asked = new ProbeShell(site.start(settingsWords(site.target.address)));
  const lines: string[] = [];
  const deadline = Date.now() + site.means.patience;
  for (let line = await asked.inbox.line(deadline); line.kind === "got"; line = await asked.inbox.line(deadline)) lines.push(line.value);
  asked.stop();
  const { code, error } = await asked.ended;
  if (error !== "") return site.note("config", "failed", "ssh cannot be started", error, "install the OpenSSH client");
  if (code === 0) {
    const ssh = parseSettings(lines.join("\n"));
    site.found = { ...site.found, ssh };
    return site.note("config", "ok", place(site.target.address, ssh));
  }
  const known = sshFailure(asked.words);
  site.note(
    "config",
    "failed",
    known?.step === "config" ? known.what : "ssh refuses its own configuration",
    known?.words ?? lastWords(asked.words),
    known?.step === "config" ? known.hint : "ssh -G shows where",
  );
}

/** `user@host:port` as it is really called. */
export function place({ ssh }: Address, settings: SshSettings | null): string {
  if (ssh === null) return "";
  const user = settings?.user ?? ssh.user ?? "";
  const port = settings?.port ?? ssh.port ?? 22;
  const host = settings?.hostname || ssh.host;
  return `${user === "" ? "" : `${user}@`}${host.includes(":") ? `[${host}]` : host}${port === 22 ? "" : `:${port}`}`;
}

const ON_THE_WAY: readonly ProbeStep[] = ["resolve", "connect", "host-key", "login"];

export async function probeConnection(site: Site): Promise<void> {
  const { address } = site.target;
  const ssh = site.found.ssh ?? null;
  const from = Date.now();
  const words = site.isLocal ? ["sh", "-s"] : openWords(address, site.socket, ssh, ["sh", "-s"]);
  const session = new ProbeShell(site.start(words));
  const seconds = ssh?.connectTimeout ?? CONNECT_SECONDS;
  const answer = await session.greet(seconds * 1000 + LOGIN_MS);
  if (answer.kind === "got") {
    site.session = session;
    if (!site.isLocal) {
      for (const step of ON_THE_WAY) site.note(step, "ok", "");
      site.found = { ...site.found, link: { connect: (Date.now() - from) / 1000, roundTrip: null, down: null, up: null } };
    }
    const noise = answer.value.filter((line) => line.trim() !== "");
    if (noise.length === 0) return site.note("shell", "ok", "");
    return site.note(
      "shell",
      "failed",
      "its shell prints something before the command, which breaks Nix's protocol",
      noise[0]!,
      "let start-up files such as .bashrc print nothing where the shell is not interactive",
    );
  }
  session.stop();
  await session.ended;
  const known = sshFailure(session.words);
  if (known !== undefined) return site.note(known.step, "failed", known.what, known.words, known.hint);
  const saying = lastWords(session.words);
  if (answer.kind === "silent")
    return site.note(
      "login",
      "failed",
      `no shell within ${seconds + LOGIN_MS / 1000} s`,
      saying,
      "a link that went silent, a slow login, or a forced command",
    );
  site.note(
    "shell",
    "failed",
    "the login works, but no shell answers",
    saying,
    "give the user a shell that runs sh (no nologin); behind a forced command builds may go there, but nothing can be checked",
  );
}
