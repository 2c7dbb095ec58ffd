// Where a build may run: the agent's flags, the caller's environment, and pins, the last of which counts.
import { describe, expect, it } from "vitest";
import { Choices, type PinWish } from "#live/agent/choices.js";

const HOSTS = ["ai", "aquamarine", "ruby", "kana"];
const nobody = { hook: 1, nix: 1, only: "", exclude: "", pin: "" };
const choices = (pins: readonly PinWish[] = [], only: readonly string[] = [], exclude: readonly string[] = []): Choices =>
  new Choices({ only, exclude, pins }, (glob, drv) => drv.startsWith(glob.replace("*", "")));
const allowed = (made: Choices, caller: Partial<typeof nobody> = {}, drv = "linux-6"): string[] => {
  const barred = made.barred({ ...nobody, ...caller }, drv, HOSTS);
  return HOSTS.filter((host) => !barred.has(host));
};

describe("choices of hosts", () => {
  it("none: everywhere", () => expect(allowed(choices())).toEqual(HOSTS));
  it("only and exclude add up", () => {
    expect(allowed(choices([], ["ruby", "kana"]), { only: "kana,aquamarine" })).toEqual(["kana"]);
    expect(allowed(choices([], [], ["ruby"]), { exclude: "kana ai" })).toEqual(["aquamarine"]);
  });
  it("of the pins that match the last counts, the caller's after all others", () => {
    const made = choices([{ glob: "linux*", hosts: ["ruby"] }]);
    expect(allowed(made)).toEqual(["ruby"]);
    expect(allowed(made, {}, "hello")).toEqual(HOSTS);
    made.pinned.push({ glob: "linux-6*", hosts: ["kana", "ruby"] });
    expect(allowed(made)).toEqual(["ruby", "kana"]);
    expect(allowed(made, { pin: "linux*=aquamarine" })).toEqual(["aquamarine"]);
  });
  it("a host that nobody knows stops no build", () => {
    expect(allowed(choices(), { only: "rubby", pin: "linux*=nobody nonsense" })).toEqual(HOSTS);
  });
});
