// The kept shell, with a real `sh`: answers are told apart from noise, silence and an end.
import { describe, expect, it } from "vitest";
import { ProbeShell } from "#live/probe/shell.js";
import { systemShell } from "#live/host/shell.js";

const kept = (...words: string[]) => new ProbeShell(systemShell.start(words.length > 0 ? words : ["sh", "-s"]));

describe("a kept shell", () => {
  it("answers one script after the other, with exit code, and the script cannot eat what follows", async () => {
    const shell = kept();
    expect(await shell.greet(5000)).toEqual({ kind: "got", value: [] });
    expect(await shell.ask("cat; echo one; printf two", 5000)).toEqual({ kind: "got", value: { lines: ["one", "two"], code: 0 } });
    expect(await shell.ask("place=here; cd /; exit 7", 5000)).toEqual({ kind: "got", value: { lines: [], code: 7 } });
    expect(await shell.ask('echo "[$place]"', 5000)).toEqual({ kind: "got", value: { lines: ["[]"], code: 0 } });
    shell.stop();
    await shell.ended;
  });

  it("tells what was printed before it was asked anything", async () => {
    const shell = kept("sh", "-c", "echo Welcome; exec sh -s");
    expect(await shell.greet(5000)).toEqual({ kind: "got", value: ["Welcome"] });
    shell.stop();
    await shell.ended;
  });

  it("tells silence from an end, and keeps the last words", async () => {
    const silent = kept("sleep", "60");
    expect(await silent.greet(50)).toEqual({ kind: "silent" });
    silent.stop();
    await silent.ended;
    const gone = kept("sh", "-c", "echo this account is not available >&2; exit 1");
    expect(await gone.greet(5000)).toEqual({ kind: "ended" });
    expect(await gone.ended).toEqual({ code: 1, error: "" });
    expect(gone.words).toContain("not available");
  });
});
