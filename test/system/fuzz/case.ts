// What the fuzzer draws: a small graph of sleeps, a few machines, the switches of the client. Plain data, so that a case that
// differs can be kept as it is. Names are drawn to sort nastily; everything can be built somewhere.
import fc from "fast-check";

export interface FuzzNode {
  readonly name: string;
  /** Sleeps. */
  readonly seconds: number;
  /** Indices below its own. */
  readonly needs: readonly number[];
  readonly system: string;
  readonly features: readonly string[];
  readonly preferLocal: boolean;
  /** It sleeps, and fails. */
  readonly fails: boolean;
}

export interface FuzzMachine {
  readonly name: string;
  readonly maxJobs: number;
  readonly speedFactor: number;
  readonly systems: readonly string[];
  readonly features: readonly string[];
  readonly mandatory: readonly string[];
  /** Seconds that the remote side of a connect takes. */
  readonly connect: number;
}

export interface FuzzCase {
  readonly nodes: readonly FuzzNode[];
  /** Indices of what is asked for, besides what nothing needs. */
  readonly roots: readonly number[];
  readonly machines: readonly FuzzMachine[];
  /** -j */
  readonly local: number;
  /** build-poll-interval, seconds. */
  readonly poll: number;
  /** nix.conf's, with no cache that has anything. */
  readonly substitute: boolean;
  /** --keep-going */
  readonly keepGoing: boolean;
}

export const NATIVE = "x86_64-linux";
export const FOREIGN = "riscv64-linux";

/** Bytes that Nix allows in names, on both sides of the dot that begins ".drv". */
const NAMES = [
  ...["a", "A", "a-1", "a.1", "a+", "a=", "a_", "aa", "foo", "foo-1", "foo-", "foo.x", "foo.a", "foo+", "foo1"],
  ...["10x", "2x", "_u", "Beta", "z", "Z", "z-a", "x", "y", "y-y", "q", "drv", "k", "m"],
];

/** Tenths of a second, far enough apart that most orders are not a matter of luck. */
const seconds = fc.integer({ min: 2, max: 40 }).map((tenths) => tenths / 10);
const rarely = fc.integer({ min: 0, max: 5 }).map((roll) => roll === 0);
const features = fc.subarray(["kvm", "big-parallel"]);

const machine = fc.record({
  maxJobs: fc.integer({ min: 1, max: 3 }),
  speedFactor: fc.constantFrom(1, 1, 1, 2, 3, 4),
  systems: fc.constantFrom([NATIVE], [NATIVE, FOREIGN], [NATIVE, FOREIGN]),
  features,
  mandatory: fc.oneof({ weight: 5, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: fc.constant(["kvm"]) }),
  connect: fc.constantFrom(0, 0.05, 0.1, 0.2),
});

const node = fc.record({
  seconds,
  picks: fc.array(fc.nat({ max: 1000 }), { maxLength: 3 }),
  system: fc.oneof({ weight: 5, arbitrary: fc.constant(NATIVE) }, { weight: 1, arbitrary: fc.constant(FOREIGN) }),
  features: fc.oneof({ weight: 5, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: features }),
  preferLocal: rarely,
  fails: fc.integer({ min: 0, max: 15 }).map((roll) => roll === 0),
});

export const fuzzCases: fc.Arbitrary<FuzzCase> = fc
  .record({
    names: fc.shuffledSubarray(NAMES, { minLength: 6, maxLength: 15 }),
    nodes: fc.array(node, { minLength: 15, maxLength: 15 }),
    alone: fc.array(fc.boolean(), { minLength: 15, maxLength: 15 }),
    roots: fc.array(fc.nat({ max: 14 }), { maxLength: 2 }),
    machines: fc.array(machine, { minLength: 1, maxLength: 3 }),
    local: fc.constantFrom(0, 0, 1, 2, 4),
    poll: fc.constantFrom(5, 5, 2, 1),
    substitute: fc.boolean(),
    keepGoing: fc.boolean(),
  })
  .map(({ names, nodes, alone, roots, machines, ...client }) => ({
    nodes: names.map((name, i) => {
      const { picks, ...own } = nodes[i]!;
      return { name, ...own, needs: i === 0 || alone[i]! ? [] : [...new Set(picks.map((pick) => pick % i))].sort((a, b) => a - b) };
    }),
    roots: [...new Set(roots)].filter((root) => root < names.length),
    machines: machines.map((one, i) => ({ name: `m${i + 1}`, ...one })),
    ...client,
  }))
  .map(buildable);

/** What nobody could build asks for less. */
function buildable(drawn: FuzzCase): FuzzCase {
  const machines = drawn.machines.map((machine, i) => (i === 0 ? { ...machine, mandatory: [] } : machine));
  const can = ({ system, features }: FuzzNode): boolean =>
    (drawn.local > 0 && system === NATIVE && features.length === 0) ||
    machines.some(
      (machine) =>
        machine.systems.includes(system) &&
        features.every((feature) => machine.features.includes(feature) || machine.mandatory.includes(feature)) &&
        machine.mandatory.every((feature) => features.includes(feature)),
    );
  const plain = (node: FuzzNode): FuzzNode => (can(node) ? node : { ...node, system: NATIVE, features: [] });
  return { ...drawn, machines, nodes: drawn.nodes.map(plain) };
}

/** Indices of everything that is asked for. */
export function requested({ nodes, roots }: FuzzCase): readonly number[] {
  const needed = new Set(nodes.flatMap(({ needs }) => needs));
  return nodes.map((_, i) => i).filter((i) => !needed.has(i) || roots.includes(i));
}
