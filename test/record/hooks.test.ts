// Slot files as a witness saw them → the hook of each build.
import { describe, expect, it } from "vitest";
import type { LoggedBuild } from "#ingest/logged-build.js";
import { heldFiles } from "../../bench/record/evidence.js";
import { hooksOf } from "../../bench/record/hooks.js";

const build = (name: string, host: string, accepted: number): LoggedBuild => ({
  drv: `/nix/store/${"0".repeat(32)}-${name}.drv`,
  name,
  machine: host === "" ? "" : `ssh://root@${host}`,
  accepted: accepted * 1e6,
  outcome: "built",
});
const hostOf = (machine: string) => machine.replace("ssh://root@", "");

/** Process 7 probes slot 0, which 6 holds, and takes slot 1; it waits for the upload lock. Process 9 is another client's. */
const SEEN = `1.0 ready 0 0 -
1.1 open 6 1 ssh:__root@ruby-0
1.2 open 6 1 ssh:__root@ruby.upload-lock
2.0 open 7 1 ssh:__root@ruby-0
2.0 close 7 1 ssh:__root@ruby-0
2.1 open 7 1 ssh:__root@ruby-1
2.2 open 9 2 ssh:__root@ruby-2
2.3 open 7 1 ssh:__root@ruby.upload-lock
2.6 close 6 1 ssh:__root@ruby.upload-lock
2.9 close 7 1 ssh:__root@ruby.upload-lock
4.0 close 6 1 ssh:__root@ruby-0
5.0 close 7 1 ssh:__root@ruby-1
`;

describe("hooksOf", () => {
  const held = heldFiles(SEEN, 8);
  const builds = [build("a", "ruby", 1.15), build("b", "ruby", 2.25), build("home", "", 2.4)];
  const hooks = hooksOf(builds, held, hostOf);

  it("finds slot, and when it was taken and freed", () => {
    expect(hooks.get(builds[0]!)).toMatchObject({ slot: 0, taken: 1.1, freed: 4 });
    expect(hooks.get(builds[1]!)).toMatchObject({ slot: 1, taken: 2.1, freed: 5 });
  });

  it("lets an upload begin when the one before it has let the lock go", () => {
    expect(hooks.get(builds[0]!)!.upload).toEqual({ asked: 1.2, from: 1.2, to: 2.6 });
    expect(hooks.get(builds[1]!)!.upload).toEqual({ asked: 2.3, from: 2.6, to: 2.9 });
  });

  it("gives none to a local build, and another client's to nobody", () => {
    expect(hooks.has(builds[2]!)).toBe(false);
    expect(hooks.size).toBe(2);
  });

  it("holds until the end what was never closed", () => {
    expect(held.find(({ process }) => process === 9)).toMatchObject({ from: 2.2, to: 8 });
  });
});
