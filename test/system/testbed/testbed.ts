// The testbed as a value, for tests and benches: several Nix machines on this one. Knows the script beside it and nothing
// of drvfleet. It is bound to the life of its maker: when that ends, however it ends, its holder takes the testbed down.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { command, type Ended } from "../../program.js";

/** How a line of the coordinator's machines file reads; what is absent: 1 job, speed 1, no features. */
export interface MachineLine {
  readonly host: string;
  readonly jobs?: number;
  readonly speed?: number;
  readonly features?: readonly string[];
  readonly mandatory?: readonly string[];
}

export interface TestbedOptions {
  /** Letters, digits and dots; several testbeds stand side by side by id. */
  readonly id: string;
  /** Build hosts beside the coordinator `ai`: 1 to 12. */
  readonly hosts: number;
  /** A folder made by roots.sh whose Nix all hosts run, or those that are named; without it, this machine's. */
  readonly root?: string;
  readonly roots?: Readonly<Record<string, string>>;
  /** Size of each builder's /nix, as "64m"; or of those that are named. */
  readonly disk?: string | Readonly<Record<string, string>>;
  /** Systems that a host builds, where not all. */
  readonly systems?: Readonly<Record<string, readonly string[]>>;
  /** Whether the coordinator's ssh keeps connections. */
  readonly master?: boolean;
}

export interface InOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** A program that runs in a host. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** To the program itself, in its own process namespace; false when it has ended. */
  signal(name: NodeJS.Signals): boolean;
}

export interface Testbed {
  readonly id: string;
  readonly hosts: readonly string[];
  in(host: string, argv: readonly string[], options?: InOptions): Promise<Ended>;
  /** Runs until it ends or is signalled; standard input stays open and belongs to the caller. */
  spawn(host: string, argv: readonly string[], options?: Pick<InOptions, "env">): Running;
  /** Every process dies and peers are told so; the machine below answers. */
  kill(host: string): Promise<void>;
  /** Power cut: peers are told nothing. */
  cut(host: string): Promise<void>;
  revive(host: string): Promise<void>;
  silence(host: string, what: "on" | "off"): Promise<void>;
  sshd(host: string, what: "stop" | "start"): Promise<void>;
  hostkey(host: string, what: "wrong" | "right"): Promise<void>;
  /** As tc writes rates: "20mbit". */
  net(host: string, rate: string): Promise<void>;
  cpu(host: string, percent: number | "off"): Promise<void>;
  disk(host: string, what: string): Promise<void>;
  wipe(host: string): Promise<void>;
  /** Writes the coordinator's machines file; all hosts with one job each where none is named. Its text. */
  machines(lines?: readonly MachineLine[]): Promise<string>;
  nixconf(host: string, ...lines: readonly string[]): Promise<void>;
  master(what: "on" | "off"): Promise<void>;
  binfmt(what: "on" | "off"): Promise<void>;
  /** A file of a running host as this process sees it. Absolute links in it lead astray. */
  path(host: string, path: string): string;
  read(host: string, path: string): string;
  write(host: string, path: string, text: string): void;
  down(): Promise<void>;
}

export const TESTBED = join(checkout(), "test/system/testbed/testbed");
/** Where roots.sh puts the folders of other Nix versions. */
export const ROOTS = process.env.TB_ROOTS ?? "/var/tmp/drvfleet-roots";
/** Below it each testbed has its folder, while it stands. */
export const STATES = process.env.TB_STATE ?? "/var/tmp/drvfleet-testbed";

/** What some need of a testbed: CPU quotas, emulated builds. */
export type Need = "cpu" | "binfmt";

/** What this machine lacks for a testbed, a line each. */
export function lacking(...needs: readonly Need[]): readonly string[] {
  if (process.platform !== "linux") return ["Linux"];
  const { stdout, error } = spawnSync(TESTBED, ["missing", ...needs], { encoding: "utf8" });
  return error === undefined ? stdout.split("\n").filter((line) => line !== "") : [error.message];
}

export async function testbed(options: TestbedOptions): Promise<Testbed> {
  const { id } = options;
  const env: NodeJS.ProcessEnv = { ...process.env, ...variables(options), TB_ID: id };
  const run = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await command(TESTBED, args, { env });
    if (code !== 0) throw new Error(`testbed ${args.join(" ")}: exit ${code}\n${err}${out}`);
    return out;
  };
  const quiet = async (...args: readonly string[]): Promise<void> => void (await run(...args));

  const holder = spawn(TESTBED, ["hold", String(options.hosts)], { env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  await standing(holder, id);
  const hosts = (await run("hosts")).trim().split("\n");
  const path = (host: string, at: string): string => {
    const pid = readFileSync(join(STATES, id, "hosts", host, "pid"), "utf8").trim();
    return join(`/proc/${pid}/root`, at);
  };

  return {
    id,
    hosts,
    in: (host, argv, { env: more = {}, input = "" } = {}) => command(TESTBED, ["in", host, ...withEnv(more, argv)], { env, input }),
    spawn: (host, argv, { env: more = {} } = {}) => running(spawn(TESTBED, ["in", host, ...withEnv(more, argv)], { env })),
    kill: (host) => quiet("kill", host),
    cut: (host) => quiet("cut", host),
    revive: (host) => quiet("revive", host),
    silence: (host, what) => quiet("silence", host, what),
    sshd: (host, what) => quiet("sshd", host, what),
    hostkey: (host, what) => quiet("hostkey", host, what),
    net: (host, rate) => quiet("net", host, rate),
    cpu: (host, percent) => quiet("cpu", host, String(percent)),
    disk: (host, what) => quiet("disk", host, what),
    wipe: (host) => quiet("wipe", host),
    machines: (lines = []) => run("machines", ...lines.map(machineArgument)),
    nixconf: (host, ...lines) => quiet("nixconf", host, ...lines),
    master: (what) => quiet("master", what),
    binfmt: (what) => quiet("binfmt", what),
    path,
    read: (host, at) => readFileSync(path(host, at), "utf8"),
    write: (host, at, text) => writeFileSync(path(host, at), text),
    down: () =>
      new Promise((resolve) => {
        holder.once("close", () => resolve());
        holder.stdin!.end();
      }),
  };
}

/** Until the holder has printed who is up; rejects with what it said where it ends before. */
function standing(holder: ChildProcess, id: string): Promise<void> {
  let err = "";
  holder.stderr!.on("data", (chunk: Buffer) => {
    err += chunk.toString("utf8");
  });
  return new Promise((resolve, reject) => {
    holder.stdout!.once("data", () => resolve());
    holder.once("error", reject);
    holder.once("close", () => reject(new Error(`testbed ${id}: ${err}`)));
  });
}

/** The root of the repository, from a source file as from a compiled bench. */
function checkout(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, "package.json"))) at = dirname(at);
  return at;
}

function variables({ root, roots = {}, disk, systems = {}, master = false }: TestbedOptions): Record<string, string> {
  return {
    ...(root === undefined ? {} : { TB_ROOT: root }),
    ...Object.fromEntries(Object.entries(roots).map(([host, at]) => [`TB_ROOT_${host}`, at])),
    ...(typeof disk === "string" ? { TB_DISK: disk } : {}),
    ...Object.fromEntries(Object.entries(typeof disk === "object" ? disk : {}).map(([host, size]) => [`TB_DISK_${host}`, size])),
    ...Object.fromEntries(Object.entries(systems).map(([host, list]) => [`TB_SYSTEMS_${host}`, list.join(",")])),
    ...(master ? { TB_MASTER: "1" } : {}),
  };
}

function machineArgument({ host, jobs = 1, speed = 1, features = [], mandatory = [] }: MachineLine): string {
  return `${host}=${jobs}:${speed}:${features.join(",")}:${mandatory.join(",")}`;
}

function withEnv(env: Readonly<Record<string, string>>, argv: readonly string[]): readonly string[] {
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? argv : ["env", ...pairs, ...argv];
}

function running(child: ChildProcess): Running {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout!.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr!.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin!.on("error", () => {});
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");
  return {
    process: child,
    ended: new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code: code ?? -1, signal, out: text(out), err: text(err) }));
    }),
    // The child enters the host's namespaces; the program is its only child.
    signal: (name) => {
      const inner = spawnSync("pgrep", ["-P", String(child.pid)], { encoding: "utf8" }).stdout.trim();
      return inner !== "" && process.kill(Number(inner), name);
    },
  };
}
