// The script that Nix starts: shells of several kinds read it, no name of a directory gets out of its quotes, and it needs
// nothing but POSIX programs.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hookScript, quoted } from "#live/hook/script.js";
import { folder } from "../../program.js";

const shells = ["dash", "bash", "busybox"].filter((shell) => spawnSync("sh", ["-c", `command -v ${shell}`]).status === 0);
const run = (shell: string, args: readonly string[], input = "") =>
  spawnSync(shell, shell === "busybox" ? ["sh", ...args] : args, { input, encoding: "utf8" });

/** Nix's own hook: notes what it is asked and with which options of ssh; what it says to the first machine is in FIRST. */
const OWN = `
read -r what
echo "$what $NIX_SSHOPTS" >> "$ASKED"
if [ "$what" = first ]; then eval "$FIRST"; else echo "# accept" >&2; fi
`;
/** What a user may have: every word stays as it is. */
const MINE = `-o User=it's\\"$(exit)`;

/** A hook that is told to go on alone. What its agent was building is known where `first` is not null. */
async function alone(shell: string, first: string | null): Promise<{ readonly code: number | null; readonly asked: readonly string[] }> {
  const own = folder();
  try {
    const down = own.at("jobs", "1", "down");
    mkdirSync(own.at("jobs", "1"), { recursive: true });
    execFileSync("mkfifo", [own.at("door"), down, own.at("jobs", "1", "up")]);
    writeFileSync(own.at("agent.pid"), `${process.pid}\n`);
    writeFileSync(own.at("asked"), "");
    const script = hookScript({ runtime: own.path, path: "/usr/bin:/bin", own: ["/bin/sh", "-c", OWN] });
    if (first !== null) writeFileSync(own.at("jobs", "1", "first.in"), "first\n");
    const env = { ...process.env, ASKED: own.at("asked"), FIRST: first ?? "", NIX_SSHOPTS: MINE };
    const hook = spawn(shell, [...(shell === "busybox" ? ["sh"] : []), "-c", script], { env, stdio: ["pipe", "ignore", "ignore"] });
    const ended = new Promise<number | null>((resolve) => hook.on("exit", resolve));
    hook.stdin.end("all\nthe rest that Nix says of the build\n");
    const pipe = openSync(down, "r+");
    writeSync(pipe, "accept 4 4 kana\nalone\n");
    const code = await ended;
    closeSync(pipe);
    expect(existsSync(own.at("jobs", "1"))).toBe(false);
    return { code, asked: readFileSync(own.at("asked"), "utf8").trim().split("\n") };
  } finally {
    own.remove();
  }
}

describe.each(shells)("in %s", (shell) => {
  const FIRST = `first ${MINE} -S none -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3`;
  const ALL = `all ${MINE}`;
  const says = (words: string, code = 0) => `echo "# ${words}" >&2; exit ${code}`;

  it.each([
    ["where nothing is known, any", null, [ALL], 0],
    ["that has it or builds it, and no other", says("accept"), [FIRST], 0],
    ["that is busy again", `[ -e "$ASKED.2" ] || { : > "$ASKED.2"; ${says("postpone")}; }; ${says("accept")}`, [FIRST, FIRST], 0],
    ["that cannot be reached, then any", says("decline"), [FIRST, ALL], 0],
    ["that is lost, then any", `echo "error: unexpected end-of-file" >&2; ${says("accept", 1)}`, [FIRST, ALL], 0],
    ["where the build fails, and no other", `echo "error: build of 'x' on 'y' failed: it" >&2; ${says("accept", 1)}`, [FIRST], 1],
  ] as const)("asks the machine of its agent, alone: %s", async (_, first, asked, code) => {
    expect(await alone(shell, first)).toEqual({ code, asked });
  });

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
