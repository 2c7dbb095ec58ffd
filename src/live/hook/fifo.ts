// Named pipes without blocking: lines out of one, lines into one. Whoever opens a FIFO in the usual way waits for the other
// side, which may be dead; nothing here waits.
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";

export interface LinesIn {
  close(): void;
}

/** `ended` when the last writer has closed, at once where `shared` is false and nobody writes. `shared`: keep it open ourselves. */
export function linesFrom(path: string, shared: boolean, heard: (line: string) => void, ended: () => void): LinesIn {
  const file = openSync(path, (shared ? constants.O_RDWR : constants.O_RDONLY) | constants.O_NONBLOCK);
  const socket = new Socket({ fd: file, readable: true, writable: false });
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) heard(line);
  });
  socket.on("error", () => {});
  socket.on("close", ended);
  return { close: () => void socket.destroy() };
}

export interface LinesOut {
  send(line: string): void;
  close(): void;
}

/** Somebody has it open for reading already. */
export function linesInto(path: string): LinesOut {
  const file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd: file, readable: false, writable: true });
  socket.on("error", () => {});
  return {
    send: (line) => void socket.write(`${line}\n`),
    close: () => void socket.destroy(),
  };
}
