// The agent's runtime directory, private to its user: door, pid, control socket, connections, a folder per hook process. An
// agent that was killed leaves it behind, and the next one goes on with what lies there.
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Fault, fault } from "#base/fault.js";

export interface AgentFolder {
  readonly path: string;
  readonly door: string;
  readonly control: string;
  readonly script: string;
  readonly jobs: string;
  /** Socket of this process's shared connection to a host: an earlier agent's serves its builds until they end. */
  link(host: number): string;
  /** Folder of the sockets that this process builds over itself. */
  readonly own: string;
}

export function agentFolder(path: string): AgentFolder {
  return {
    path,
    door: join(path, "door"),
    control: join(path, "control"),
    script: join(path, "hook"),
    jobs: join(path, "jobs"),
    link: (host) => join(path, "ssh", `${process.pid}-${host}`),
    own: join(path, "ssh", `own-${process.pid}`),
  };
}

/** Where it is unless the user says otherwise: of root, or of the login session. */
export function usualFolder(uid: number, session: string | undefined): string {
  if (uid === 0) return "/run/drvfleet";
  return session === undefined || session === "" ? `/tmp/drvfleet-${uid}` : join(session, "drvfleet");
}

/** Makes it, or finds it; a fault where it is not private to this user. */
export function openFolder(folder: AgentFolder, uid: number): Fault | null {
  try {
    mkdirSync(folder.path, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder.path);
    if (!found.isDirectory() || found.uid !== uid)
      return fault("input", folder.path, "found something that is not this user's own directory", "choose another with --runtime");
    chmodSync(folder.path, 0o700);
    for (const name of ["jobs", "ssh"]) mkdirSync(join(folder.path, name), { recursive: true, mode: 0o700 });
    sweptSockets(join(folder.path, "ssh"));
    // A hook that wrote to it while it was taken away has left a file.
    if (!isPipe(folder.door)) {
      rmSync(folder.door, { force: true });
      execFileSync("mkfifo", ["-m", "600", folder.door], { stdio: "ignore" });
    }
    return null;
  } catch (error) {
    return fault("input", folder.path, `it cannot be made: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
  }
}

/** Connections of agents that are no more. */
function sweptSockets(path: string): void {
  for (const name of readdirSync(path)) {
    const pid = /^own-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(path, name), { recursive: true, force: true });
  }
}

/** Process id of the agent that holds the directory; null when none lives. */
export function holder(folder: AgentFolder): number | null {
  try {
    const pid = Number(readFileSync(join(folder.path, "agent.pid"), "utf8"));
    return pid > 1 && isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
}

/** From here on hooks come to this process. */
export function hold(folder: AgentFolder, pid: number, script: string): void {
  notSilent(folder);
  replace(folder.script, script, 0o700);
  replace(join(folder.path, "agent.pid"), `${pid}\n`, 0o600);
}

/** A hook has found us silent: we are not, or no more. */
export function notSilent(folder: AgentFolder): void {
  rmSync(join(folder.path, "silent"), { force: true });
}

/** What no hook has taken goes: only the script stays, which is Nix's own hook from now on, and folders of hooks that wait. */
export function letGo(folder: AgentFolder): void {
  for (const name of ["agent.pid", "door", "silent"]) rmSync(join(folder.path, name), { force: true });
  // Connections that are open need their sockets no more.
  for (const path of [join(folder.path, "staged"), folder.own]) rmSync(path, { recursive: true, force: true });
  for (const name of readdirSync(folder.jobs)) if (take(join(folder.jobs, name))) rmSync(join(folder.jobs, name), { recursive: true });
}

/** Names of the folders of hooks that an earlier agent left alive; all others are removed. */
export function leftHooks(folder: AgentFolder): readonly string[] {
  return readdirSync(folder.jobs).filter((name) => {
    const hook = hookOf(join(folder.jobs, name, "who"));
    if (hook > 1 && isAlive(hook)) return true;
    rmSync(join(folder.jobs, name), { recursive: true, force: true });
    return false;
  });
}

/** Folders that no hook has taken yet are kept at this number: making one costs a hook two programs. */
const READY = 16;

export interface ReadyMaker {
  make(): void;
  /** None is made any more. */
  close(): void;
}

/** Makes folders ready for hooks, after each that was taken. Numbers go on from one agent to the next. */
export function readyMaker(folder: AgentFolder): ReadyMaker {
  const numbers = readdirSync(folder.jobs).map(Number).filter(Number.isInteger);
  let last = Math.max(0, ...numbers);
  let making = false;
  let isClosed = false;
  const make = (): void => {
    if (making || isClosed) return;
    const waiting = readdirSync(folder.jobs).filter((name) => !existsSync(join(folder.jobs, name, "taken"))).length;
    if (waiting > READY / 2) return;
    making = true;
    const staged = Array.from({ length: READY - waiting }, () => String(++last));
    for (const name of staged) mkdirSync(join(folder.path, "staged", name), { recursive: true, mode: 0o700 });
    const pipes = staged.flatMap((name) => ["down", "up"].map((pipe) => join(folder.path, "staged", name, pipe)));
    execFile("mkfifo", ["-m", "600", ...pipes], (error) => {
      making = false;
      if (isClosed) return;
      for (const name of staged) {
        const made = join(folder.path, "staged", name);
        if (error === null) renameSync(made, join(folder.jobs, name));
        else rmSync(made, { recursive: true, force: true });
      }
    });
  };
  return {
    make,
    close: () => {
      isClosed = true;
    },
  };
}

/** As hooks do it: the first to write it has the folder. */
function take(job: string): boolean {
  try {
    writeFileSync(join(job, "taken"), "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

function isPipe(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false;
}

function hookOf(who: string): number {
  try {
    return Number(/^hook (\d+)$/m.exec(readFileSync(who, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whole or not at all: hooks read it at any time. */
function replace(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}
