// What Nix's own hook said when real builds ended badly (2.8, 2.26, 2.34 on the testbed), and what it means.
import { describe, expect, it } from "vitest";
import { logLineOf, messageLine, messageOf, saidBy, verdictOf } from "#live/hook/verdict.js";

const error = (text: string): string => messageLine(0, `\u001b[31;1merror:\u001b[0m ${text}`);
const of = (code: number, ...lines: readonly string[]) => verdictOf(code, saidBy(lines, ""));
const ACCEPTED = ["# accept", "ssh://root@ruby"];

describe("what became of an attempt", () => {
  it("built: accepted, and exit 0", () => {
    expect(of(0, ...ACCEPTED)).toEqual({ kind: "built" });
    expect(of(0, '@nix {"action":"start","id":1,"level":3,"text":"copying 1 paths","type":103}', ...ACCEPTED)).toEqual({ kind: "built" });
  });

  it("exit 0 without an accepted question built nothing", () => {
    expect(of(0, "# postpone")).toEqual({ kind: "busy" });
    expect(of(0, error("cannot build on 'ssh://root@ruby': Connection refused"), "# decline")).toMatchObject({ kind: "lost" });
    expect(of(0)).toMatchObject({ kind: "lost" });
  });

  it.each([
    "build of '/nix/store/x.drv' on 'ssh://root@ruby' failed: builder for '/nix/store/x.drv' failed with exit code 3;",
    "build of '/nix/store/x.drv' on 'ssh://root@ruby' failed: builder for '/nix/store/x.drv' failed to produce output path for output 'out'",
    "build of '/nix/store/x.drv' on 'ssh://root@ruby' failed: hash mismatch in fixed-output derivation '/nix/store/x.drv':",
  ])("the build itself: %s", (text) => expect(of(1, ...ACCEPTED, error(text))).toEqual({ kind: "failed", exit: 100 }));

  it("a build that took too long has its own exit", () => {
    const text = "build of '/nix/store/x.drv' on 'ssh://root@ruby' failed: /nix/store/x.drv timed out after 2 seconds";
    expect(of(1, ...ACCEPTED, error(text))).toEqual({ kind: "failed", exit: 101 });
  });

  it.each([
    "unexpected end-of-file",
    "writing to file: Broken pipe",
    "failed to start SSH connection to 'root@ruby'",
    "writing to file: No space left on device",
    "build of '/nix/store/x.drv' on 'ssh://root@ruby' failed: builder for '/nix/store/x.drv' failed with exit code 8; last log lines: cp: No space left on device",
    "build of '/nix/store/x.drv' on 'ssh://root@ruby' failed: builder for '/nix/store/x.drv' failed with exit code 8\n note: build failure may have been caused by lack of free disk space",
    "executing SQLite statement: database or disk is full (in '/nix/var/nix/db/db.sqlite')",
  ])("the host: %s", (text) => expect(of(1, ...ACCEPTED, error(text))).toMatchObject({ kind: "lost" }));

  it("the host: a full disk that the builder alone has noticed", () => {
    const text = "build of '/nix/store/x.drv' on 'ssh://root@ruby' failed: builder for '/nix/store/x.drv' failed with exit code 8";
    const said = saidBy([...ACCEPTED, error(text)], "this is x\nhead: error writing 'standard output': No space left on device\n");
    expect(verdictOf(1, said)).toEqual({ kind: "lost", why: "head: error writing 'standard output': No space left on device" });
    expect(verdictOf(1, { ...said, log: "this is x\n" })).toMatchObject({ kind: "failed" });
  });

  it("a host that never will", () => {
    const text =
      "a 'x86_64-linux' with features {kvm} is required to build '/nix/store/x.drv', but I am a 'x86_64-linux' with features {benchmark}";
    expect(of(1, ...ACCEPTED, error(text))).toMatchObject({ kind: "unfit" });
  });

  it("says why in one line without colours", () => {
    const verdict = of(1, ...ACCEPTED, error("unexpected end-of-file"));
    expect(verdict.kind === "lost" && verdict.why).toBe("unexpected end-of-file");
  });
});

describe("messages of Nix's log", () => {
  it("lines of a builder are told from all others", () => {
    expect(logLineOf('@nix {"action":"result","fields":["No space left"],"id":7,"type":101}')).toBe("No space left");
    for (const line of ['@nix {"action":"result","fields":[1,2,0,0],"id":7,"type":105}', "plain", "@nix {", messageLine(1, "a")])
      expect(logLineOf(line)).toBeUndefined();
  });

  it("are told from activities and from noise", () => {
    expect(messageOf(messageLine(1, 'a "word"\nand more'))).toEqual({ level: 1, text: 'a "word"\nand more' });
    expect(messageLine(1, "a\nb")).not.toMatch(/\n/);
    for (const line of ['@nix {"action":"stop","id":1}', "@nix {broken", "plain"]) expect(messageOf(line)).toBeUndefined();
  });
});
