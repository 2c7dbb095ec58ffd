// The build hook and its agent on real hosts under real Nix: placed by us, moved when a host dies, final when a build fails,
// and Nix's own hook wherever the agent is absent, silent or dead. Nothing is left behind, whoever is killed.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Ended } from "../program.js";
import { lacksRoot, lacksTestbed } from "./needs.js";
import { ROOTS, type Running, type Testbed, testbed } from "./testbed/testbed.js";

/** Builds that note where and when they began and ended; `needs` of the last name all others. */
const EXPRESSION = `
{ names, seconds ? "1", salt, exit ? "0", features ? "" }:
let
  list = builtins.filter builtins.isString (builtins.split "," names);
  one = seconds: inputs: name: derivation {
    inherit name seconds salt exit inputs; system = builtins.currentSystem; builder = "/bin/sh";
    requiredSystemFeatures = builtins.filter builtins.isString (builtins.split "," features);
    args = [ "-c" ''
      echo "S $name $(/bin/uname -n)" >> /srv/events
      /bin/sleep $seconds
      echo "E $name $(/bin/uname -n)" >> /srv/events
      [ $exit = 0 ] || exit $exit
      /bin/uname -n > $out
    '' ];
  };
in one "0" (map (one seconds [ ]) list) "last"
`;
const HOOK = "/run/drvfleet/hook";

interface Note {
  readonly what: string;
  readonly name: string;
  readonly host: string;
}

describe.each([
  ["this machine's Nix", undefined],
  ["2.26", "2.26"],
  ["2.34", "2.34"],
])("drvfleet hook under %s", (title, version) => {
  const root = version === undefined ? undefined : `${ROOTS}/${version}`;

  describe.skipIf(lacksTestbed() || (version !== undefined && lacksRoot(version)))(title, () => {
    let bed: Testbed;
    let agent: Running;
    let salt = 0;

    beforeAll(async () => {
      bed = await testbed({ id: `hooktest${version ?? ""}.${process.pid}`, hosts: 3, ...(root !== undefined && { root }) });
      bed.write("ai", "/root/fan.nix", EXPRESSION);
      await bed.machines([
        { host: "aquamarine", jobs: 2, features: ["benchmark"] },
        { host: "ruby", jobs: 1 },
        { host: "kana", jobs: 1 },
      ]);
      agent = await started(bed);
    }, 60_000);
    afterAll(async () => {
      await bed?.down();
    }, 60_000);
    beforeEach(() => bed.write("ai", "/srv/events", ""));

    const argv = (names: string, more: readonly string[] = []): string[] => [
      ...["nix-build", "fan.nix", "--no-out-link", "-j0", "--option", "build-hook", HOOK],
      ...["--argstr", "names", names, "--argstr", "salt", `${++salt}`, ...more],
    ];
    const build = (names: string, more: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
      bed.in("ai", argv(names, more), { env });
    const notes = (): Note[] =>
      bed
        .read("ai", "/srv/events")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split(" "))
        .map(([what, name, host]) => ({ what: what!, name: name!, host: host! }));
    const ends = (): Note[] => notes().filter(({ what }) => what === "E");
    const status = async () => JSON.parse((await bed.in("ai", ["drvfleet", "agent", "status", "--json"])).out);

    it("builds on all hosts, four at a time, and says which host it was", async () => {
      const { code, err } = await build("a,b,c,d,e,f");
      expect(code, err).toBe(0);
      expect(new Set(ends().map(({ host }) => host))).toEqual(new Set(["aquamarine", "ruby", "kana"]));
      expect(ends()).toHaveLength(7);
      expect(mostAtOnce(notes())).toBeLessThanOrEqual(4);
      expect((await status()).builds).toEqual([]);
      const [, ...rows] = bed.read("ai", "/root/.local/state/drvfleet/history.jsonl").trim().split("\n");
      const known = rows.map((row) => JSON.parse(row)).filter(({ pname }) => pname === "a");
      expect(known.at(-1)).toMatchObject({ host: expect.stringMatching(/aquamarine|ruby|kana/) });
      expect(known.at(-1).seconds).toBeGreaterThan(0.9);
    }, 60_000);

    // Who answers which question does not differ between versions.
    const rarely = version === undefined ? it : () => {};

    rarely(
      "two clients share the slots",
      async () => {
        const both = await Promise.all([build("a,b,c,d"), build("a,b,c,d")]);
        for (const { code, err } of both) expect(code, err).toBe(0);
        expect(ends()).toHaveLength(10);
        for (const [host, jobs] of [
          ["aquamarine", 2],
          ["ruby", 1],
          ["kana", 1],
        ] as const)
          expect(mostAtOnce(notes().filter((note) => note.host === host))).toBeLessThanOrEqual(jobs);
      },
      60_000,
    );

    it("shares the slots of a host with a nix that has no such hook", async () => {
      const stock = [
        "--option",
        "builders",
        bed
          .read("ai", "/etc/nix/machines")
          .split("\n")
          .find((line) => line.includes("kana"))!,
      ];
      const plain = argv("a,b,c", [...stock, "--option", "build-poll-interval", "1"]).filter(
        (word) => ![HOOK, "build-hook"].includes(word),
      );
      plain.splice(plain.indexOf("-j0") + 1, 1);
      const both = await Promise.all([build("a,b,c", [], { DRVFLEET_ONLY: "kana" }), bed.in("ai", plain)]);
      for (const { code, err } of both) expect(code, err).toBe(0);
      expect(ends()).toHaveLength(8);
      expect(mostAtOnce(notes().filter(({ host }) => host === "kana"))).toBe(1);
    }, 60_000);

    rarely(
      "is not built again where a host has it from a nix that was killed before it was home",
      async () => {
        const asked = argv("found", ["--argstr", "seconds", "0"]).filter((word) => word !== "nix-build" && word !== "--no-out-link");
        const drv = (await bed.in("ai", ["nix-instantiate", ...asked.filter((word) => word !== "-j0")])).out.trim();
        expect((await bed.in("ai", ["nix-copy-closure", "--to", "root@kana", drv])).code).toBe(0);
        expect((await bed.in("kana", ["nix-store", "-r", drv])).code).toBe(0);
        bed.write("ai", "/srv/events", "");
        const { code, err } = await bed.in("ai", ["nix-store", "-r", drv, "-j0", "--option", "build-hook", HOOK]);
        expect(code, err).toBe(0);
        expect(notes()).toEqual([]);
      },
      60_000,
    );

    rarely(
      "goes where the caller, the features and the pins say",
      async () => {
        expect((await build("a,b", ["--argstr", "seconds", "0"], { DRVFLEET_ONLY: "kana" })).code).toBe(0);
        expect(new Set(ends().map(({ host }) => host))).toEqual(new Set(["kana"]));
        bed.write("ai", "/srv/events", "");
        expect((await build("a,b", ["--argstr", "seconds", "0", "--argstr", "features", "benchmark"])).code).toBe(0);
        expect(new Set(ends().map(({ host }) => host))).toEqual(new Set(["aquamarine"]));
        bed.write("ai", "/srv/events", "");
        expect((await bed.in("ai", ["drvfleet", "pin", "last=ruby"])).out).toBe("last=ruby\n");
        expect((await build("a,b", ["--argstr", "seconds", "0"])).code).toBe(0);
        expect(ends().at(-1)).toEqual({ what: "E", name: "last", host: "ruby" });
        expect((await bed.in("ai", ["drvfleet", "pin", "last="])).out).toBe("");
        expect((await bed.in("ai", ["drvfleet", "pin", "x=nobody"])).code).toBe(2);
      },
      60_000,
    );

    it("a build that fails is final, and Nix says so in its own way", async () => {
      const { code, err } = await build("a", ["--argstr", "exit", "3"]);
      expect(code, err).toBe(version === "2.34" ? 1 : 100);
      expect(err).toMatch(/failed with exit code 3/);
      expect(ends()).toHaveLength(1);
    }, 60_000);

    it("a build on a host that dies goes to another", async () => {
      const running = bed.spawn("ai", argv("a", ["--argstr", "seconds", "3"]), { env: { DRVFLEET_EXCLUDE: "aquamarine" } });
      const first = await once(() => notes()[0]);
      await bed.kill(first.host);
      const { code, err } = await running.ended;
      await bed.revive(first.host);
      expect(code, err).toBe(0);
      expect(err).toMatch(/it goes elsewhere/);
      expect(ends().filter(({ name }) => name === "a")).not.toContainEqual({ ...first, what: "E" });
    }, 60_000);

    it.each(["SIGINT", "SIGKILL"] as const)(
      "when Nix is killed by %s, its builds end everywhere and their slots are free",
      async (how) => {
        const running = bed.spawn("ai", argv("a,b", ["--argstr", "seconds", "77"]));
        await once(() => notes()[1]);
        running.signal(how);
        expect((await running.ended).code).not.toBe(0);
        await once(async () => (await status()).builds.length === 0);
        for (const host of bed.hosts) await once(async () => (await bed.in(host, ["pgrep", "-f", "sleep 77"])).code === 1);
      },
      60_000,
    );

    it("an agent that is killed loses nothing, and the next one goes on with what it left", async () => {
      const running = bed.spawn("ai", argv("a,b,c", ["--argstr", "seconds", "7"]), { env: { DRVFLEET_EXCLUDE: "aquamarine" } });
      await once(() => notes()[1]);
      agent.signal("SIGKILL");
      agent = await started(bed);
      const seen = (await status()).builds as { host: string | null }[];
      expect(seen.filter(({ host }) => host !== null)).toHaveLength(2);
      const { code, err } = await running.ended;
      expect(code, err).toBe(0);
      expect(ends(), JSON.stringify(notes()) + err).toHaveLength(4);
      expect(
        ends()
          .filter(({ host }) => host === "aquamarine")
          .map(({ name }) => name),
      ).toEqual([]);
    }, 90_000);

    rarely(
      "under nix-daemon, whose configuration names it",
      async () => {
        await bed.nixconf("ai", `build-hook = ${HOOK}`);
        const daemon = bed.spawn("ai", ["nix-daemon"]);
        await once(async () => (await bed.in("ai", ["nix-store", "-q", "--requisites"], { env: { NIX_REMOTE: "daemon" } })).code === 0);
        expect((await bed.in("ai", ["drvfleet", "pin", "*=kana"])).code).toBe(0);
        const words = ["nix-build", "fan.nix", "--no-out-link", "-j0", "--argstr", "names", "a,b", "--argstr", "salt", `${++salt}`];
        const { code, err } = await bed.in("ai", words, { env: { NIX_REMOTE: "daemon" } });
        expect(code, err).toBe(0);
        expect(ends().map(({ host }) => host)).toEqual(["kana", "kana", "kana"]);
        expect((await bed.in("ai", ["drvfleet", "pin", "*="])).out).toBe("");
        daemon.signal("SIGTERM");
        await daemon.ended;
        await once(async () => (await bed.in("ai", ["pgrep", "-f", "nix-daemon|drvfleet/hook"])).code === 1);
      },
      60_000,
    );

    it("without an agent, or with one that does not answer, Nix's own hook builds", async () => {
      agent.signal("SIGSTOP");
      const silent = await build("a,b", ["--argstr", "seconds", "0"]);
      expect(silent.code, silent.err).toBe(0);
      agent.signal("SIGKILL");
      // What entered the host's namespaces for it stopped with it.
      agent.process.kill("SIGKILL");
      const running = await build("a,b", ["--argstr", "seconds", "0"]);
      expect(running.code, running.err).toBe(0);
      expect(ends()).toHaveLength(6);
      expect((await bed.in("ai", ["pgrep", "-f", "drvfleet/hook"])).code).toBe(1);
    }, 90_000);

    rarely(
      "builds that wait when the agent dies for good are built by Nix's own hook",
      async () => {
        agent = await started(bed);
        const running = bed.spawn("ai", argv("a,b,c", ["--argstr", "seconds", "3"]), { env: { DRVFLEET_ONLY: "kana" } });
        await once(async () => (await status()).builds.length === 3);
        agent.signal("SIGKILL");
        const { code, err } = await running.ended;
        expect(code, err).toBe(0);
        expect(ends()).toHaveLength(4);
      },
      90_000,
    );
  });
});

async function started(bed: Testbed): Promise<Running> {
  const agent = bed.spawn("ai", ["drvfleet", "agent"]);
  await new Promise<void>((resolve, reject) => {
    let said = "";
    agent.process.stderr!.on("data", (text: Buffer) => {
      said += text.toString("utf8");
      if (said.includes("ready")) resolve();
    });
    void agent.ended.then(({ err }) => reject(new Error(err)));
  });
  return agent;
}

/** The first value that counts, looked for until the test's own time is over. */
async function once<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function mostAtOnce(notes: readonly Note[]): number {
  let running = 0;
  return Math.max(
    0,
    ...notes.map(({ what }) => {
      running += what === "S" ? 1 : -1;
      return running;
    }),
  );
}
