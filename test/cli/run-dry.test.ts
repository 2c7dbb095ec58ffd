// `run --dry-run`: the plan in words and as JSON, from derivations in files; no host is connected to and nothing is written.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drvfleet, folder } from "../program.js";

const NAMES = ["zlib-1.3", "sed-4.9", "kernel-6.12", "system-1"];
const hash = (i: number) => "abcd"[i]!.repeat(32);

describe("run --dry-run", () => {
  const place = folder();
  const drv = (i: number) => place.at(`${hash(i)}-${NAMES[i]}.drv`);
  const run = (...args: string[]) =>
    drvfleet(["run", "scenario.json", "--dry-run", ...args], {
      cwd: place.path,
      env: { PATH: place.at("bin"), XDG_STATE_HOME: place.at("state") },
    });
  beforeAll(() => {
    // Whoever connects says so.
    mkdirSync(place.at("bin"));
    for (const name of ["ssh", "nix-store"]) {
      writeFileSync(place.at("bin", name), `#!/bin/sh\necho "$*" >> ${place.at(`called-${name}`)}\nexit 1\n`);
      chmodSync(place.at("bin", name), 0o755);
    }
    for (const [i, name] of NAMES.entries()) {
      const inputs = i === 3 ? [0, 1, 2].map((k) => `("${drv(k)}",["out"])`).join(",") : "";
      writeFileSync(
        drv(i),
        `Derive([("out","/nix/store/${hash(i)}-${name}","","")],[${inputs}],[],"x86_64-linux","/bin/sh",[],[("name","${name}"),("out","/nix/store/${hash(i)}-${name}"),("system","x86_64-linux")])`,
      );
    }
    const host = (name: string, maxJobs: number, features: string[]) => ({
      name,
      ...(name !== "here" && { uri: `ssh://root@${name}.invalid` }),
      cores: 4,
      speed: 1,
      maxJobs,
      systems: { "x86_64-linux": "native" },
      features,
    });
    const node = (i: number, seconds: number, features: string[] = []) => ({
      name: NAMES[i]!,
      drv: drv(i),
      system: "x86_64-linux",
      seconds: { "*": seconds },
      outputBytes: 2 ** 20,
      features,
    });
    writeFileSync(
      place.at("scenario.json"),
      JSON.stringify({
        schema: "drvfleet.scenario/1",
        name: "dry",
        graph: {
          schema: "drvfleet.graph/1",
          name: "dry",
          nodes: [node(0, 10), node(1, 20), node(2, 90, ["kvm"]), node(3, 1)],
          edges: { from: [0, 1, 2], to: [3, 3, 3] },
        },
        fleet: {
          schema: "drvfleet.fleet/1",
          name: "away",
          coordinator: host("here", 0, []),
          builders: [host("kana", 1, ["kvm"]), host("ruby", 1, [])],
        },
        seeds: 3,
      }),
    );
  });
  afterAll(() => place.remove());

  it("says what is built where, why there, for how long, and what travels", async () => {
    const { code, out, err } = await run();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n").filter((line) => line.length > 80 && !line.includes(place.path))).toEqual([]);
    expect(out).toMatch(
      /^these 4 derivations will be built:\n\non kana \(ssh:\/\/root@kana\.invalid\): 1 derivation, 1 min 30\.0 s of building\n/,
    );
    // How long a builder takes to start is drawn.
    const told = out.replace(/at \d+ ms for/g, "at … ms for");
    expect(told).toContain(`  ${drv(2)}\n    at … ms for 1 min 30.0 s; the only host with its features\n`);
    expect(told).toContain(`  ${drv(1)}\n    at … ms for 20.00 s; the only free slot; kana is full\n`);
    expect(out).toMatch(/\nthese will be copied: [\d.]+ KiB to kana, [\d.]+ MiB to ruby, 4\.00 MiB back\n/);
    expect(out).toMatch(/\ndone in about 1 min .* under list,\sin\s3\s+simulated\sworlds\n/);
  });

  it("connects to nobody and leaves nothing behind", async () => {
    const before = place.files();
    await run();
    expect(existsSync(place.at("called-ssh"))).toBe(false);
    expect(place.files()).toEqual(before);
  });

  it("is JSON on request", async () => {
    const { out } = await run("--json", "--pin", "sed-*=kana");
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ schema: "drvfleet.dry-run/1", policy: "list", here: 0, predicted: { worlds: 3 } });
    const builds = answer.hosts.flatMap(({ host, builds }: { host: string; builds: { name: string; why: string }[] }) =>
      builds.map(({ name, why }) => ({ name, host, why })),
    );
    expect(builds).toContainEqual({ name: "sed-4.9", host: "kana", why: "the only host that it is pinned to" });
    expect(builds.map(({ name }: { name: string }) => name).sort()).toEqual([...NAMES].sort());
  });

  it("is refused beside --resume, and where nobody may build something", async () => {
    const both = await drvfleet(["run", "--resume", "x", "--dry-run"], { cwd: place.path });
    expect(both).toMatchObject({ code: 2, out: "" });
    expect(await run("--only", "ruby")).toMatchObject({ code: 4, out: "" });
  });
});
