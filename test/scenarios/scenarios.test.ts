// Every committed scenario shows what its `about` line says: played as committed, and the claim asserted. Figures of real
// Nix are from runs of 2.8.0, 2.26.3 and 2.34.8 on four hosts; Graham's from his paper.
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isAllowed } from "#model/problem.js";
import type { HostId, TaskId } from "#base/units.js";
import { experimentOf } from "#cli/experiment.js";
import { duration } from "#base/duration.js";
import { buildsOn, coreSecondsOn, FOLDER, hostsAsked, of, type Played, play, winner } from "./play.js";
import { block, change, table } from "./readme.js";

const files = (folder: string): string[] =>
  readdirSync(`${FOLDER}${folder}`)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => `${folder}${name}`);
const TOP = files("");
const ALL = [...TOP, ...files("models/")];

describe.each(ALL)("%s", (path) => {
  const ready = experimentOf(`${FOLDER}${path}`, { seeds: 2 });

  it("compiles without a warning and says in one line what it shows", () => {
    expect(ready).toMatchObject({ ok: true });
    if (!ready.ok) return;
    expect(ready.value.experiment.about).toMatch(/^\S.{40,150}[.?]$/);
    expect(ready.value.experiment.fleets.flatMap(({ warnings }) => warnings)).toEqual([]);
    expect(`${ready.value.experiment.name}.yaml`).toBe(path.replace("models/", ""));
  });

  it("builds everything in every world, with every policy it names", () => {
    for (const { runs } of play(`${path} --seeds 2`)) {
      for (const { trace, problem } of runs) {
        const built = new Set<number>();
        for (let row = 0; row < trace.rows; row++) {
          expect(isAllowed(problem, trace.task[row]! as TaskId, trace.host[row]! as HostId)).toBe(true);
          if (trace.outcome[row] === 0) built.add(trace.task[row]!);
        }
        expect(built.size).toBe(problem.graph.count);
      }
    }
  });
});

describe("scenarios/README.md", () => {
  it("lists every scenario with its line", () => {
    const about = (path: string): string => {
      const ready = experimentOf(`${FOLDER}${path}`, {});
      return ready.ok ? ready.value.experiment.about : "";
    };
    const text = table(
      ["scenario", "shows"],
      TOP.map((path) => [`[${path}](${path})`, about(path)]),
    );
    expect(block("scenarios", text)).toBe(text);
    const models = table(
      ["scenario", "shows"],
      files("models/").map((path) => [`[${path}](${path})`, about(path)]),
    );
    expect(block("model-scenarios", models)).toBe(models);
  });
});

describe("book", () => {
  const played = play("book.yaml --seeds 3");

  it("has the chapter's fleet: three builders with 3, 2, 2 slots, speedFactor 1, three systems", () => {
    const { hosts, demand } = of(played).runs[0]!.problem;
    expect(hosts.names).toEqual(["ai", "aquamarine", "ruby", "kana"]);
    expect([...hosts.maxJobs]).toEqual([20, 3, 2, 2]);
    expect([...hosts.speedFactor]).toEqual([1, 1, 1, 1]);
    expect(new Set(demand.systems)).toEqual(new Set(["x86_64-linux", "aarch64-linux", "riscv64-linux"]));
  });

  it("is finished a quarter sooner by list than by Nix", () => {
    expect(of(played, "list").makespan).toBeLessThan(0.75 * of(played, "nix").makespan);
    expect(winner(played)).toBe("list on book");
  });
});

describe("defect 1: hosts can be chosen", () => {
  const FLAGS = [
    "",
    "--pin 'llvm-*=ai'",
    "--pin 'llvm-*=ai' --pin 'nodejs-*=ai' --pin 'rust-*=ai' --pin '*gcc-*=ai'",
    "--prefer ai",
    "--only ai",
    "--only ai,kana",
    "--exclude ai",
    "--exclude ruby",
  ];
  const results = FLAGS.map((flags) => ({ flags, played: play(`defect-1-choose-hosts.yaml ${flags}`) }));
  const nixWith = (flags: string): Played => of(results.find((one) => one.flags === flags)!.played, "nix");

  it("a pinned build is built there and nowhere else, by every policy", () => {
    for (const { runs } of play("defect-1-choose-hosts.yaml --pin 'linux-*=kana' --policies nix,list,heft,fifo,random")) {
      expect(buildsOn(runs[0]!, "kana")).toContain("linux-6.14.6");
      for (const host of ["ai", "aquamarine", "ruby"])
        expect(buildsOn(runs[0]!, host).filter((name) => /^linux-\d/.test(name))).toEqual([]);
    }
  });

  it("--only and --exclude leave other hosts without a build, --prefer gives them what the preferred has no slot for", () => {
    const on = (flags: string, host: string): number => buildsOn(nixWith(flags).runs[0]!, host).length;
    expect(on("--only ai,kana", "ai")).toBeGreaterThan(0);
    expect(on("--only ai,kana", "kana")).toBeGreaterThan(0);
    expect(on("--only ai,kana", "ruby") + on("--only ai,kana", "aquamarine")).toBe(0);
    expect(on("--exclude ruby", "ruby")).toBe(0);
    expect(on("", "ruby")).toBeGreaterThan(0);
    expect(on("--prefer ai", "aquamarine")).toBeGreaterThan(0);
    const work = (flags: string): number => coreSecondsOn(nixWith(flags).runs[0]!, "ai");
    expect(work("--prefer ai")).toBeGreaterThan(3 * work(""));
  });

  it("six builds pinned to the fast host save Nix a quarter", () => {
    expect(nixWith(FLAGS[2]!).makespan).toBeLessThan(0.75 * nixWith("").makespan);
  });

  it("stands in scenarios/README.md as computed", () => {
    const plain = nixWith("").makespan;
    const rows = results.map(({ flags, played }) => [
      flags === "" ? "no flag" : `\`${flags}\``,
      duration(of(played, "nix").makespan),
      flags === "" ? "" : change(plain, of(played, "nix").makespan),
      duration(of(played, "list").makespan),
    ]);
    const text = table(["flags", "nix", "against no flag", "list"], rows);
    expect(block("defect-1", text)).toBe(text);
  });
});

describe("defect 2: the local host idles", () => {
  const played = play("defect-2-local-idle.yaml");

  it("in Nix's own engine every local-aware policy beats Nix's rule by a quarter at least", () => {
    const nix = of(played, "nix").makespan;
    for (const policy of ["local-first", "fastest-free", "list"]) expect(of(played, policy).makespan).toBeLessThan(0.75 * nix);
  });

  it("Nix with the whole fleet is slower than with the fast host alone", () => {
    const alone = of(play("defect-2-local-idle.yaml --only ai --policies nix"), "nix").makespan;
    expect(alone).toBeLessThan(0.75 * of(played, "nix").makespan);
  });

  it("the host with nearly half of all power gets a tenth of the work from Nix at most, more than half from list", () => {
    const share = (policy: string): number => {
      const run = of(played, policy).runs[0]!;
      const [ai, ...others] = run.problem.hosts.names.map((host) => coreSecondsOn(run, host));
      return ai! / others.reduce((sum, seconds) => sum + seconds, ai!);
    };
    expect(share("nix")).toBeLessThan(0.1);
    expect(share("list")).toBeGreaterThan(0.5);
  });
});

describe("defect 3: one big package", () => {
  const PATH = "defect-3-big-package.yaml";
  const NAIVE = "list[placement=least-loaded,priority=fifo]";
  const played = play(PATH);
  const naive = of(played, NAIVE).makespan;
  const STEPS: readonly (readonly [string, string, string])[] = [
    ["first come, least loaded host", "", NAIVE],
    ["order: critical path first", "", "list[placement=least-loaded,priority=critical-path]"],
    ["place: where it ends first", "", "list[placement=earliest-finish,priority=fifo]"],
    ["order and place", "", "list[placement=earliest-finish,priority=critical-path]"],
    ["… four cores per build", "--cores-per-build 4", "list[placement=earliest-finish,priority=critical-path]"],
    [
      "… the largest build in three parts",
      "--split parts=3,overhead=0.1,largest=1",
      "list[placement=earliest-finish,priority=critical-path]",
    ],
    [
      "… the six largest in three parts",
      "--split parts=3,overhead=0.1,largest=6",
      "list[placement=earliest-finish,priority=critical-path]",
    ],
  ];
  const results = STEPS.map(([what, flags, policy]) => ({ what, flags, policy, makespan: of(play(`${PATH} ${flags}`), policy).makespan }));
  const step = (what: string): number => results.find((one) => one.what.endsWith(what))!.makespan;

  it("order wins back most, place less, both together no less", () => {
    expect(step("order: critical path first")).toBeLessThan(0.95 * naive);
    expect(step("place: where it ends first")).toBeLessThan(naive);
    expect(step("order and place")).toBeLessThanOrEqual(step("order: critical path first"));
  });

  it("splitting the six largest wins more than order and place together; fewer cores per build lose more", () => {
    const best = step("order and place");
    expect(best - step("the six largest in three parts")).toBeGreaterThan(naive - best);
    expect(step("the largest build in three parts")).toBeLessThan(0.95 * best);
    expect(step("four cores per build")).toBeGreaterThan(1.25 * best);
  });

  it("stands in scenarios/README.md as computed", () => {
    const rows = results.map(({ what, flags, policy, makespan }) => [
      what,
      `\`--policies '${policy}'${flags === "" ? "" : ` ${flags}`}\``,
      duration(makespan),
      policy === NAIVE ? "" : change(naive, makespan),
    ]);
    const text = table(["what", "flags", "makespan", "change"], rows);
    expect(block("defect-3", text)).toBe(text);
  });
});

describe("speed-factor", () => {
  const played = play("speed-factor.yaml");
  // First seven | rest, as observed on real hosts: A aquamarine, R ruby, K kana.
  it.each([
    ["1/1/1", "nix[version=2.8]", "ARKARKA ARKAR"],
    ["2/1/1", "nix[version=2.8]", "AARKARK AARKA"],
    ["3/2/1", "nix[version=2.8]", "AAARRKK AAARR"],
    ["1/1/1", "nix[version=2.34]", "ARKARKA ARKAR"],
    ["2/1/1", "nix[version=2.34]", "ARKAARK ARKAA"],
    ["3/2/1", "nix[version=2.34]", "ARKARAK ARKAR"],
  ])("%s under %s: %s, as real Nix", (fleet, policy, sequence) => {
    for (const run of of(played, policy, fleet).runs) {
      const letters = hostsAsked(run).map((name) => name[0]!.toUpperCase());
      expect(`${letters.slice(0, 7).join("")} ${letters.slice(7).join("")}`).toBe(sequence);
    }
  });
});

describe("graham-anomaly", () => {
  const played = play("graham-anomaly.yaml");
  const minutes = (policy: string, fleet: string): number => of(played, policy, fleet).makespan / 60;

  it("by name: 12 minutes on three hosts, 15 on four", () => {
    expect(minutes("list[", "three hosts")).toBe(12);
    expect(minutes("list[", "four hosts")).toBe(15);
  });

  it("by critical path: 12 on both", () => {
    const list = (fleet: string): number => played.find((one) => one.policy === "list" && one.fleet === fleet)!.makespan / 60;
    expect([list("three hosts"), list("four hosts")]).toEqual([12, 12]);
  });
});

describe("riscv-boards-or-qemu", () => {
  const played = play("riscv-boards-or-qemu.yaml");
  const hours = (policy: string, fleet: string): number => of(played, policy, fleet).makespan / 3600;

  it("sixteen emulating x86 cores beat four boards by half, four x86 cores lose to them by half", () => {
    for (const policy of ["nix", "list"]) {
      expect(hours(policy, "desktop")).toBeLessThan(0.5 * hours(policy, "boards"));
      expect(hours(policy, "mini")).toBeGreaterThan(1.5 * hours(policy, "boards"));
    }
  });

  it("boards beside the desktop make Nix more than twice as slow, and list no faster", () => {
    expect(hours("nix", "desktop and boards")).toBeGreaterThan(2 * hours("nix", "desktop"));
    expect(hours("list", "desktop and boards")).toBeGreaterThan(0.95 * hours("list", "desktop"));
  });

  it("Rust fits no VisionFive 2", () => {
    for (const { runs } of played.filter(({ fleet }) => fleet === "boards"))
      for (const run of runs) for (const host of ["visionfive-1", "visionfive-2"]) expect(buildsOn(run, host)).not.toContain("rust-1.86.0");
  });
});
