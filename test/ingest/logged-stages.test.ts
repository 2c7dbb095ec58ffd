import { describe, expect, it } from "vitest";
import type { LoggedBuild } from "#ingest/logged-build.js";
import { stagesOf } from "#ingest/logged-stages.js";

const S = 1e6;
const seen = (at: number, lateBy = 0) => ({ at: at * S, lateBy: lateBy * S });
const build = (more: Partial<LoggedBuild>): LoggedBuild => ({
  drv: "/nix/store/x.drv",
  name: "x",
  machine: "ssh://kana",
  accepted: 10 * S,
  outcome: "built",
  ...more,
});

const alone = (...builds: readonly LoggedBuild[]) => ({ builds, blur: 0 });

describe("when a stage came to pass", () => {
  it("is never before the stage that it follows", () => {
    const { uploaded, started, built } = stagesOf(
      build({ copyFrom: seen(12, 5), uploaded: seen(13, 1.5), pathsIn: 2, built: seen(14, 9) }),
      alone(),
    );
    expect(uploaded).toEqual({ from: 11.5 * S, to: 13 * S });
    expect(started).toEqual(uploaded);
    expect(built).toEqual({ from: 11.5 * S, to: 14 * S });
  });

  it("a machine that has every input begins at once, however late that is printed", () => {
    const own = build({ copyFrom: seen(12, 2), uploaded: seen(12, 2), pathsIn: 0, built: seen(20) });
    expect(stagesOf(own, alone(own))).toMatchObject({ started: { from: 10 * S, to: 10 * S }, built: { from: 20 * S, to: 20 * S } });
  });

  it.each([
    ["still sends to that machine", { machine: "ssh://kana", accepted: 9 * S, pathsIn: 3, uploaded: seen(11) }, 12],
    ["had sent before", { machine: "ssh://kana", accepted: 8 * S, pathsIn: 3, uploaded: seen(9) }, 10],
    ["sends to another machine", { machine: "ssh://ruby", accepted: 9 * S, pathsIn: 3, uploaded: seen(11) }, 10],
    ["had nothing to send", { machine: "ssh://kana", accepted: 9 * S, pathsIn: 0, uploaded: seen(11) }, 10],
    ["failed before it had sent all", { machine: "ssh://kana", accepted: 7 * S, pathsIn: 3, noticed: 8 * S }, 10],
    ["came later", { machine: "ssh://kana", accepted: 11 * S, pathsIn: 3, uploaded: seen(13) }, 10],
  ])("but it may wait for the upload lock: another build %s", (_, other, latest) => {
    const own = build({ uploaded: seen(12, 2), pathsIn: 0 });
    expect(stagesOf(own, alone(build(other), own)).started).toEqual({ from: 10 * S, to: latest * S });
  });

  it("a log without exact times leaves every instant open by as much", () => {
    const own = build({ uploaded: seen(12), pathsIn: 2, built: seen(20, 3) });
    expect(stagesOf(own, { builds: [own], blur: S })).toMatchObject({
      started: { from: 12 * S, to: 13 * S },
      built: { from: 17 * S, to: 21 * S },
    });
    const atOnce = build({ pathsIn: 0 });
    expect(stagesOf(atOnce, { builds: [atOnce], blur: S }).started).toEqual({ from: 10 * S, to: 11 * S });
  });

  it("what the log does not show is absent", () => {
    expect(stagesOf(build({}), alone())).toEqual({});
  });
});
