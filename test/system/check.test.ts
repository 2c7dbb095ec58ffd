// `drvfleet check` against real sshd and real Nix: every step of the ladder failing for real, each at a host of its own and
// all in one check, beside hosts where all is well; what is measured is a fleet that `compare` takes.
import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseMachines } from "#ingest/machines.js";
import type { FleetFile } from "#model/fleet-file.js";
import { NEWEST_NIX } from "#model/nix-version.js";
import type { ProbedHost } from "#model/probed-host.js";
import type { CheckFinding, CheckResult } from "#report/check-text.js";
import { drvfleet, type Ended, folder } from "../program.js";
import { lacksRoot, lacksTestbed } from "./needs.js";
import { ROOTS, type Testbed, testbed } from "./testbed/testbed.js";

const SYSTEMS = ["x86_64-linux", "aarch64-linux", "riscv64-linux"] as const;
const NATIVE = "{x86_64-linux: native}";
/** `twin` is pearl under another name, behind a jump host; `quartz` promises what it does not have. */
const FLEET = `schema: drvfleet.fleet/1
name: ladder
coordinator: {name: ai, cores: 2, speed: 1, maxJobs: 1, systems: ${NATIVE}, features: [benchmark]}
builders:
${[
  ["nosuch", NATIVE],
  ["aquamarine", NATIVE],
  ["ruby", NATIVE],
  ["kana", NATIVE],
  ["opal", NATIVE],
  ["topaz", NATIVE],
  ["beryl", NATIVE, "uri: ssh://eve@beryl"],
  ["garnet", NATIVE],
  ["jade", NATIVE],
  ["onyx", "{x86_64-linux: native, powerpc64le-linux: {emulated: 9}}", "features: [benchmark, kvm]"],
  ["pearl", `{${SYSTEMS.map((system) => `${system}: native`).join(", ")}}`, "features: [big-parallel]"],
  ["twin", NATIVE],
  ["quartz", NATIVE],
]
  .map(([name, systems, more]) => `  - {name: ${name}, cores: 2, maxJobs: 2, systems: ${systems}${more === undefined ? "" : `, ${more}`}}`)
  .join("\n")}
`;

describe.skipIf(lacksTestbed("binfmt"))("drvfleet check", () => {
  const place = folder();
  let bed: Testbed;
  let ended: Ended;
  let result: CheckResult;

  beforeAll(async () => {
    const roots = [
      ["onyx", "2.26"],
      ["pearl", "2.34"],
    ].flatMap(([host, version]) => (lacksRoot(version!) ? [] : [[host, join(ROOTS, version!)]]));
    bed = await testbed({ id: "checks", hosts: 11, disk: { jade: "64m" }, roots: Object.fromEntries(roots) });
    await bed.binfmt("on");
    await spoil(bed);
    bed.write("ai", "/root/fleet.yaml", FLEET);
    ended = await bed.in("ai", ["drvfleet", "check", "fleet.yaml", "--json", "--out", "/root/measured.json"]);
    result = JSON.parse(ended.out) as CheckResult;
  }, 240_000);
  afterAll(async () => {
    await bed?.down();
    place.remove();
  });

  const findings = (host: string): readonly CheckFinding[] => result.findings.filter((finding) => finding.host === host);
  const probed = (name: string): ProbedHost => result.hosts.find((host) => host.name === name)!;

  it.each([
    ["nosuch", "resolve", /leads to no address/, /Could not resolve hostname nosuch/],
    ["aquamarine", "connect", /nothing listens/, /Connection refused/],
    ["ruby", "connect", /nobody answers/, /timed out/],
    ["kana", "host-key", /another key/, /IDENTIFICATION HAS CHANGED/],
    ["opal", "login", /none of the keys/, /Permission denied/],
    ["topaz", "nix", /no nix-store in the PATH.*there is \/usr\/bin\/nix-store/, /PATH=\/root\/tools/],
    ["beryl", "trust", /eve is not a trusted user/, /not privileged/],
    ["garnet", "store", /read-only/, /writable|Read-only/],
    ["jade", "store", /disk is full/, /full|No space/],
    ["onyx", "systems", /no binfmt handler runs programs for powerpc64le-linux/, /Exec format error/],
    ["onyx", "features", /does not accept what the fleet promises: kvm/, /kvm/],
    ["quartz", "shell", /prints something before the command/, /Welcome/],
  ])("at %s says that it fails at %s, why, and what to change", (host, step, what, words) => {
    const finding = findings(host).find((one) => one.step === step);
    expect(finding, JSON.stringify(findings(host), null, 1)).toMatchObject({
      severity: "error",
      what: expect.stringMatching(what),
      words: expect.stringMatching(words),
      hint: expect.stringMatching(/\w/),
    });
  });

  it("ends with the code of a failed host, and climbs no further than a rung that does not bear", () => {
    expect(ended.code, ended.err).toBe(5);
    for (const host of ["nosuch", "aquamarine", "ruby", "kana", "opal"]) expect(probed(host)).toMatchObject({ hardware: null, nix: null });
    expect(probed("topaz").steps.map(({ step }) => step)).toEqual(["config", "resolve", "connect", "host-key", "login", "shell", "nix"]);
  });

  it("tries as many sessions as slots need", () => {
    expect(probed("pearl")).toMatchObject({ sessions: { tried: 2, opened: 2 }, connections: { tried: 2, opened: 2 } });
    expect(probed("onyx")).toMatchObject({ sessions: { tried: 2, opened: 0 }, connections: { tried: 2, opened: 2 } });
    expect(findings("onyx").find(({ step }) => step === "sessions")).toMatchObject({
      severity: "warning",
      hint: expect.stringMatching(/MaxSessions/),
    });
  });

  it("finds nothing wrong where all is well, and measures it", () => {
    for (const name of ["ai", "pearl", "twin"]) expect(findings(name).filter(({ severity }) => severity === "error")).toEqual([]);
    const { hardware, nix, systems, features, speed, link } = probed("pearl");
    expect(hardware!.processors).toBeGreaterThan(0);
    expect(hardware!.memoryBytes).toBeGreaterThan(2 ** 28);
    expect(hardware!.diskFreeBytes).toBeGreaterThan(0);
    expect(nix!.version).toMatch(/^2\./);
    expect(nix!.protocol).toMatch(/^2\.[5-9]$/);
    expect(systems.map(({ system, builds, emulated }) => [system, builds, emulated])).toEqual(
      SYSTEMS.map((system) => [system, true, system !== SYSTEMS[0]]),
    );
    for (const { emulated, slowdown } of systems) expect(slowdown === null ? 1 : slowdown).toBeGreaterThan(emulated ? 1 : 0);
    expect(features).toEqual(["big-parallel"]);
    expect(speed!.single).toBeGreaterThan(0.01);
    expect(link!.connect).toBeGreaterThan(0.01);
    expect(link!.roundTrip).toBeGreaterThan(0);
    expect(Math.min(link!.down!, link!.up!)).toBeGreaterThan(1e4);
  });

  it("finds what only the fleet as a whole shows", () => {
    const whats = result.findings.filter(({ step }) => step === "").map(({ host, what }) => `${host}: ${what}`);
    expect(whats).toContainEqual(expect.stringMatching(/^twin: it is the same machine as pearl/));
    expect(whats).toContainEqual(expect.stringMatching(/^pearl: the fleet calls aarch64-linux native there/));
  });

  it("leaves nothing running and no file behind, here or there", async () => {
    for (const host of ["ai", "onyx", "pearl"]) {
      const { out } = await bed.in(host, ["sh", "-c", "ls -d /tmp/drvfleet* /root/drvfleet* /dev/shm/drvfleet*; ps -eo args"]);
      expect(out).not.toMatch(/^(\/tmp|\/root|\/dev)/m);
      expect(out).not.toMatch(/--serve|sh -s\b|ControlMaster/);
    }
  });

  it("writes a fleet that compare takes", async () => {
    const measured = JSON.parse(bed.read("ai", "/root/measured.json")) as FleetFile;
    const pearl = measured.builders.find(({ name }) => name === "pearl")!;
    expect(pearl.speed).toBeCloseTo(probed("pearl").speed!.single, 1);
    expect(pearl.systems["riscv64-linux"]).toHaveProperty("emulated.compile");
    expect(pearl).toHaveProperty("x-check.measured", expect.arrayContaining(["cores", "speed", "systems", "features", "link.down"]));
    writeFileSync(place.at("measured.json"), JSON.stringify(measured));
    writeFileSync(
      place.at("scenario.yaml"),
      "schema: drvfleet.scenario/1\ngraph: {generate: {kind: layered, nodes: 24, seed: 1}}\nfleet: measured.json\n",
    );
    const compared = await drvfleet(["compare", place.at("scenario.yaml"), "--only", "ai,pearl", "--seeds", "2", "--policies", "nix,list"]);
    expect(compared.code, compared.err).toBe(0);
    expect(compared.out).toMatch(/finishes first|noise|same/);
  });

  it("names derivations that no host can build, by what the hosts really build", async () => {
    const nodes = [
      { name: "here-1", system: "x86_64-linux", work: 1 },
      { name: "nowhere-1", system: "powerpc64le-linux", work: 1 },
    ];
    bed.write("ai", "/root/graph.json", JSON.stringify({ schema: "drvfleet.graph/1", name: "two", nodes, edges: { from: [], to: [] } }));
    const { code, err } = await bed.in("ai", ["drvfleet", "check", "fleet.yaml", "--only", "aquamarine", "--graph", "graph.json"]);
    expect(err).toMatch(/no host for nowhere-1/);
    expect(code).toBe(4);
  }, 60_000);

  it("makes a machines file of names alone", async () => {
    const { code, out, err } = await bed.in("ai", ["drvfleet", "check", "root@pearl", "--machines"]);
    expect(code, err).toBe(0);
    const read = parseMachines({ text: out, file: "machines", version: NEWEST_NIX, load: () => undefined });
    expect(read.ok && read.value.machines).toEqual([
      expect.objectContaining({ systems: expect.arrayContaining([...SYSTEMS]), maxJobs: expect.any(Number), speedFactor: 1 }),
    ]);
    expect(readFileSync(bed.path("ai", "/root/.ssh/known_hosts"), "utf8")).toBe(bed.read("ai", "/root/known_hosts.before"));
  }, 60_000);
});

/** One fault a host. */
async function spoil(bed: Testbed): Promise<void> {
  const inside = async (host: string, script: string): Promise<void> => {
    const { code, err } = await bed.in(host, ["sh", "-ec", script]);
    expect(code, `${host}: ${err}`).toBe(0);
  };
  const sshd = async (host: string, first: string): Promise<void> => {
    const at = "/etc/nix/sshd/sshd_config";
    bed.write(host, at, `${first}\n${bed.read(host, at)}`);
    await bed.sshd(host, "stop");
    await bed.sshd(host, "start");
  };
  bed.write("ai", "/root/known_hosts.before", bed.read("ai", "/root/.ssh/known_hosts"));
  // Many connect at once: on a busy machine those that should succeed get more than the testbed's five seconds.
  const config = "Host twin\n  HostName pearl\n  ProxyJump onyx\nHost ruby nosuch\n  ConnectTimeout 5\nHost *\n  ConnectTimeout 40\n";
  bed.write("ai", "/root/.ssh/config", `${config}${bed.read("ai", "/root/.ssh/config")}`);
  bed.write("opal", "/etc/nix/sshd/authorized_keys", "");
  bed.write("quartz", "/root/.bashrc", "echo Welcome\n");
  await Promise.all([
    bed.sshd("aquamarine", "stop"),
    bed.silence("ruby", "on"),
    bed.hostkey("kana", "wrong"),
    inside(
      "topaz",
      'mkdir tools; for f in /usr/bin/*; do case $f in */nix*) ;; *) ln -s $f tools/ ;; esac; done; echo "PATH=/root/tools" > .bashrc',
    ),
    inside(
      "beryl",
      'useradd -m -s /bin/bash -p "*" eve; nix-daemon </dev/null >/root/daemon.log 2>&1 & while [ ! -S /nix/var/nix/daemon-socket/socket ]; do sleep 0.1; done',
    ),
    inside("garnet", "mount -o remount,bind,ro /nix"),
    bed.disk("jade", "full"),
    sshd("onyx", "MaxSessions 1"),
    // As by default, but without kvm, which Nix adds where this machine has it.
    bed.nixconf("onyx", "extra-platforms = powerpc64le-linux", "system-features = nixos-test benchmark big-parallel uid-range"),
    bed.nixconf("pearl", `extra-platforms = ${SYSTEMS.join(" ")}`),
  ]);
}
