// The agent's ear for its user: a socket in its private directory, one JSON line in, one out. What may be said is a record of
// functions; an unknown word is answered with the known ones.
import { rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";

export type Reply = Readonly<Record<string, unknown>>;
export type Controls = Readonly<Record<string, (asked: Reply) => Reply>>;

const LINE_MAX = 65536;

/** Returns how to close it. */
export function listenTo(socket: string, controls: Controls): () => void {
  rmSync(socket, { force: true });
  const server = createServer((client) => {
    let text = "";
    client.setEncoding("utf8");
    client.on("error", () => {});
    client.on("data", (piece: string) => {
      text += piece;
      if (text.length > LINE_MAX) client.destroy();
      else if (text.includes("\n")) client.end(`${JSON.stringify(answered(text.split("\n", 1)[0]!, controls))}\n`);
    });
  });
  server.listen(socket);
  return () => {
    server.close();
    rmSync(socket, { force: true });
  };
}

function answered(line: string, controls: Controls): Reply {
  try {
    const asked = JSON.parse(line) as Reply;
    const control = typeof asked.do === "string" && Object.hasOwn(controls, asked.do) ? controls[asked.do] : undefined;
    return control === undefined ? { error: `expected one of ${Object.keys(controls).join(", ")}` } : control(asked);
  } catch {
    return { error: "expected a line of JSON" };
  }
}

/** Milliseconds for an answer: one that is silent for longer is there all the same. */
const ANSWER_MS = 3000;

/** One question to the agent; undefined where there is none. */
export function tellAgent(socket: string, asked: Reply): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const client = createConnection(socket);
    let text = "";
    client.setEncoding("utf8");
    client.on("connect", () => client.write(`${JSON.stringify(asked)}\n`));
    client.on("data", (piece: string) => (text += piece));
    client.setTimeout(ANSWER_MS, () => {
      resolve({ error: "the agent is there but does not answer" });
      client.destroy();
    });
    client.on("error", () => resolve(undefined));
    client.on("close", () => resolve(text === "" ? undefined : (JSON.parse(text) as Reply)));
  });
}
