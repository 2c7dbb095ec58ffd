// Which machine Nix takes: recorded sequences of 2.8.0, 2.26.3 and 2.34.8, and the rule's corners.
import { describe, expect, it } from "vitest";
import { bookFleet, nixRun, placed, sleeps, VERSIONS, type Version } from "./nix-fleet.js";

type Factors = readonly [number, number, number];

/** First wave | rest, by name, of 12 equal sleeps of 3 s on 3, 2 and 2 slots; and the makespan, seconds. */
const RECORDED: readonly (readonly [Version, Factors, number, string, number])[] = [
  ["2.8", [1, 1, 1], 0, "A R K A R K A A R K A R", 12.7],
  ["2.8", [1, 1, 1], 4, "A R K A R K A L L L L A", 6.7],
  ["2.8", [2, 1, 1], 0, "A A R K A R K A A R K A", 13.2],
  ["2.8", [2, 1, 1], 4, "A A R K A R K L L L L A", 7.1],
  ["2.8", [3, 2, 1], 0, "A A A R R K K A A A R R", 13.4],
  ["2.8", [3, 2, 1], 4, "A A A R R K K L L L L A", 6.7],
  ["2.26", [1, 1, 1], 0, "A R K A R K A A R K A R", 11.0],
  ["2.26", [1, 1, 1], 4, "A R K A R K A L L L L A", 6.3],
  ["2.26", [2, 1, 1], 0, "A R K A A R K A R K A A", 11.1],
  ["2.26", [2, 1, 1], 4, "A R K A A R K L L L L A", 6.4],
  ["2.26", [3, 2, 1], 0, "A R K A R A K A R K A R", 10.2],
  ["2.26", [3, 2, 1], 4, "A R K A R A K L L L L A", 6.4],
  ["2.26", [1, 1, 4], 0, "K A R K A R A K A R K A", 9.8],
  ["2.26", [1, 1, 4], 4, "K A R K A R A L L L L K", 6.5],
  ["2.34", [1, 1, 1], 0, "A R K A R K A A R K A R", 9.8],
  ["2.34", [1, 1, 1], 4, "A R K A R K A L L L L A", 6.3],
  ["2.34", [2, 1, 1], 0, "A R K A A R K A R K A A", 9.7],
  ["2.34", [2, 1, 1], 4, "A R K A A R K L L L L A", 6.4],
  ["2.34", [3, 2, 1], 0, "A R K A R A K A R K A R", 10.6],
  ["2.34", [3, 2, 1], 4, "A R K A R A K L L L L A", 6.4],
  ["2.34", [1, 1, 4], 0, "K A R K A R A K A R K A", 9.6],
  ["2.34", [1, 1, 4], 4, "K A R K A R A L L L L K", 6.3],
];

/** Seconds of a connect while 2.8 was recorded, on a busy machine. */
const BUSY = 0.29;

describe("12 equal jobs on the book's fleet, as recorded", () => {
  it.each(RECORDED)("%s, speedFactor %j, -j%i: %s in %f s", (version, factors, local, hosts, seconds) => {
    for (let seed = 1; seed <= 8; seed++) {
      const connect = version === "2.8" ? BUSY : undefined;
      const done = nixRun({ version, local, builders: bookFleet(factors), tasks: sleeps(12, 3), seed, ...(connect && { connect }) });
      expect(placed(done)).toBe(hosts);
      // The poll sleeps whole seconds: a tick earlier or later is the same run.
      expect(Math.abs(done.makespan - seconds)).toBeLessThan(local === 0 ? 1.6 : 0.6);
    }
  });
});

describe("load ÷ speedFactor", () => {
  const two = (version: Version, factors: readonly [number, number], slots: number, jobs = 8): string =>
    placed(
      nixRun({
        version,
        local: 0,
        tasks: sleeps(jobs, 60),
        builders: [
          { name: "A", maxJobs: slots, speedFactor: factors[0] },
          { name: "R", maxJobs: slots, speedFactor: factors[1] },
        ],
      }),
    );

  it("is integer division in 2.8: the fast machine is filled before the slow one gets any (E4)", () => {
    expect(two("2.8", [1, 4], 4)).toBe("R R R R A A A A");
  });

  it.each([
    [[1, 4], 4, "R A R R R A A A"],
    [[4, 1], 4, "A R A A A R R R"],
    [[1.5, 1], 4, "A R A R A A R R"],
    [[2, 3], 8, "R A R A R R A R"],
  ] as const)("is a real quotient from 2.20 on: %j with %i slots each", (factors, slots, hosts) => {
    expect(two("2.26", factors, slots)).toBe(hosts);
    expect(two("2.34", factors, slots)).toBe(hosts);
  });

  it("takes 0 for 1", () => {
    for (const version of VERSIONS) expect(two(version, [0, 1], 4)).toBe(two(version, [1, 1], 4));
  });
});

describe("who may take it", () => {
  it("a machine with a mandatory feature gets no plain job, idle and fastest though it is", () => {
    for (const version of VERSIONS) {
      const done = nixRun({
        version,
        local: 0,
        tasks: [...sleeps(7, 1), { name: "vm", seconds: 1, features: ["kvm"] }],
        builders: [
          { name: "A", maxJobs: 1 },
          { name: "K", maxJobs: 4, speedFactor: 9, mandatory: ["kvm"] },
        ],
      });
      expect(placed(done)).toBe("A A A A A A A K");
    }
  });

  it("a fetch is a build like any other", () => {
    const done = nixRun({
      version: "2.34",
      local: 4,
      tasks: [{ name: "src", fetch: true, source: 1e6 }],
      builders: [{ name: "A", internet: 1e6 }],
    });
    expect(done.row("src").host).toBe("A");
  });
});
