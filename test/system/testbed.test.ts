// The testbed itself: real Nix builds on its hosts, each fault is what its name says, and nothing stays behind.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, type Ended, folder, ROOT } from "../program.js";
import { lacks, lacksRoot, lacksTestbed } from "./needs.js";
import { ROOTS, STATES, TESTBED, type Testbed, testbed } from "./testbed/testbed.js";

/** A derivation that says where it was built, after a while. */
const HOST = `{ name, seconds ? "0" }: derivation {
  inherit name seconds; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "/bin/sleep $seconds; /bin/uname -n > $out" ]; }`;

/** A static program of another system as builder. */
const CELL = `{ system, builder }: derivation { name = "cell"; inherit system builder; node = "cell"; log = "/srv/events"; bytes = "1000"; }`;

/** What the kernel and the file system know of testbeds with that id: nothing, once they are down. */
async function traces(id: string): Promise<readonly string[]> {
  const spaces = (await command("ip", ["netns", "list"])).out.split("\n").filter((line) => line.startsWith(`tb-${id}-`));
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .filter((line) => line.includes(`/${id}/`));
  const groups = existsSync("/sys/fs/cgroup/cpu") ? readdirSync("/sys/fs/cgroup/cpu").filter((name) => name.startsWith(`tb-${id}-`)) : [];
  const state = existsSync(join(STATES, id)) ? [join(STATES, id)] : [];
  // Every process of a host was started with the testbed's name in its environment, or by one that was.
  const processes = readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`TB_ID=${id}`);
    } catch {
      return false;
    }
  });
  return [...spaces, ...mounts, ...groups, ...state, ...processes.map((pid) => `process ${pid}`)];
}

/** Waits until a fact holds; the machine may be busy. */
async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await holds()) return;
    await setTimeout(100);
  }
  throw new Error(`not within 30 s: ${what}`);
}

/** Several checkouts may be tested at once on one machine. */
const ID = `test.${process.pid}`;

/** Hosts that run the Nix of another root folder, where it is. */
const VERSIONS = { kana: "2.26", opal: "2.34" };

describe.skipIf(lacksTestbed("cpu"))("a testbed", () => {
  const absent = Object.fromEntries(Object.entries(VERSIONS).map(([host, version]) => [host, lacksRoot(version)]));
  const roots = Object.fromEntries(Object.entries(VERSIONS).flatMap(([host, at]) => (absent[host] ? [] : [[host, join(ROOTS, at)]])));
  const place = folder();
  let bed: Testbed;
  beforeAll(async () => {
    bed = await testbed({ id: ID, hosts: 4, disk: { aquamarine: "64m" }, roots });
    bed.write("ai", "/root/host.nix", HOST);
  });
  afterAll(async () => {
    await bed?.down();
    place.remove();
  });

  const build = (name: string): Promise<Ended> => bed.in("ai", ["nix-build", "--no-out-link", "-j0", "host.nix", "--argstr", "name", name]);
  const ssh = (host: string, ...words: string[]): Promise<Ended> => bed.in("ai", ["ssh", "-o", "ConnectTimeout=1", host, ...words]);
  /** A session that says "here" at once, and "done" when the file /root/go is on its host. */
  const session = async (host: string): Promise<{ ended: Promise<Ended>; go(): void }> => {
    const { process: child, ended } = bed.spawn("ai", [
      "ssh",
      host,
      "rm -f go; echo here; while [ ! -e go ]; do sleep 0.05; done; echo done",
    ]);
    await new Promise((resolve) => child.stdout!.once("data", resolve));
    return { ended, go: () => bed.write(host, "/root/go", "") };
  };

  it("is a coordinator and hosts with stores, names and machines of their own", async () => {
    expect(bed.hosts).toEqual(["aquamarine", "ruby", "kana", "opal"]);
    const text = await bed.machines([
      { host: "ruby", jobs: 2, speed: 3, features: ["kvm", "benchmark"], mandatory: ["kvm"] },
      { host: "aquamarine" },
    ]);
    const systems = "x86_64-linux,i686-linux,aarch64-linux,riscv64-linux /root/.ssh/id_ed25519";
    expect(text).toBe(`ssh://root@ruby ${systems} 2 3 kvm,benchmark kvm -\nssh://root@aquamarine ${systems} 1 1 - - -\n`);
    await bed.machines([{ host: "ruby" }]);
    const built = await build("one");
    expect(built.code, built.err).toBe(0);
    expect(bed.read("ai", built.out.trim())).toBe("ruby\n");
    expect(bed.read("ruby", built.out.trim())).toBe("ruby\n");
    expect(existsSync(bed.path("aquamarine", built.out.trim()))).toBe(false);
    await bed.wipe("ai");
    expect(existsSync(bed.path("ai", built.out.trim()))).toBe(false);
  });

  it("runs the drvfleet of this checkout on its hosts, and signals reach what runs there", async () => {
    const version = await bed.in("ai", ["drvfleet", "--version"]);
    expect(version.out).toBe((await command(process.execPath, ["dist/cli/main.js", "--version"])).out);
    const running = bed.spawn("ruby", ["sh", "-c", 'trap "echo asked to stop; exit 7" INT; echo here; while :; do sleep 0.05; done']);
    await new Promise((resolve) => running.process.stdout!.once("data", resolve));
    expect(running.signal("SIGINT")).toBe(true);
    expect(await running.ended).toMatchObject({ code: 7, out: "here\nasked to stop\n" });
    expect(running.signal("SIGINT")).toBe(false);
    const left = bed.spawn("ruby", ["sleep", "7654"]);
    await until("sleep runs", async () => (await bed.in("ruby", ["pgrep", "-f", "^sleep 7654"])).code === 0);
    left.process.kill("SIGKILL");
    await until(
      "a program ends with the process that stands for it",
      async () => (await bed.in("ruby", ["pgrep", "-f", "^sleep 7654"])).code === 1,
    );
  });

  it("kill: peers are told, connects are refused; what was built is there after revive", async () => {
    bed.write("ruby", "/nix/kept", "");
    const { ended } = await session("ruby");
    await bed.kill("ruby");
    expect((await ended).code).toBe(255);
    expect((await ssh("ruby", "true")).err).toMatch(/refused/);
    await bed.revive("ruby");
    expect(await ssh("ruby", "ls /nix/kept; uname -n")).toMatchObject({ code: 0, out: "/nix/kept\nruby\n" });
  });

  it("cut: peers are told nothing, connects time out; after revive, old sessions are unknown", async () => {
    const { ended } = await session("ruby");
    await bed.cut("ruby");
    expect((await ssh("ruby", "true")).err).toMatch(/timed out/);
    expect(await Promise.race([ended, setTimeout(200, "open")])).toBe("open");
    await bed.revive("ruby");
    expect((await ssh("ruby", "uname -n")).out).toBe("ruby\n");
    expect(await Promise.race([ended, setTimeout(200, "open")])).toBe("open");
  });

  it("silence: packets vanish; when the link is back, sessions go on", async () => {
    const { ended, go } = await session("ruby");
    await bed.silence("ruby", "on");
    expect((await ssh("ruby", "true")).err).toMatch(/timed out/);
    go();
    expect(await Promise.race([ended, setTimeout(500, "open")])).toBe("open");
    await bed.silence("ruby", "off");
    expect(await ended).toMatchObject({ code: 0, out: "here\ndone\n" });
  });

  it("sshd stop: connects are refused, sessions go on", async () => {
    const { ended, go } = await session("ruby");
    await bed.sshd("ruby", "stop");
    expect((await ssh("ruby", "true")).err).toMatch(/refused/);
    go();
    expect(await ended).toMatchObject({ code: 0, out: "here\ndone\n" });
    await bed.sshd("ruby", "start");
    expect((await ssh("ruby", "true")).code).toBe(0);
  });

  it("hostkey wrong: ssh refuses; right: it trusts again", async () => {
    await bed.hostkey("ruby", "wrong");
    expect((await ssh("ruby", "true")).err).toMatch(/Host key verification failed/);
    await bed.hostkey("ruby", "right");
    expect((await ssh("ruby", "true")).code).toBe(0);
  });

  it("disk full: builds fail there; free: they succeed; the limit may change, and outlives a power cut", async () => {
    await bed.machines([{ host: "aquamarine" }]);
    await bed.disk("aquamarine", "full");
    const failed = await build("full");
    expect(failed.code).not.toBe(0);
    expect(failed.err).toMatch(/No space left|disk is full|Broken pipe/);
    await bed.disk("aquamarine", "free");
    expect((await build("full")).code).toBe(0);
    await bed.cut("aquamarine");
    await bed.revive("aquamarine");
    await bed.disk("aquamarine", "32m");
    const { out } = await bed.in("aquamarine", ["sh", "-c", "ls -d /nix/store/*-full; df -k --output=size /nix | tail -n 1"]);
    expect(out).toMatch(/-full\n *32768\n$/);
    await expect(bed.disk("ruby", "full")).rejects.toThrow(/no limit/);
  });

  it("net: a link is as slow as told, each way, also when told while in use", async () => {
    // Half a megabyte; 64 KiB pass at once.
    const seconds = async (words: string): Promise<number> => {
      const from = performance.now();
      expect((await bed.in("ai", ["sh", "-c", words])).code).toBe(0);
      return (performance.now() - from) / 1000;
    };
    const most = (8 * (500_000 - 65_536)) / 4e6;
    await bed.net("ruby", "4mbit");
    expect(await seconds("head -c 500000 /dev/zero | ssh ruby 'cat > /dev/null'")).toBeGreaterThan(most);
    expect(await seconds("ssh ruby head -c 500000 /dev/zero | wc -c")).toBeGreaterThan(most);
    // Eight minutes at that rate, unless the rate rises meanwhile.
    await bed.net("ruby", "10kbit");
    const slow = bed.spawn("ai", ["sh", "-c", "head -c 500000 /dev/zero | ssh -o ConnectTimeout=60 ruby 'cat > /dev/null'"]);
    await setTimeout(200);
    await bed.net("ruby", "off");
    expect((await slow.ended).code).toBe(0);
  });

  it("cpu: all processes of a host together get their quota", async () => {
    await bed.cpu("ruby", 10);
    const spin = "time timeout 1 sh -c 'while :; do :; done' & ";
    const { err } = await bed.in("ruby", ["bash", "-c", `TIMEFORMAT=%U+%S; ${spin}${spin}wait`]);
    const used = [...err.matchAll(/\d+\.\d+/g)].reduce((sum, [text]) => sum + Number(text), 0);
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThan(0.25);
    const throttled = (): number =>
      Number(/^nr_throttled (\d+)$/m.exec(readFileSync(`/sys/fs/cgroup/cpu/tb-${ID}-ruby/cpu.stat`, "utf8"))![1]);
    expect(throttled()).toBeGreaterThan(10);
    await bed.cpu("ruby", "off");
    const before = throttled();
    await bed.in("ruby", ["timeout", "0.2", "sh", "-c", "while :; do :; done"]);
    expect(throttled()).toBe(before);
  });

  it("master: ssh keeps connections, or not", async () => {
    const sockets = async (): Promise<string> => (await bed.in("ai", ["sh", "-c", "ls /run | grep ^ssh-"])).out;
    await ssh("ruby", "true");
    expect(await sockets()).toBe("");
    await bed.master("on");
    await ssh("ruby", "true");
    expect(await sockets()).toMatch(/^ssh-\w+\n$/);
    await bed.master("off");
  });

  const noEmulation = lacksTestbed("binfmt") || lacks("aarch64-linux-gnu-gcc") || lacks("riscv64-linux-gnu-gcc");
  it.skipIf(noEmulation).each(["aarch64", "riscv64"])("binfmt: qemu-user builds with a static program for %s", async (cpu) => {
    const made = await command(`${cpu}-linux-gnu-gcc`, ["-O1", "-static", "-o", place.at("cell"), join(ROOT, "bench/record/cell.c")]);
    expect(made.code, made.err).toBe(0);
    await bed.binfmt("on");
    await bed.machines([{ host: "ruby" }]);
    bed.write("ai", "/root/cell.nix", CELL);
    expect((await command("cp", [place.at("cell"), bed.path("ai", `/root/cell.${cpu}`)])).code).toBe(0);
    const args = ["--argstr", "system", `${cpu}-linux`, "--arg", "builder", `./cell.${cpu}`];
    const built = await bed.in("ai", ["nix-build", "--no-out-link", "-j0", "cell.nix", ...args]);
    expect(built.code, built.err).toBe(0);
    expect(bed.read("ai", "/srv/events")).toMatch(new RegExp(`^S cell ruby \\S+ ${cpu} \\S+\nE cell ruby \\S+ ${cpu} \\S+\n$`, "m"));
  });

  for (const [host, version] of Object.entries(VERSIONS))
    it.skipIf(absent[host])(`a root with Nix ${version}: its host runs that, and builds for this machine's`, async () => {
      expect((await bed.in(host, ["nix-store", "--version"])).out).toMatch(new RegExp(`Nix\\) ${version}\\.`));
      expect((await bed.in(host, ["drvfleet", "--help"])).out).toMatch(/^Usage: drvfleet/);
      await bed.machines([{ host }]);
      const built = await build(`by-${host}`);
      expect(built.code, built.err).toBe(0);
      expect(bed.read("ai", built.out.trim())).toBe(`${host}\n`);
    });

  it("stands beside another on the same root, and the end of one is nothing to the other", async () => {
    const second = `${ID}.2`;
    const other = await testbed({ id: second, hosts: 1 });
    other.write("ai", "/root/host.nix", HOST);
    expect(await traces(second)).not.toEqual([]);
    await other.down();
    expect(await traces(second)).toEqual([]);
    await bed.machines([{ host: "ruby" }]);
    expect(await build("beside")).toMatchObject({ code: 0 });
    await expect(testbed({ id: ID, hosts: 1 })).rejects.toThrow(/is up already/);
  });

  it("reaps what its hosts leave behind", async () => {
    await bed.in("ruby", ["sh", "-c", "(sleep 0.1 &) ; exit"]);
    await until("no zombie", async () => !(await bed.in("ruby", ["ps", "-eo", "stat"])).out.includes("Z"));
  });
});

describe.skipIf(lacksTestbed())("of a testbed nothing stays behind", () => {
  const id = `${ID}.3`;
  const env = { ...process.env, TB_ID: id };
  afterAll(async () => void (await command(TESTBED, ["down"], { env })));

  /** Resolves when the program has said something. */
  const said = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.stdout!.once("data", resolve));

  it("when it was used by hand, as the README says", async () => {
    const block = /^```sh\n([\s\S]*?)^```$/m.exec(readFileSync(join(TESTBED, "../README.md"), "utf8"))![1]!;
    const { code, out, err } = await command("sh", ["-ec", block], { env });
    expect(code, err).toBe(0);
    expect(out).toMatch(/^ssh:\/\/root@kana \S+ \S+ 2 1 kvm,benchmark - -$/m);
    expect(out).toMatch(/^\/nix\/store\/\S+-x\ndown\n$/m);
    expect(await traces(id)).toEqual([]);
  });

  it("when its owner is killed", async () => {
    const hold = `require("node:child_process").spawn(${JSON.stringify(TESTBED)}, ["hold", "1"], { detached: true, stdio: ["pipe", 1, 2] })`;
    const owner = spawn(process.execPath, ["-e", hold], { env, stdio: ["ignore", "pipe", "inherit"] });
    await said(owner);
    expect(await traces(id)).toContain(`tb-${id}-aquamarine`);
    owner.kill("SIGKILL");
    await until("nothing is left", async () => (await traces(id)).length === 0);
  });

  it("when owner and holder are killed: the next up of that name finds a dead one and makes its own", async () => {
    const holder = spawn(TESTBED, ["hold", "2"], { env: { ...env, TB_DISK: "32m" }, stdio: ["pipe", "pipe", "inherit"] });
    await said(holder);
    holder.kill("SIGKILL");
    const next = await testbed({ id, hosts: 1 });
    expect(next.hosts).toEqual(["aquamarine"]);
    expect((await next.in("aquamarine", ["df", "--output=fstype", "/nix"])).out).not.toMatch(/tmpfs/);
    await next.down();
    expect(await traces(id)).toEqual([]);
  });

  it("when `up` itself is killed half-way: down finds what there is", async () => {
    const up = spawn(TESTBED, ["up", "2"], { env, stdio: "ignore" });
    const ended = new Promise((resolve) => up.once("close", resolve));
    await until("the first host is made", async () => (await command("ip", ["netns", "list"])).out.includes(`tb-${id}-aquamarine`));
    up.kill("SIGKILL");
    await ended;
    expect(await traces(id)).not.toEqual([]);
    expect((await command(TESTBED, ["down"], { env })).code).toBe(0);
    expect(await traces(id)).toEqual([]);
  });
});
