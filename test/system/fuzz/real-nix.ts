// One case through real Nix on this machine, without ssh and without a testbed: a mount namespace of its own, a store for the
// coordinator and one per machine. For a host that is exactly `localhost` Nix starts a shell instead of ssh, and
// `remote-program` of each machine is a script that enters the machine's store. Rule: reference, experiments [T28].
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FuzzCase, type FuzzMachine, NATIVE, requested } from "./case.js";

/** Where all of it lies inside the namespace. */
const INSIDE = "/mnt";

export interface RealRun {
  /** internal-json, each line with its arrival time before it. */
  readonly log: string;
  /** Seconds since 1970 at which each builder began and ended, by name. */
  readonly begun: ReadonlyMap<string, number>;
  readonly ended: ReadonlyMap<string, number>;
  readonly code: number;
}

/** `root`: a Debian tree with another Nix, "" for this machine's own. */
export async function realNix(asked: FuzzCase, root: string): Promise<RealRun> {
  const folder = mkdtempSync(join(tmpdir(), "drvfleet-fuzz-"));
  try {
    prepare(folder, asked, root);
    const { code, log } = await stamped("unshare", ["--mount", "sh", join(folder, "outside.sh")]);
    const events = readFileSync(join(folder, "events"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split(" "));
    const instants = (kind: string) =>
      new Map(events.filter(([what]) => what === kind).map(([, name, at]) => [name!, Number(at)] as const));
    return { log, begun: instants("S"), ended: instants("E"), code };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function uriOf({ name }: FuzzMachine): string {
  return `ssh://localhost?remote-program=${INSIDE}/${name}.sh`;
}

function prepare(folder: string, asked: FuzzCase, root: string): void {
  const script = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, name), `${["#!/bin/sh", "set -e", ...lines].join("\n")}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  writeFileSync(join(folder, "events"), "");
  for (const store of ["client", "root", ...asked.machines.map(({ name }) => name)]) mkdirSync(join(folder, store));
  for (const { name, connect } of asked.machines) {
    script(`${name}.sh`, [
      ...(connect > 0 ? [`sleep ${connect}`] : []),
      `exec unshare --mount sh -c 'mount --bind ${INSIDE}/${name} /nix && exec nix-store "$@"' nix-store "$@"`,
    ]);
  }
  writeFileSync(join(folder, "machines"), `${asked.machines.map(machineLine).join("\n")}\n`);
  writeFileSync(join(folder, "graph.nix"), expression(asked));
  const foreign = [...new Set(asked.nodes.map(({ system }) => system))].filter((system) => system !== NATIVE);
  const settings = ["build-users-group =", "sandbox = false", `substitute = ${asked.substitute}`, "substituters ="];
  writeFileSync(
    join(folder, "nix.conf"),
    [...settings, "system-features = kvm big-parallel", `extra-platforms = ${foreign.join(" ")}`, ""].join("\n"),
  );
  script("outside.sh", [
    ...(root === ""
      ? [`mount --bind ${folder} ${INSIDE}`, `exec ${INSIDE}/inside.sh`]
      : [
          `mount --bind ${root} ${folder}/root`,
          `mount -t proc proc ${folder}/root/proc`,
          `mount --rbind /dev ${folder}/root/dev`,
          `mount -t tmpfs tmpfs ${folder}/root/tmp`,
          `mount --bind ${folder} ${folder}/root${INSIDE}`,
          `exec chroot ${folder}/root ${INSIDE}/inside.sh`,
        ]),
  ]);
  const wanted = requested(asked).map((i) => `-A n${i}`);
  script("inside.sh", [
    `export HOME=${INSIDE} NIX_CONF_DIR=${INSIDE}`,
    `mount --bind ${INSIDE}/client /nix`,
    "cd /",
    `drvs=$(nix-instantiate ${INSIDE}/graph.nix ${wanted.join(" ")} 2>/dev/null)`,
    // The client may build less than the machines; what it says of itself does not travel.
    `exec nix-store --realise $drvs -j ${asked.local} --option build-poll-interval ${asked.poll} --option system-features '' --option extra-platforms '' ${asked.keepGoing ? "--keep-going " : ""}--builders @${INSIDE}/machines --log-format internal-json -v`,
  ]);
}

function machineLine(machine: FuzzMachine): string {
  const list = (texts: readonly string[]) => (texts.length === 0 ? "-" : texts.join(","));
  const { systems, maxJobs, speedFactor, features, mandatory } = machine;
  return `${uriOf(machine)} ${list(systems)} - ${maxJobs} ${speedFactor} ${list(features)} ${list(mandatory)}`;
}

function expression({ nodes }: FuzzCase): string {
  const step =
    'echo "S $name $(date +%s.%N)" >> /mnt/events; sleep $seconds; test -z "$fails"; echo $deps > $out; echo "E $name $(date +%s.%N)" >> /mnt/events';
  const text = (value: string) => JSON.stringify(value);
  const lines = nodes.map(({ name, seconds, needs, system, features, preferLocal, fails }, i) => {
    const deps = needs.map((need) => `n${need}`).join(" ");
    const wanted = features.map(text).join(" ");
    return `n${i} = derivation { name = ${text(name)}; system = ${text(system)}; builder = "/bin/sh"; args = [ "-ec" step ]; PATH = "/usr/bin:/bin"; seconds = ${text(String(seconds))}; fails = ${fails}; deps = [ ${deps} ];${features.length > 0 ? ` requiredSystemFeatures = [ ${wanted} ];` : ""}${preferLocal ? " preferLocalBuild = true;" : ""} };`;
  });
  return `let step = ''${step}''; in rec {\n${lines.join("\n")}\n}\n`;
}

/** Runs it; each line of its stderr gets its arrival time. */
function stamped(program: string, args: readonly string[]): Promise<{ code: number; log: string }> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  const lines: string[] = [];
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    const at = ((performance.timeOrigin + performance.now()) / 1000).toFixed(6);
    const whole = (rest + chunk).split("\n");
    rest = whole.pop()!;
    for (const line of whole) lines.push(`${at} ${line}`);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, log: `${lines.join("\n")}\n` }));
  });
}
