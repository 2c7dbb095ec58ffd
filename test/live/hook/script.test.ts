// The script that Nix starts: shells of several kinds read it, no name of a directory gets out of its quotes, and it needs
// nothing but POSIX programs.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { hookScript, quoted } from "#live/hook/script.js";

const shells = ["dash", "bash", "busybox"].filter((shell) => spawnSync("sh", ["-c", `command -v ${shell}`]).status === 0);
const run = (shell: string, args: readonly string[], input = "") =>
  spawnSync(shell, shell === "busybox" ? ["sh", ...args] : args, { input, encoding: "utf8" });

describe.each(shells)("in %s", (shell) => {
  it("is a program that it can read", () => {
    const script = hookScript({ runtime: "/run/drvfleet", path: "/usr/bin", own: ["/usr/bin/nix", "__build-remote"] });
    expect(run(shell, ["-n"], script)).toMatchObject({ status: 0, stderr: "" });
  });

  it("becomes Nix's own hook, with its arguments and its input, where there is no agent", () => {
    const own = ["/bin/sh", "-c", 'cat; echo "$0"'];
    const script = hookScript({ runtime: "/nonexistent/it's $(date) `date`", path: "/usr/bin:/bin", own });
    expect(run(shell, ["-c", script, "hook", "3"], "all that Nix says\n")).toMatchObject({
      status: 0,
      stdout: "all that Nix says\n3\n",
      stderr: "",
    });
  });

  it("quotes whatever a path may hold", () => {
    for (const text of ["plain", "it's", "$(exit 3)", "a b", "`x`", "\\", '"', "*", "-n"])
      expect(run(shell, ["-c", `printf %s ${quoted(text)}`]).stdout).toBe(text);
  });
});
