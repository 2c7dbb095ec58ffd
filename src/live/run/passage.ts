// One way from a builder to another: the source's own ssh, with its user's keys, known hosts and configuration, reaches the
// target and stays connected; over it the source's own Nix copies what it is told to. Nothing of the coordinator's is lent:
// no agent, no key. The coordinator says only what, so the bytes do not pass it. Copies are not checked for signatures, as
// Nix's own build hook does not check what it copies to builders it trusts.
import type { Clock } from "#live/host/clock.js";
import type { HostLink } from "#live/host/host-link.js";
import { BATCH, type Peer, peerUri, peerWords } from "#live/host/peer.js";
import type { Program } from "#live/host/shell.js";

/** Seconds for leaving, where the source is silent. */
const CLOSE_MAX = 2;
/** Bytes of last words that are kept for reasons. */
const TAIL_MAX = 2048;
/** In a directory of its own: a connection that others share. Once it stands its directory is said; it goes with our input. */
const HOLD =
  `d=$(mktemp -d /tmp/drvfleet-XXXXXX) || exit 1; trap 'ssh -S "$d/s" -O exit -- x 2>/dev/null; rm -rf "$d"' EXIT; ` +
  `trap 'exit 1' HUP INT TERM; ssh -M -S "$d/s" -N -f "$@" </dev/null >/dev/null && echo "$d" && cat >/dev/null`;
const DIRECTORY = /^\/tmp\/drvfleet-\w+$/;

export class Passage {
  isAlive = true;

  private constructor(
    private readonly source: HostLink,
    private readonly peer: Peer,
    private readonly holder: Program,
    private readonly directory: string,
  ) {
    void holder.ended.then(() => {
      this.isAlive = false;
    });
  }

  /** Why not, where the source does not reach the target. */
  static async open(source: HostLink, peer: Peer): Promise<Passage | string> {
    const holder = source.start(["sh", "-c", HOLD, "drvfleet-passage", ...peerWords(peer)]);
    const words = tailOf(holder);
    const directory = await firstLine(holder);
    if (DIRECTORY.test(directory)) return new Passage(source, peer, holder, directory);
    holder.input.end();
    await holder.ended;
    return words() || "its ssh ended without a word";
  }

  /** The paths and all that they refer to and the target lacks; null when they are there, else why not. */
  async copy(paths: readonly string[]): Promise<string | null> {
    const options = ["-S", `${this.directory}/s`, ...BATCH, ...(this.peer.port === null ? [] : ["-p", String(this.peer.port)])];
    const { store, program } = this.source.address;
    const copying = this.source.start([
      "env",
      `NIX_SSHOPTS=${options.join(" ")}`,
      program.replace(/nix-store$/, "nix"),
      ...(store === null ? [] : ["--store", store]),
      ...["--extra-experimental-features", "nix-command", "copy", "--no-check-sigs", "--to", peerUri(this.peer), "--"],
      ...paths,
    ]);
    const words = tailOf(copying);
    copying.input.end();
    copying.output.resume();
    const { code, error } = await copying.ended;
    return code === 0 ? null : error || words() || `nix copy ended with ${code}`;
  }

  async close(clock: Clock): Promise<void> {
    this.holder.input.end();
    const late = clock.after(CLOSE_MAX, () => this.holder.kill("SIGTERM"));
    await this.holder.ended;
    late();
  }
}

/** "" when there is none. */
function firstLine({ output }: Program): Promise<string> {
  let text = "";
  return new Promise((resolve) => {
    output.on("data", (bytes: Buffer) => {
      text += bytes.toString("utf8");
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    output.on("end", () => resolve(""));
  });
}

function tailOf({ errors }: Program): () => string {
  let tail = "";
  errors.on("data", (bytes: Buffer) => {
    tail = (tail + bytes.toString("utf8")).slice(-TAIL_MAX);
  });
  return () =>
    tail
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .slice(-3)
      .join("; ");
}
