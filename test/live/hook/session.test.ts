// A hook process as its agent meets it, made of its folder alone: what a new agent says to it and learns of the one before, and
// what is written down for the case that this one is killed.
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HookSession } from "#live/hook/session.js";
import { HookReader, wireNumber, wireString, wireStrings } from "#live/hook/wire.js";
import { folder } from "../../program.js";

const HEAD = Buffer.concat([wireNumber(1), wireString("builders"), wireString("@/etc/nix/machines"), wireNumber(0)]);
const ASKED = [wireString("try"), wireNumber(1), wireString("x86_64-linux"), wireString("/nix/store/a.drv"), wireStrings([])];
const SAID = Buffer.concat([HEAD, ...ASKED, wireStrings(["/nix/store/b"]), wireStrings(["out"])]);

let own: ReturnType<typeof folder>;
let pipes: readonly number[];
let session: HookSession;

/** The hook's side of both pipes stays open, as if it lived. */
beforeEach(() => {
  own = folder();
  execFileSync("mkfifo", [own.at("down"), own.at("up")]);
  writeFileSync(own.at("who"), "hook 2\nnix 1\n");
  writeFileSync(own.at("in"), SAID);
  writeFileSync(own.at("accepted"), `${HEAD.length} ${HEAD.length}\n`);
  pipes = ["down", "up"].map((name) => openSync(own.at(name), "r+"));
});
afterEach(() => {
  session.release();
  for (const pipe of pipes) closeSync(pipe);
  own.remove();
});

const begun = () => {
  session = new HookSession(own.path, { asked() {}, complete() {}, ran() {}, gone() {} });
  return session.begin();
};
const heard = (): string => {
  const bytes = Buffer.alloc(4096);
  return bytes.toString("utf8", 0, readSync(pipes[0]!, bytes));
};

it("is told at once that there is an agent again, which learns where the one before was building it", () => {
  writeFileSync(own.at("first.host"), "kana");
  expect(begun()).toBe(null);
  expect(heard()).toBe("still\n");
  expect(session.earlier).toBe("kana");
  expect(session.isComplete).toBe(true);
});

it("has nothing from before where nobody was building it", () => {
  begun();
  expect(session.earlier).toBe("");
});

it("knows the machine on which we build it, until Nix's own hook is to build it", () => {
  begun();
  session.first("ruby", "ssh://ruby - - 1");
  const reader = new HookReader();
  reader.push(readFileSync(own.at("first.in")));
  const settings = reader.next();
  expect(settings).toMatchObject({ kind: "settings", settings: new Map([["builders", "ssh://ruby - - 1"]]) });
  expect(reader.next()).toMatchObject({ kind: "question", question: { drv: "/nix/store/a.drv", amWilling: false } });
  session.run("ruby", "ssh://ruby - - 1", "-");
  expect(existsSync(own.at("first.in"))).toBe(false);
});

it("is not ours once it goes on alone", () => {
  begun();
  expect(session.isOurs).toBe(true);
  writeFileSync(own.at("alone.in"), "");
  expect(session.isOurs).toBe(false);
});
