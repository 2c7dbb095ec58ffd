// Who cleans up after us, with real shells: nothing when it was dismissed, else its command until that succeeds.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { guard } from "#live/host/guard.js";
import { systemShell } from "#live/host/shell.js";
import { folder } from "../../program.js";

/** Notes that it ran, and succeeds the second time. */
const SECOND = 'echo ran >> "$0"; [ "$(wc -l < "$0")" -ge 2 ] && echo "$1" > "$0.done"';
let own: ReturnType<typeof folder>;
beforeEach(() => {
  own = folder();
});
afterEach(() => own.remove());

it("runs nothing when it is dismissed", async () => {
  await guard(systemShell, ["sh", "-c", SECOND, own.at("log")]).dismiss();
  expect(existsSync(own.at("log"))).toBe(false);
});

it("runs its words, unread by a shell, until they succeed when it is left", async () => {
  writeFileSync(own.at("log"), "");
  guard(systemShell, ["sh", "-c", SECOND, own.at("log"), "$(exit) 'a'  b"]).leave();
  while (!existsSync(own.at("log.done")) || readFileSync(own.at("log.done"), "utf8") === "")
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(readFileSync(own.at("log.done"), "utf8")).toBe("$(exit) 'a'  b\n");
  expect(readFileSync(own.at("log"), "utf8")).toBe("ran\nran\n");
});
