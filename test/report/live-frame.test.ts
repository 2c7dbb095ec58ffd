// What a person sees while builds run: golden frames, and what holds of every frame at every size.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockText, type Frame, type FrameHost, liveFrame } from "#report/live-frame.js";

const slot = (name: string, since: number, expected: number) => ({ name, doing: "building", since, expected }) as const;
const HOSTS: readonly FrameHost[] = [
  { name: "ai", slots: 0, running: [], built: 0, out: null },
  {
    name: "kana",
    slots: 2,
    running: [slot("gcc-13.2.0", 72, 123), { name: "hello-2.12", doing: "copying", since: 4, expected: 9 }],
    built: 3,
    out: null,
  },
  { name: "ruby", slots: 1, running: [], built: 2, out: "ssh: connect to host ruby port 22: Connection refused\nmore" },
  { name: "aquamarine", slots: 1, running: [], built: 7, out: null },
];
const FRAME: Frame = {
  now: 100,
  total: 47,
  built: 12,
  failed: 1,
  share: 0.375,
  hosts: HOSTS,
  end: { median: 290, low: 250, high: 402 },
  stopping: null,
};
const look = { width: 80, height: 24, color: false, unicode: true };

describe("a frame", () => {
  it("at 80 columns", () =>
    expect(liveFrame(FRAME, look)).toEqual([
      "┏━ Builds",
      "┃ kana               ⏵ gcc-13.2.0                    ⏱1m12s ∅2m03s   ━━━━━─────",
      "┃                    ↑ hello-2.12                    ⏱ 4s copying",
      "┃ ruby               ⚠ set aside: ssh: connect to host ruby port 22: Connection",
      "┃ aquamarine         ⏸ idle, 7 built",
      "┣━ ⏵ 2 running │ ✔ 12 built │ ⏸ 32 waiting │ ⚠ 1 failed",
      "┗━ ⏱1m40s │ 37 % │ done in 3m10s (2m30s–5m02s)",
    ]));

  it("at 40 columns, in ASCII, while it stops", () =>
    expect(liveFrame({ ...FRAME, stopping: "interrupted", end: null }, { ...look, width: 40, unicode: false })).toEqual([
      "Stopping (interrupted): what runs ends;",
      "kana       > gcc-13.2.0 1m12s of 2m03s",
      "           ^ hello-2.12  4s copying",
      "ruby       ! set aside: ssh: connect to",
      "aquamarine . idle, 7 built",
      "> 2 | + 12 | . 32 | ! 1",
      "1m40s | 37 %",
    ]));

  it("marks what stands still, where there are colours", () => {
    const coloured = liveFrame(FRAME, { ...look, color: true }).join("\n");
    expect(coloured).toContain("\u001b[2m┃ aquamarine         ⏸ idle, 7 built\u001b[0m");
    expect(coloured).toContain("\u001b[1m┃ ruby");
  });

  it("says how many more there are when they do not fit", () => {
    const many = { ...HOSTS[1]!, running: Array.from({ length: 30 }, (_, i) => slot(`p${i}`, 1, 2)) };
    const lines = liveFrame({ ...FRAME, hosts: [many] }, { ...look, height: 10 });
    expect(lines.length).toBe(9);
    expect(lines[6]).toBe("┃ … 25 more");
  });

  it("is never wider or higher than the terminal, whatever names and figures are", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 200 }),
        fc.integer({ min: 5, max: 60 }),
        fc.boolean(),
        fc.array(fc.tuple(fc.string({ maxLength: 60 }), fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double()), { maxLength: 40 }),
        (width, height, unicode, builds) => {
          const running = builds.map(([name, since, expected]) => slot(name, since, expected));
          const frame = { ...FRAME, hosts: [{ ...HOSTS[1]!, name: builds[0]?.[0] ?? "h", running }] };
          const lines = liveFrame(frame, { width, height, color: false, unicode });
          expect(lines.length).toBeLessThan(height);
          for (const line of lines) {
            expect([...line].length).toBeLessThan(width);
            expect(line).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
      { numRuns: 200, seed: 1 },
    ));

  it("writes times as nix-output-monitor does", () =>
    expect([0, 59.4, 60, 3599, 3600, 36_000].map(clockText)).toEqual(["0s", "59s", "1m00s", "59m59s", "1h00m", "10h00m"]));
});
