// The connection that the user's own ssh may keep to a host (ControlMaster): who shares it needs no handshake of its own. ssh
// itself says where its socket would be, under the same options that the session will have. Whether somebody listens there
// tells that its ssh lives, not that the host still answers: who borrows has to watch for that.
import { createConnection } from "node:net";
import type { Address } from "./address.js";
import { counted, forEach } from "./commands.js";
import type { Program, Shell } from "./shell.js";
import { settingsWords } from "./ssh.js";

const ASK_ALL = forEach('exec "$@"', '; printf "\\0"');

/** By index: the socket of a live connection to that address, or null. One program asks for all, each answer comes when it is there. */
export function lentSockets(shell: Shell, addresses: readonly Address[]): readonly Promise<string | null>[] {
  const asked = addresses.flatMap((address, i) => (address.ssh === null ? [] : [{ i, words: settingsWords(address) }]));
  if (asked.length === 0) return addresses.map(() => Promise.resolve(null));
  const program = shell.start(["sh", "-c", ASK_ALL, "drvfleet-lent", ...counted(asked.map(({ words }) => words))]);
  program.errors.resume();
  program.input.end();
  const answers = parts(program);
  return addresses.map((_, i) => {
    const at = asked.findIndex((one) => one.i === i);
    return at < 0 ? Promise.resolve(null) : answers(at).then(socketOf);
  });
}

/** The n-th part of what it prints; "" when there are not so many. */
function parts({ output, ended }: Program): (n: number) => Promise<string> {
  const waiting: ((text: string) => void)[] = [];
  const said: string[] = [];
  let text = "";
  output.setEncoding("utf8").on("data", (more: string) => {
    const all = (text + more).split("\0");
    text = all.pop()!;
    for (const part of all) waiting[said.push(part) - 1]?.(part);
  });
  const end = ended.then(() => "");
  return (n) => Promise.race([new Promise<string>((resolve) => (said[n] === undefined ? (waiting[n] = resolve) : resolve(said[n]))), end]);
}

async function socketOf(settings: string): Promise<string | null> {
  const path = controlPath(settings);
  return path !== null && (await isListened(path)) ? path : null;
}

/** Of what `ssh -G` prints. */
function controlPath(settings: string): string | null {
  const path = /^controlpath (.+)$/m.exec(settings)?.[1] ?? "none";
  return path === "none" ? null : path;
}

function isListened(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
