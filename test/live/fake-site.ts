// The hosts of a problem as hosts made of memory, with a recipe for each task: connected to by the code that connects to
// real ones.
import { guard } from "#live/host/guard.js";
import { guardCommands } from "#live/host/sweep.js";
import { FleetLink } from "#live/run/fleet-link.js";
import { Passages } from "#live/run/passages.js";
import type { Recipe } from "#live/host/recipe.js";
import type { Problem } from "#model/problem.js";
import { FakeFleet, type FakeHost, type FakeRecipe } from "./fake-fleet.js";
import { ManualClock } from "./manual-clock.js";

export const storePath = (name: string): string => `/nix/store/${"0".repeat(32)}-${name}`;

export class FakeSite {
  readonly clock = new ManualClock();
  readonly recipes: readonly Recipe[];
  readonly hosts: readonly FakeHost[];
  readonly fleet: FleetLink;
  readonly passages: Passages;
  /** Sockets of connections that the user's own ssh keeps, by host. */
  readonly lent = new Map<string, string>();
  readonly dead: Set<string>;

  /** The first host is this machine. */
  constructor({ graph, tasks, hosts }: Problem, failing: readonly string[]) {
    this.recipes = graph.names.map((name, t) => {
      const inputs = Array.from(graph.pred.subarray(graph.predStart[t], graph.predStart[t + 1]), (p) => storePath(graph.names[p]!));
      const output = storePath(name);
      const drv = { outputs: [{ name: "out", path: output, hashAlgo: "", hash: "" }], system: "x", builder: "/b", args: [], env: [] };
      return { drvPath: `${output}.drv`, drv, inputs, outputs: [output] };
    });
    const made = this.recipes.map(({ drvPath, inputs, outputs }, t): [string, FakeRecipe] => {
      const seconds = tasks.seconds[t]!;
      const fails = failing.includes(graph.names[t]!);
      return [drvPath, { seconds, fails, output: outputs[0]!, made: { references: inputs, size: 1024 } }];
    });
    const fake = new FakeFleet(this.clock, hosts.names, new Map(made));
    this.hosts = fake.hosts;
    this.dead = fake.dead;
    const login = (host: string) => ({ host, user: null, port: null, keyFile: null, knownHosts: null });
    const addresses = hosts.names.map((name, h) => ({ name, ssh: h === 0 ? null : login(name), store: null, program: "nix-store" }));
    const slots = Array.from(hosts.maxJobs, (count, h) => ({ count, cores: hosts.coresPerBuild[h]! }));
    const lent = (host: number) => Promise.resolve(this.lent.get(hosts.names[host]!) ?? null);
    const watch = guard(fake, guardCommands(addresses, "/nowhere", "test"), null);
    this.fleet = new FleetLink(
      { shell: fake, clock: this.clock, run: "test", sockets: "/nowhere", lent, guard: watch, asksLittle: true },
      addresses,
      slots,
    );
    const peers = hosts.names.map((host, h) => (h === 0 ? null : { host, user: null, port: null, store: null, program: "nix-store" }));
    this.passages = new Passages(this.fleet.links, peers, this.clock);
  }

  /** The sockets that the programs on a host share, where they share one. */
  sharing(host: number): (string | undefined)[] {
    return [...this.hosts[host]!.programs].map(({ words }) => words.find((word) => word.startsWith("ControlPath="))?.slice(12));
  }
}
