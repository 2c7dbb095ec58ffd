// Whether the user's own ssh keeps a connection: what `ssh -G` says of its socket, and whether somebody listens there.
import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Address } from "#live/host/address.js";
import { lentSockets } from "#live/host/lent.js";
import { type Shell, systemShell } from "#live/host/shell.js";
import { folder } from "../../program.js";

const place = folder();
const address = {
  name: "ruby",
  ssh: { host: "-ruby", user: "u", port: 2222, keyFile: "/k", knownHosts: null },
  store: null,
  program: "nix-store",
} satisfies Address;
let server: Server;

beforeAll(async () => {
  server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(place.at("live"), resolve));
});
afterAll(() => {
  server.close();
  place.remove();
});

/** An ssh that prints these settings. */
function printing(settings: string): Shell & { readonly asked: (readonly string[])[] } {
  const asked: (readonly string[])[] = [];
  return {
    asked,
    start(words) {
      asked.push(words);
      const output = new PassThrough();
      const ended = new Promise<{ code: number; error: string }>((resolve) => output.on("end", () => resolve({ code: 0, error: "" })));
      output.end(`${settings}\0`);
      return { input: new PassThrough(), output, errors: new PassThrough(), ended, kill: () => {}, release: () => {} };
    },
  };
}

describe("a lent connection", () => {
  it("is where ssh says, for the same host, user, port and key, when somebody listens there", async () => {
    const ssh = printing(`user u\ncontrolmaster auto\ncontrolpath ${place.at("live")}\nport 2222\n`);
    expect(await Promise.all(lentSockets(ssh, [address]))).toEqual([place.at("live")]);
    expect(ssh.asked.map((words) => words.slice(4))).toEqual([["10", "ssh", "-G", "-i", "/k", "-p", "2222", "-l", "u", "--", "-ruby"]]);
  });

  it.each([
    ["nobody listens", `controlpath ${place.at("stale")}\n`],
    ["there is none", "controlmaster false\n"],
    ["it is none", "controlpath none\n"],
    ["ssh says nothing", ""],
  ])("is null where %s", async (_, settings) => {
    expect(await Promise.all(lentSockets(printing(settings), [address]))).toEqual([null]);
  });

  it("is each host's own, asked for by one program with a real shell, and null for who got no answer", async () => {
    const ssh = place.at("ssh");
    writeFileSync(ssh, `#!/bin/sh\nfor host; do :; done\n[ "$host" = silent ] && kill $$\necho "controlpath ${place.path}/$host"\n`);
    chmodSync(ssh, 0o755);
    const shell: Shell = { start: (words) => systemShell.start(words, { PATH: `${place.path}:${process.env.PATH}` }) };
    const named = (host: string) => ({ ...address, ssh: { ...address.ssh, host } });
    const asked = ["stale", "here", "live", "silent", "live"].map((host) => (host === "here" ? { ...address, ssh: null } : named(host)));
    expect(await Promise.all(lentSockets(shell, asked))).toEqual([null, null, place.at("live"), null, place.at("live")]);
  });

  it("is null on this machine, and ssh is not asked", async () => {
    const ssh = printing("");
    expect(await Promise.all(lentSockets(ssh, [{ ...address, ssh: null }]))).toEqual([null]);
    expect(ssh.asked).toEqual([]);
  });
});
