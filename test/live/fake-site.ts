// The hosts of a problem as hosts made of memory, with a recipe for each task: connected to by the code that connects to
// real ones.
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

  /** The first host is this machine. */
  constructor({ graph, tasks, hosts }: Problem, failing: readonly string[], isBulky = false) {
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
    const login = (host: string) => ({ host, user: null, port: null, keyFile: null, knownHosts: null });
    const addresses = hosts.names.map((name, h) => ({ name, ssh: h === 0 ? null : login(name), store: null, program: "nix-store" }));
    const slots = Array.from(hosts.maxJobs, (count, h) => ({ count, cores: hosts.coresPerBuild[h]! }));
    this.fleet = new FleetLink({ shell: fake, clock: this.clock, run: "test", sockets: "/nowhere", cores: 1 }, addresses, slots, isBulky);
    const peers = hosts.names.map((host, h) => (h === 0 ? null : { host, user: null, port: null, store: null, program: "nix-store" }));
    this.passages = new Passages(this.fleet.links, peers, this.clock);
  }
}
