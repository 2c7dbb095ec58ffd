// The link to a host: round trips of a shell that is asked for a word, and bytes that cannot be compressed sent there and
// fetched back through ssh, as build inputs and outputs will be. The first amount is small; it grows until the time is
// long enough to be told from its noise. Assumes that the link is otherwise idle; hosts take turns, for they share our end.
import { stream } from "#base/random.js";
import { Inbox } from "./inbox.js";
import { within } from "./patience.js";
import type { Site } from "./site.js";
import type { Program } from "#live/host/shell.js";
import { sshWords } from "#live/host/ssh.js";

const ROUND_TRIPS = 9;
const BYTES_FIRST = 1 << 17;
const BYTES_MAX = 1 << 27;
const GROWTH_MAX = 16;
/** Seconds that a transfer should last to be believed. */
const SECONDS_ENOUGH = 0.4;
/** The first amount may take so long; a later one so many times what the one before lets expect, else that one counts. */
const SECONDS_MAX = 8;
const LATE = 3;
/** Longer than the window of zlib, where ssh_config asks for compression. */
const BLOCK_BYTES = 1 << 16;

/** Takes orders: "in N" reads N bytes, "out N" writes them. */
const ORDERLY = `while read way count; do case $way in in) head -c "$count" >/dev/null; echo done ;; *) head -c "$count" /dev/urandom ;; esac; done`;

export async function probeLink(site: Site): Promise<void> {
  if (site.isLocal || site.found.link === undefined || site.found.link === null) return;
  const roundTrip = await roundTripOf(site);
  const { down, up } = await site.means.alone(() => rates(site, roundTrip ?? 0));
  site.found = { ...site.found, link: { connect: site.found.link.connect, roundTrip, down, up } };
  if (roundTrip === null || down === null || up === null)
    return site.note("link", "warning", "its link could not be measured", "", "is there a head that knows -c?");
  site.note("link", "ok", "");
}

/** The quickest: what is above it is the load of two machines. */
async function roundTripOf(site: Site): Promise<number | null> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUND_TRIPS; i++) {
    const from = performance.now();
    const answer = await site.session!.greet(site.means.patience);
    if (answer.kind !== "got") return null;
    quickest = Math.min(quickest, performance.now() - from);
  }
  return quickest / 1000;
}

async function rates(site: Site, roundTrip: number): Promise<{ down: number | null; up: number | null }> {
  const block = blockOf(site.means.nonce);
  const down = await rateOf(site, roundTrip, async (program, inbox, count, deadline) => {
    await send(program, `in ${count}\n`, deadline);
    for (let left = count; left > 0; left -= block.length)
      if (!(await send(program, left < block.length ? block.subarray(0, left) : block, deadline))) return false;
    return (await inbox.line(deadline)).kind === "got";
  });
  const up = await rateOf(site, roundTrip, async (program, inbox, count, deadline) => {
    await send(program, `out ${count}\n`, deadline);
    return (await inbox.skip(count, deadline)).kind === "got";
  });
  return { down, up };
}

type Transfer = (program: Program, inbox: Inbox, count: number, deadline: number) => Promise<boolean>;

/** Bytes per second; null when not even the first amount came through. */
async function rateOf(site: Site, roundTrip: number, transfer: Transfer): Promise<number | null> {
  const program = site.start(sshWords(site.target.address, { kind: "guest", socket: site.socket }, ["sh", "-c", ORDERLY]));
  program.errors.resume();
  const inbox = new Inbox(program.output);
  let rate: number | null = null;
  const deadline = (expected: number) => Date.now() + Math.min(SECONDS_MAX, LATE * expected) * 1000;
  await send(program, "in 0\n", deadline(SECONDS_MAX));
  let isDone = (await inbox.line(deadline(SECONDS_MAX))).kind !== "got";
  for (let count = BYTES_FIRST; !isDone; ) {
    const from = performance.now();
    if (!(await transfer(program, inbox, count, deadline(rate === null ? SECONDS_MAX : Math.max(SECONDS_ENOUGH, count / rate))))) break;
    const seconds = Math.max(1e-6, (performance.now() - from) / 1000 - roundTrip);
    rate = count / seconds;
    isDone = seconds >= SECONDS_ENOUGH || count >= BYTES_MAX;
    count = Math.min(BYTES_MAX, Math.ceil((count * Math.min(GROWTH_MAX, (1.5 * SECONDS_ENOUGH) / seconds)) / BLOCK_BYTES) * BLOCK_BYTES);
  }
  program.input.end();
  program.kill("SIGTERM");
  return rate;
}

function blockOf(nonce: string): Uint8Array {
  const random = stream(1, nonce);
  return Uint8Array.from({ length: BLOCK_BYTES }, () => Math.floor(random() * 256));
}

/** False when nobody reads, or not in time. */
async function send({ input }: Program, data: string | Uint8Array, deadline: number): Promise<boolean> {
  if (input.destroyed || input.writableEnded) return false;
  const written = new Promise<boolean>((resolve) => input.write(data, (error) => resolve(error === null || error === undefined)));
  return (await within(written, Math.max(0, deadline - Date.now()))) === true;
}
