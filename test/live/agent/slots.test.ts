import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Slots } from "#live/agent/slots.js";
import { lacks } from "../../system/needs.js";
import { ManualClock } from "../manual-clock.js";

const HOSTS = [
  { address: "local", count: 0 },
  { address: "ssh://root@ruby", count: 2 },
];
const RUBY = 1;

describe("slots", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slots-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** `theirs`: numbers of locks, in order of asking, that another holds. */
  const slotsWith = (theirs: readonly number[], clock = new ManualClock()) => {
    let asked = 0;
    return { clock, slots: new Slots(HOSTS, folder, clock, () => Promise.resolve(!theirs.includes(asked++))), asked: () => asked };
  };

  it("has as many as the host, and none more", async () => {
    const { slots } = slotsWith([]);
    expect((await slots.take(RUBY))!.number).toBe(0);
    expect((await slots.take(RUBY))!.number).toBe(1);
    expect(await slots.take(RUBY)).toBe(null);
    expect(readdirSync(folder)).toEqual(["ssh:__root@ruby-0", "ssh:__root@ruby-1"]);
  });

  it("passes over those of others, and has none while they have all", async () => {
    const { slots } = slotsWith([0, 2, 3]);
    expect((await slots.take(RUBY))!.number).toBe(1);
    expect(await slots.take(RUBY)).toBe(null);
    expect(await slots.take(RUBY)).toBe(null);
    expect((await slots.take(RUBY))!.number).toBe(0);
  });

  it("hands a slot to the next build without asking again, and lets go where none comes", async () => {
    const { slots, clock, asked } = slotsWith([]);
    slots.leave(RUBY, (await slots.take(RUBY))!);
    const again = (await slots.take(RUBY))!;
    expect([again.number, asked()]).toEqual([0, 1]);
    slots.leave(RUBY, again);
    expect(clock.pending).toBe(1);
    await clock.until(new Promise<void>((resolve) => void clock.after(1, resolve)));
    expect((await slots.take(RUBY))!.number).toBe(0);
    expect(asked()).toBe(2);
  });

  it("lets go at once when Nix's own hook is to have it", async () => {
    const { slots, clock, asked } = slotsWith([]);
    slots.leave(RUBY, (await slots.take(RUBY))!);
    slots.release(RUBY);
    expect(clock.pending).toBe(0);
    await slots.take(RUBY);
    expect(asked()).toBe(2);
  });

  it.skipIf(lacks("flock"))("its locks are real: another finds them taken, and it those of another", async () => {
    const slots = new Slots(HOSTS, folder, new ManualClock());
    const [first, second] = [(await slots.take(RUBY))!, (await slots.take(RUBY))!];
    const path = (number: number) => join(folder, `ssh:__root@ruby-${number}`);
    const tries = async (number: number) => (await once(spawn("flock", ["-n", path(number), "true"]), "exit"))[0];
    expect([await tries(0), await tries(1)]).toEqual([1, 1]);
    for (const slot of [first, second]) slots.leave(RUBY, slot);
    slots.release(RUBY);
    expect([await tries(0), await tries(1)]).toEqual([0, 0]);
    const other = spawn("flock", [path(0), "sh", "-c", "echo; read -r _"]);
    await once(other.stdout, "data");
    expect((await slots.take(RUBY))!.number).toBe(1);
    other.stdin.end();
    await once(other, "exit");
  });
});
