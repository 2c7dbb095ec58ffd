// A kept SSH connection to a host, which the attempts of all hooks share: their ssh needs no handshake of its own. It is the
// user's own OpenSSH with the user's configuration; host keys are checked as always. It runs `cat`, so that it ends when we
// do, whatever becomes of us: without our end of the pipe it closes once nobody uses it any more.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import type { MachineTarget } from "./machine-words.js";

export interface LinkEvents {
  open(): void;
  /** It could not be opened, or is open no longer: what ssh said. */
  closed(why: string): void;
}

/** Seconds: until a silent host counts as unreachable, and until a silent connection counts as dead (three questions). */
const CONNECT_SECONDS = 10;
const ALIVE_SECONDS = 5;
const ALIVE_COUNT = 3;
const LOOK_MS = 20;
const SAID_MAX = 2000;

export class AgentLink {
  private child: ChildProcess | null = null;
  private timer: NodeJS.Timeout | null = null;
  isOpen = false;

  /** `socket` is short: the system allows about 100 bytes. */
  constructor(
    private readonly target: MachineTarget,
    private readonly socket: string,
    private readonly events: LinkEvents,
  ) {}

  /** Opens it unless it is open or being opened. */
  connect(): void {
    if (this.child !== null || this.target.ssh === null) return;
    rmSync(this.socket, { force: true });
    const child = spawn("ssh", argumentsOf(this.target, this.socket), { stdio: ["pipe", "ignore", "pipe"] });
    this.child = child;
    let said = "";
    child.stderr!.setEncoding("utf8");
    child.stderr!.on("data", (text: string) => (said = (said + text).slice(-SAID_MAX)));
    child.stdin!.on("error", () => {});
    child.on("error", ({ message }) => this.ended(child, message));
    child.on("close", () => this.ended(child, said.trim().split("\n").pop() ?? ""));
    // The socket is there once the host has let us in.
    this.timer = setInterval(() => {
      if (this.isOpen || !existsSync(this.socket)) return;
      this.isOpen = true;
      this.stopLooking();
      this.events.open();
    }, LOOK_MS);
  }

  /** Lets it go: builds that use it may end. */
  release(): void {
    this.stopLooking();
    this.child?.removeAllListeners("close");
    this.child?.stdin?.end();
    this.child?.unref();
    this.child = null;
  }

  private ended(child: ChildProcess, why: string): void {
    if (this.child !== child) return;
    this.stopLooking();
    this.child = null;
    this.isOpen = false;
    this.events.closed(why === "" ? "the connection ended" : why);
  }

  private stopLooking(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}

function argumentsOf({ ssh, key, hostKey }: MachineTarget, socket: string): string[] {
  const options = {
    ControlMaster: "yes",
    ControlPersist: "no",
    BatchMode: "yes",
    ConnectTimeout: CONNECT_SECONDS,
    ServerAliveInterval: ALIVE_SECONDS,
    ServerAliveCountMax: ALIVE_COUNT,
    RequestTTY: "no",
    RemoteCommand: "none",
    ForwardAgent: "no",
    ForwardX11: "no",
    PermitLocalCommand: "no",
    ClearAllForwardings: "yes",
  };
  const words = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  if (key !== "-") words.push("-i", key);
  if (hostKey !== "-") {
    const known = `${socket}.known_hosts`;
    writeFileSync(known, `${ssh!.to.replace(/^[^@]*@/, "")} ${Buffer.from(hostKey, "base64").toString("utf8").trim()}\n`, { mode: 0o600 });
    words.push("-o", `UserKnownHostsFile=${known}`);
  }
  if (ssh!.port !== "") words.push("-p", ssh!.port);
  return [...words, "-S", socket, "--", ssh!.to, "cat"];
}
