// Who cleans up after us, with real shells: nothing when it was dismissed, else its command until that succeeds.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { guard } from "#live/host/guard.js";
import { type Program, systemShell } from "#live/host/shell.js";
import { folder } from "../../program.js";

/** Notes that it ran, and succeeds the second time. */
const SECOND = 'echo ran >> "$0"; [ "$(wc -l < "$0")" -ge 2 ] && echo "$1" > "$0.done"';
let started: Program | undefined;
let own: ReturnType<typeof folder>;
beforeEach(() => {
  own = folder();
});
afterEach(() => own.remove());

const noting = (name: string, ...words: string[]) => ["sh", "-c", SECOND, own.at(name), ...words];
const done = async (name: string): Promise<string> => {
  while (!existsSync(own.at(`${name}.done`)) || readFileSync(own.at(`${name}.done`), "utf8") === "")
    await new Promise((resolve) => setTimeout(resolve, 50));
  return readFileSync(own.at(`${name}.done`), "utf8");
};

it("runs nothing when nothing is left", async () => {
  const watch = guard(systemShell, [noting("a")], noting("tidy"));
  watch.met(0);
  await watch.settle([]);
  expect(existsSync(own.at("a"))).toBe(false);
  expect(existsSync(own.at("tidy"))).toBe(false);
});

it("runs the words of those that are left, unread by a shell, until they succeed", async () => {
  writeFileSync(own.at("b"), "");
  const watch = guard(systemShell, [noting("a", "1"), noting("b", "$(exit) 'a'  b", "2"), noting("c", "3")], noting("tidy"));
  for (const number of [0, 1, 2]) watch.met(number);
  await watch.settle([1]);
  expect(await done("b")).toBe("$(exit) 'a'  b\n");
  expect(readFileSync(own.at("b"), "utf8")).toBe("ran\nran\n");
  expect(["a", "c", "tidy"].filter((name) => existsSync(own.at(name)))).toEqual([]);
});

it("runs those of all that were met, and what is done in any case, when nobody could settle it", async () => {
  const program = guard(
    { start: (words) => (started = systemShell.start(words)) },
    [noting("a", "1"), noting("b", "2")],
    noting("tidy", "t"),
  );
  program.met(1);
  started!.input.end();
  expect([await done("b"), await done("tidy")]).toEqual(["2\n", "t\n"]);
  await started!.ended;
  expect(existsSync(own.at("a"))).toBe(false);
});
