// The system's own programs: their end, whatever becomes of their streams.
import { expect, it } from "vitest";
import { systemShell } from "#live/host/shell.js";

it("a program has ended though another still holds its streams", async () => {
  const from = performance.now();
  expect(await systemShell.start(["sh", "-c", "sleep 20 & exit 3"]).ended).toEqual({ code: 3, error: "" });
  expect(performance.now() - from).toBeLessThan(10_000);
});

it("the last words of a program are heard before its end", async () => {
  const program = systemShell.start(["sh", "-c", "echo last words >&2; exit 4"]);
  let said = "";
  program.errors.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  expect([(await program.ended).code, said]).toEqual([4, "last words\n"]);
});
