// The graphs that were drawn to be recorded: shapes by hand, figures by a seeded generator, so that they are the same each
// time. Builds sleep (`seconds`, cpu 0) unless `work` makes them burn. Names are chosen to sort in nasty ways, because Nix
// orders by them.
//   node scenarios/recorded/draw.mjs scenarios/recorded/graphs
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";

const NATIVE = "x86_64-linux";
const WORDS =
  "acorn Beech _u cedar 10x 2x ebony foo foo-1 foo-1.2 fir Ginkgo hazel ivy juniper kapok larch mango nutmeg Olive peach quince rose sorrel thyme umbra vetch willow xylem yew zinnia aspen balsam clover daisy fennel gorse holly iris jasmine".split(
    " ",
  );

/** Text of each graph by its name. */
export function drawn() {
  return new Map(Object.entries(SHAPES).map(([name, shape]) => [name, graphText(name, shape(random(name)))]));
}

/** name → nodes with the names of their needs. */
const SHAPES = {
  // One wide layer: more builds than slots, nothing else.
  fan24: (r) => gathered("world", named(r, 24).map((name) => sleep(r, name, 0.8, 3.6))),
  // The same in small, for fleets on which every question is dear.
  fan10: (r) => gathered("world", named(r, 10).map((name) => sleep(r, name, 0.6, 2))),
  // Two chains side by side that meet now and then: never more than three builds at once.
  chain18: (r) => {
    const left = named(r, 18);
    const steps = left.map((name, i) => sleep(r, name, 0.3, 1.1, i < 2 ? [] : [left[i - 2], ...(i % 5 === 0 ? [left[i - 1]] : [])]));
    return gathered("zz-top", steps, [left[16], left[17]]);
  },
  // A bootstrap: narrow waists that everything waits for, wider layers between them.
  boot30: (r) => {
    const names = named(r, 30);
    const layers = [];
    for (const width of [2, 1, 5, 1, 8, 2, 10, 1]) layers.push(names.splice(0, width));
    return layers.flatMap((layer, depth) =>
      layer.map((name) =>
        sleep(r, name, layer.length < 3 ? 0.8 : 0.4, layer.length < 3 ? 1.8 : 2.2, depth === 0 ? [] : some(r, layers[depth - 1]), { output: r() < 0.3 ? 400_000 : 2000 }),
      ),
    );
  },
  // Outputs of megabytes that others need: on slow links copying is the work.
  heavy20: (r) => {
    const names = named(r, 20);
    const leaves = names.slice(0, 9);
    const mids = names.slice(9, 17);
    const tops = names.slice(17, 20);
    const output = () => 200_000 * Math.round(1 + r() * 15);
    return gathered("world", [
      ...leaves.map((name) => sleep(r, name, 0.5, 2, [], { output: output() })),
      ...mids.map((name) => sleep(r, name, 0.5, 1.5, pick(r, leaves, 2), { output: output() })),
      ...tops.map((name) => sleep(r, name, 0.3, 1, pick(r, mids, 3), { output: output() })),
    ]);
  },
  // Three systems, all of them at work: the foreign ones run under qemu.
  emu22: (r) => {
    const names = named(r, 22);
    const leaves = names.slice(0, 12);
    const system = () => [NATIVE, "aarch64-linux", "riscv64-linux"][Math.floor(r() * 3)];
    return gathered("world", [
      ...leaves.map((name) => burn(r, name, 0.15, 0.5, [], system())),
      ...names.slice(12).map((name) => burn(r, name, 0.15, 0.5, pick(r, leaves, 2), system())),
    ]);
  },
  // Native work on hosts that share their processor among builds.
  burn20: (r) => {
    const names = named(r, 20);
    const leaves = names.slice(0, 10);
    return gathered("world", [
      ...leaves.map((name) => burn(r, name, 0.3, 0.9)),
      ...names.slice(10).map((name) => burn(r, name, 0.3, 0.9, pick(r, leaves, 2))),
    ]);
  },
  // Features that not every host has, and builds that would rather stay at home.
  feat26: (r) => {
    const names = named(r, 26);
    const leaves = names.slice(0, 14);
    const wish = (i) => (i % 4 === 0 ? { features: ["benchmark"] } : i % 4 === 1 ? { features: ["big-parallel", "kvm"] } : i % 4 === 2 ? { preferLocal: true } : {});
    return gathered("world", [
      ...leaves.map((name, i) => sleep(r, name, 0.6, 2.5, [], wish(i))),
      ...names.slice(14).map((name, i) => sleep(r, name, 0.5, 2, pick(r, leaves, 2), wish(i + 1))),
    ]);
  },
  // The longer graphs: a minute on seven slots, so that what Nix itself takes weighs as it does for people. Durations as they are
  // of packages: many short ones, few long ones.
  // Layers that grow narrower, each build wanting a few of the layer before.
  layers40: (r) => {
    const names = named(r, 40);
    const layers = [11, 9, 8, 6, 4, 2].map((width) => names.splice(0, width));
    return gathered("world", layers.flatMap((layer, depth) =>
      layer.map((name) => lasting(r, name, 3.5, depth === 0 ? [] : pick(r, layers[depth - 1], 1 + Math.floor(r() * 2)))),
    ));
  },
  // As a package set grows: every build wants one or two of those before it, late ones sooner than early ones.
  grown36: (r) => {
    const names = named(r, 36);
    return gathered("world", names.map((name, i) => {
      const near = names.slice(Math.max(0, i - 12), i);
      return lasting(r, name, 3, near.length < 3 || r() < 0.2 ? [] : pick(r, near, 1 + Math.floor(r() * 2)), { output: r() < 0.3 ? 900_000 : 20_000 });
    }));
  },
  // Outputs of megabytes between longer builds.
  bulk24: (r) => {
    const names = named(r, 24);
    const output = () => 300_000 * Math.round(1 + r() * 15);
    const [leaves, mids, tops] = [names.slice(0, 10), names.slice(10, 19), names.slice(19)];
    return gathered("world", [
      ...leaves.map((name) => lasting(r, name, 3, [], { output: output() })),
      ...mids.map((name) => lasting(r, name, 3, pick(r, leaves, 2), { output: output() })),
      ...tops.map((name) => lasting(r, name, 3, pick(r, mids, 3), { output: output() })),
    ]);
  },
  // Native work in layers, for hosts whose builds share processors.
  burn28: (r) => {
    const names = named(r, 28);
    const [leaves, mids, tops] = [names.slice(0, 12), names.slice(12, 23), names.slice(23)];
    return gathered("world", [
      ...leaves.map((name) => working(r, name, 1.1)),
      ...mids.map((name) => working(r, name, 1.1, pick(r, leaves, 2))),
      ...tops.map((name) => working(r, name, 1.1, pick(r, mids, 2))),
    ]);
  },
  // Native work that grows as a package set does.
  work25: (r) => {
    const names = named(r, 25);
    return gathered("world", names.map((name, i) => {
      const near = names.slice(Math.max(0, i - 9), i);
      return working(r, name, 1.2, near.length < 4 || r() < 0.2 ? [] : pick(r, near, 1 + Math.floor(r() * 2)));
    }));
  },
  // Native work in many short builds: on quotas a connect is then as long as a build.
  brief26: (r) => {
    const names = named(r, 26);
    const [leaves, mids] = [names.slice(0, 12), names.slice(12)];
    return gathered("world", [...leaves.map((name) => burn(r, name, 0.3, 1.1)), ...mids.map((name) => burn(r, name, 0.3, 1.1, pick(r, leaves, 2)))]);
  },
  // Work of three systems in builds of seconds.
  triple24: (r) => {
    const names = named(r, 24);
    const leaves = names.slice(0, 11);
    const system = () => [NATIVE, NATIVE, "aarch64-linux", "riscv64-linux"][Math.floor(r() * 4)];
    return gathered("world", [
      ...leaves.map((name) => ({ ...working(r, name, 0.7), system: system() })),
      ...names.slice(11).map((name) => ({ ...working(r, name, 0.7, pick(r, leaves, 2)), system: system() })),
    ]);
  },
  // Features that not every host has and builds that would rather stay at home, in layers of builds of seconds.
  wish32: (r) => {
    const names = named(r, 32);
    const layers = [14, 11, 7].map((width) => names.splice(0, width));
    const wish = () => [{ features: ["benchmark"] }, { features: ["big-parallel", "kvm"] }, { preferLocal: true }, {}, {}][Math.floor(r() * 5)];
    return gathered("world", layers.flatMap((layer, depth) =>
      layer.map((name) => ({ ...lasting(r, name, 3, depth === 0 ? [] : pick(r, layers[depth - 1], 2)), ...wish() })),
    ));
  },
  // Two roots that share a third of what they need: for two who build at the same time.
  two28: (r) => {
    const names = named(r, 26);
    const [shared, left, right] = [names.slice(0, 8), names.slice(8, 17), names.slice(17, 26)];
    const side = (own, root) => [...own.map((name) => sleep(r, name, 0.6, 2.2, pick(r, shared, 1))), sleep(r, root, 0.3, 0.6, own)];
    return [...shared.map((name) => sleep(r, name, 0.6, 2)), ...side(left, "left"), ...side(right, "right")];
  },
  // The same with builds of seconds.
  pair34: (r) => {
    const names = named(r, 32);
    const [shared, left, right] = [names.slice(0, 10), names.slice(10, 21), names.slice(21, 32)];
    const side = (own, root) => [...own.map((name) => lasting(r, name, 2.8, pick(r, shared, 1))), sleep(r, root, 0.3, 0.6, own)];
    return [...shared.map((name) => lasting(r, name, 2.8)), ...side(left, "left"), ...side(right, "right")];
  },
};

function sleep(r, name, from, to, needs = [], { output = 2000, ...rest } = {}) {
  return { name, system: NATIVE, ...rest, seconds: { "*": tenth(from + r() * (to - from)) }, cpu: 0, outputBytes: output, needs };
}

function burn(r, name, from, to, needs = [], system = NATIVE) {
  return { name, system, work: Number((from + r() * (to - from)).toFixed(2)), outputBytes: 2000, needs };
}

/** Sleeps: lognormal, from a third of a second to 25 s. */
function lasting(r, name, median, needs = [], { output = 2000 } = {}) {
  return { name, system: NATIVE, seconds: { "*": tenth(Math.min(25, Math.max(0.3, median * spread(r, 0.9)))) }, cpu: 0, outputBytes: output, needs };
}

/** Burns: lognormal, narrower. */
function working(r, name, median, needs = []) {
  return { name, system: NATIVE, work: Number(Math.min(6, Math.max(0.2, median * spread(r, 0.6))).toFixed(2)), outputBytes: 2000, needs };
}

/** A factor, lognormal around 1 (Box and Muller). */
function spread(r, sigma) {
  return Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - r())) * Math.cos(2 * Math.PI * r()));
}

function gathered(root, nodes, needs = nodes.map(({ name }) => name)) {
  return [...nodes, { name: root, system: NATIVE, seconds: { "*": 0.3 }, cpu: 0, outputBytes: 1000, needs }];
}

function named(r, count) {
  const left = [...WORDS];
  return Array.from({ length: count }, () => left.splice(Math.floor(r() * left.length), 1)[0]);
}

/** `count` different ones. */
function pick(r, from, count) {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(Math.floor(r() * left.length), 1)[0]);
}

/** At least one, each with a chance of two thirds. */
function some(r, from) {
  const chosen = from.filter(() => r() < 0.67);
  return chosen.length > 0 ? chosen : [from[0]];
}

function tenth(value) {
  return Number(value.toFixed(1));
}

function graphText(name, nodes) {
  const index = new Map(nodes.map((node, i) => [node.name, i]));
  const edges = nodes.flatMap(({ needs }, to) => needs.map((need) => ({ from: index.get(need), to })));
  const start = JSON.stringify({ schema: "drvfleet.graph/1", name, source: { drawn: "scenarios/recorded/draw.mjs" } }).slice(0, -1);
  const lines = nodes.map(({ needs, ...node }) => JSON.stringify(node));
  const ends = { from: edges.map(({ from }) => from), to: edges.map(({ to }) => to) };
  return `${start},"nodes":[\n${lines.join(",\n")}\n],"edges":${JSON.stringify(ends)}}\n`;
}

/** Numbers from 0 to 1 that depend on the name alone: mulberry32 by T. Ettinger, public domain. */
function random(name) {
  let state = [...name].reduce((hash, c) => Math.imul(hash ^ c.charCodeAt(0), 16777619), 2166136261);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const [, , to] = argv;
  mkdirSync(to, { recursive: true });
  for (const [name, text] of drawn()) writeFileSync(join(to, `${name}.json`), text);
}
