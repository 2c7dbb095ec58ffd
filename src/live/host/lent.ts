// The connection that the user's own ssh may keep to a host (ControlMaster): who shares it needs no handshake of its own. ssh
// itself says where its socket would be, under the same options that the session will have. Whether somebody listens there
// tells that its ssh lives, not that the host still answers: who borrows has to watch for that.
import { createConnection } from "node:net";
import type { Address } from "./address.js";
import type { Shell } from "./shell.js";
import { settingsWords } from "./ssh.js";

/** The socket of a live connection, or null. */
export async function lentSocket(shell: Shell, address: Address): Promise<string | null> {
  if (address.ssh === null) return null;
  const program = shell.start(settingsWords(address));
  const parts: Buffer[] = [];
  program.output.on("data", (part: Buffer) => parts.push(part));
  program.errors.resume();
  program.input.end();
  await program.ended;
  const path = controlPath(Buffer.concat(parts).toString("utf8"));
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
