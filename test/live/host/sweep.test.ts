// The guard's way to a host, with a real shell and an ssh of paper: ours, and as the user's ssh would only where that does not get in.
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { spawnSync } from "node:child_process";
import { guardCommands } from "#live/host/sweep.js";
import { folder } from "../../program.js";

const ADDRESS = {
  name: "ruby",
  ssh: { host: "ruby", user: null, port: null, keyFile: null, knownHosts: null },
  store: null,
  program: "nix-store",
};
const SOCKETS = "/run/it's $(mine)";
const OURS = `${SOCKETS}/0`;
/** Goes by the first value of an option, as ssh does; gets in where ONLY allows it. */
const SSH = `#!/bin/sh
path=theirs
for word; do case $word in ControlPath=*) path=\${word#*=}; break ;; esac; done
echo "$path" >> "$LOG"
[ -z "$ONLY" ] || [ "$ONLY" = "$path" ] || exit 255
for word; do :; done
printf %s "$word" > "$LOG.ran"
`;
let own: ReturnType<typeof folder>;
beforeEach(() => {
  own = folder();
  writeFileSync(own.at("ssh"), SSH);
  chmodSync(own.at("ssh"), 0o755);
});
afterEach(() => own.remove());

it.each([
  ["ours, or one of its own", "", [OURS], 0],
  ["what the user's ssh takes where that does not get in", "theirs", [OURS, "theirs"], 0],
  ["neither, and says so", "another", [OURS, "theirs"], 255],
])("takes %s", (_, only, paths, code) => {
  const [program, ...args] = guardCommands([ADDRESS], SOCKETS, "run")[0]!;
  const env = { PATH: `${own.path}:${process.env.PATH}`, LOG: own.at("log"), ONLY: only };
  expect(spawnSync(program!, args, { env }).status).toBe(code);
  expect(readFileSync(own.at("log"), "utf8").trim().split("\n")).toEqual(paths);
  expect(existsSync(own.at("log.ran"))).toBe(code === 0);
  if (code === 0) expect(readFileSync(own.at("log.ran"), "utf8")).toContain("DRVFLEET_SESSION=run/ruby/");
});
