// What the tests of `drvfleet run` build: a small graph of sleeping derivations, instantiated on the testbed's coordinator,
// and the scenario that runs it there. Each build notes where and when it began and ended in a file that all hosts see;
// what it writes follows from the graph alone.
import { createHash } from "node:crypto";
import type { Ended } from "../program.js";
import type { Running, Testbed } from "./testbed/testbed.js";

export interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly needs?: readonly string[];
  /** Exit code of its builder. */
  readonly fails?: number;
  readonly features?: readonly string[];
  /** KiB that it writes; 1 unless said. */
  readonly size?: number;
  /** Its output does not refer to what it needs, which therefore does not travel with it. */
  readonly forgets?: true;
}

/** Notes, sleeps, fails or writes; says what it found in its inputs, and refers to them, so that they travel with it. */
const STEP = `note() { echo "$1 $node $(/bin/uname -n) $(/bin/date +%s.%N)" >> /srv/events; }
note S
echo "this is $node"
/bin/sleep $seconds
[ "$fails" = 0 ] || { echo "$node is broken" >&2; exit $fails; }
{
  /usr/bin/yes "$node of $salt" | /usr/bin/head -c $((size * 1024)) || exit 8
  for need in $needs; do
    sum=$(/usr/bin/sha256sum < $need) || exit 9
    [ "$forgets" = 0 ] || need=
    echo "$need $sum" || exit 8
  done
} > $out
note E
`;

/** What every output has to be, by step: those that a step needs stand before it. `outputs`: store paths. */
export function contents(salt: string, steps: readonly Step[], outputs: ReadonlyMap<string, string>): ReadonlyMap<string, Buffer> {
  const made = new Map<string, Buffer>();
  for (const { name, size = 1, needs = [], forgets } of steps) {
    const sum = (need: string): string => createHash("sha256").update(made.get(need)!).digest("hex");
    const found = needs.map((need) => `${forgets ? "" : outputs.get(need)!} ${sum(need)}  -\n`);
    made.set(name, Buffer.concat([Buffer.alloc(size * 1024, `${name} of ${salt}\n`), Buffer.from(found.join(""))]));
  }
  return made;
}

/** A build that began (S) or ended well (E). */
export interface StepEvent {
  readonly kind: "S" | "E";
  readonly step: string;
  readonly host: string;
  /** Unix seconds. */
  readonly at: number;
}

export class RunBed {
  constructor(readonly bed: Testbed) {}

  /** Writes NAME.json for \`drvfleet run NAME.json\`; \`salt\` keeps graphs of equal steps apart. Returns .drv paths by step. */
  async scenario(name: string, steps: readonly Step[], slots: Readonly<Record<string, number>>): Promise<ReadonlyMap<string, string>> {
    const { bed } = this;
    bed.write("ai", "/root/step.sh", STEP);
    bed.write("ai", "/srv/events", "");
    bed.write("ai", `/root/${name}.nix`, expression(name, steps));
    const made = await bed.in("ai", ["nix-instantiate", `${name}.nix`]);
    if (made.code !== 0) throw new Error(made.err);
    const drvs = new Map(
      made.out
        .trim()
        .split("\n")
        .map((path) => [/-(.*)\.drv/.exec(path)![1]!, path.replace(/!.*/, "")]),
    );
    const index = new Map(steps.map((step, i) => [step.name, i]));
    const edges = steps.flatMap(({ needs = [] }, to) => needs.map((need) => [index.get(need)!, to] as const));
    const host = (host: string, maxJobs: number) => ({
      name: host,
      ...(host !== "ai" && { uri: `ssh://root@${host}` }),
      cores: 2,
      coresPerBuild: 2,
      speed: 1,
      maxJobs,
      systems: { "x86_64-linux": "native" },
      features: ["kvm"],
    });
    const scenario = {
      schema: "drvfleet.scenario/1",
      name,
      graph: {
        schema: "drvfleet.graph/1",
        name,
        nodes: steps.map((step) => ({
          name: step.name,
          drv: drvs.get(step.name)!,
          system: "x86_64-linux",
          seconds: { "*": step.seconds },
          cpu: 0,
          outputBytes: 1024 * (step.size ?? 1),
          ...(step.features !== undefined && { features: step.features }),
        })),
        edges: { from: edges.map(([from]) => from), to: edges.map(([, to]) => to) },
      },
      fleet: {
        schema: "drvfleet.fleet/1",
        name: "bed",
        coordinator: host("ai", slots.ai ?? 0),
        builders: bed.hosts.filter((one) => slots[one] !== undefined).map((one) => host(one, slots[one]!)),
      },
    };
    bed.write("ai", `/root/${name}.json`, JSON.stringify(scenario));
    return drvs;
  }

  run(...args: readonly string[]): Promise<Ended> {
    return this.bed.in("ai", ["drvfleet", "run", ...args]);
  }

  start(...args: readonly string[]): Running {
    return this.bed.spawn("ai", ["drvfleet", "run", ...args]);
  }

  /** Builds that began or ended, in order. */
  events(kind?: "S" | "E"): readonly StepEvent[] {
    const lines = this.bed.read("ai", "/srv/events").split("\n");
    const all = lines.filter((line) => line !== "").map((line) => line.split(" ") as ["S" | "E", string, string, string]);
    return all
      .map(([kind, step, host, at]) => ({ kind, step, host, at: Number(at) }))
      .filter((event) => kind === undefined || event.kind === kind);
  }

  /** Waits until so many builds have begun or ended. */
  async until(kind: "S" | "E", count: number): Promise<void> {
    for (let tries = 0; tries < 600 && this.events(kind).length < count; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Processes of nix and of builders on a host; sockets and guards on the coordinator. */
  async left(host: string): Promise<string> {
    const { out } = await this.bed.in(host, ["ps", "-eo", "args"]);
    return out
      .split("\n")
      .filter((line) => /nix-store --serve|step\.sh|drvfleet-guard|ssh .*ControlPath/.test(line))
      .join("\n");
  }
}

function expression(salt: string, steps: readonly Step[]): string {
  const one = ({ name, seconds, needs = [], fails = 0, features = [], size = 1, forgets }: Step): string =>
    `  ${JSON.stringify(name)} = derivation { name = ${JSON.stringify(name)}; system = "x86_64-linux"; builder = "/bin/sh"; args = [ ./step.sh ]; ` +
    `node = ${JSON.stringify(name)}; seconds = "${seconds}"; fails = "${fails}"; size = "${size}"; forgets = "${forgets ? 1 : 0}"; salt = ${JSON.stringify(salt)}; ` +
    `requiredSystemFeatures = [ ${features.map((feature) => JSON.stringify(feature)).join(" ")} ]; ` +
    `needs = [ ${needs.map((need) => `d.${JSON.stringify(need)}`).join(" ")} ]; };`;
  return `let d = {\n${steps.map(one).join("\n")}\n}; in d\n`;
}
