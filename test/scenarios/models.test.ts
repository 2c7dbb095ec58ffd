// What each model is worth: a committed scenario, played with the model and without. Rule: issue 2, "for each model a
// committed scenario in which switching it off moves the makespan by at least 5 % or changes the winner".
import { describe, expect, it } from "vitest";
import { MODELS_DEFAULT } from "#model/models.js";
import { duration } from "#base/duration.js";
import { of, play, winner } from "./play.js";
import { block, change, TOP, table } from "./readme.js";

interface Row {
  readonly model: string;
  readonly scenario: string;
  readonly policy: string;
  /** Flags that switch it off; or the fleet that has it and the fleet that has not. */
  readonly off: string | { readonly with: string; readonly without: string };
}

const ROWS: readonly Row[] = [
  { model: "shared CPU", scenario: "models/cpu.yaml", policy: "list", off: "--model cpu=dedicated" },
  { model: "Amdahl share, maxCores", scenario: "models/parallelism.yaml", policy: "list", off: "--model parallelism=off" },
  {
    model: "hosts of one machine",
    scenario: "models/machines.yaml",
    policy: "list",
    off: { with: "one mini PC", without: "three mini PCs" },
  },
  {
    model: "slots apart from cores",
    scenario: "models/slots.yaml",
    policy: "list",
    off: { with: "a slot may use all cores", without: "a slot is four cores" },
  },
  { model: "emulation", scenario: "models/emulation.yaml", policy: "nix", off: "--model emulation=off" },
  { model: "memory", scenario: "models/memory.yaml", policy: "list", off: "--model memory=off" },
  { model: "fetches", scenario: "models/fetches.yaml", policy: "list", off: "--model fetches=free" },
  { model: "preferLocalBuild", scenario: "models/prefer-local.yaml", policy: "nix", off: "--model preferLocal=off" },
  { model: "bytes travel", scenario: "models/network.yaml", policy: "nix", off: "--model network=free" },
  { model: "fair sharing of the coordinator's link", scenario: "models/network.yaml", policy: "nix", off: "--model network=fixed" },
  { model: "max-min sharing of all links", scenario: "models/maxmin.yaml", policy: "nix", off: "--model network=fixed" },
  { model: "upload lock", scenario: "models/uploads.yaml", policy: "nix", off: "--model uploads=parallel" },
  { model: "substitution", scenario: "models/substitution.yaml", policy: "nix", off: "--model substitution=off" },
  { model: "latency", scenario: "models/latency.yaml", policy: "list", off: { with: "other side of the world", without: "next room" } },
  { model: "connect", scenario: "models/connect.yaml", policy: "nix", off: { with: "a connect for each", without: "ControlMaster" } },
  { model: "closure rule", scenario: "models/closure.yaml", policy: "nix", off: { with: "whole closure", without: "direct inputs" } },
  { model: "route", scenario: "models/route.yaml", policy: "nix", off: { with: "through the laptop", without: "builder to builder" } },
  { model: "conduct", scenario: "models/conduct.yaml", policy: "nix", off: "--conduct ideal" },
  { model: "estimates apart from truth", scenario: "models/estimates.yaml", policy: "list", off: "--estimates exact" },
  { model: "outages", scenario: "models/faults.yaml", policy: "list", off: "--model faults=off" },
  {
    model: "dead host asked in vain",
    scenario: "models/dead-host.yaml",
    policy: "nix",
    off: { with: "nobody answers", without: "refused" },
  },
  { model: "arrivals", scenario: "models/arrivals.yaml", policy: "list", off: "--model arrivals=off" },
];

interface Worth extends Row {
  readonly on: number;
  readonly without: number;
  readonly winners: readonly [string, string];
}

function worthOf(row: Row): Worth {
  const { scenario, policy, off } = row;
  const on = play(scenario);
  if (typeof off === "string") {
    const without = play(`${scenario} ${off}`);
    return { ...row, on: of(on, policy).makespan, without: of(without, policy).makespan, winners: [winner(on), winner(without)] };
  }
  const side = (fleet: string) => on.filter((one) => one.fleet === fleet);
  const [policyOn, policyOff] = [side(off.with), side(off.without)].map((played) => winner(played).replace(/ on .*/, ""));
  return { ...row, on: of(on, policy, off.with).makespan, without: of(on, policy, off.without).makespan, winners: [policyOn!, policyOff!] };
}

const worths = ROWS.map(worthOf);

function line({ model, scenario, policy, off, on, without, winners }: Worth): readonly string[] {
  const flags = typeof off === "string" ? ` ${off}` : "";
  const [command, sides] = [
    `\`compare scenarios/${scenario} --policies ${policy}${flags}\``,
    typeof off === "string" ? ["", ""] : [off.with, off.without],
  ];
  const also = winners[0] === winners[1] ? "" : ", another winner";
  const [before, after] = [on, without].map((seconds, side) => duration(seconds) + (sides[side] === "" ? "" : ` (${sides[side]})`));
  return [model, `[${scenario.slice("models/".length)}](${scenario})`, command, before!, after!, change(on, without) + also];
}

/** For the README of the whole. */
function briefly({ model, scenario, policy, on, without, winners }: Worth): readonly string[] {
  const also = winners[0] === winners[1] ? "" : ", another winner";
  return [model, `[${scenario}](scenarios/${scenario})`, policy, duration(on), duration(without), change(on, without) + also];
}

describe("what the models are worth", () => {
  it.each(worths)("$model: without it $scenario comes out by 5 % or another winner different", ({ on, without, winners }) => {
    const moved = Math.abs(without / on - 1) >= 0.05;
    expect(moved || winners[0] !== winners[1], `${on} s with, ${without} s without, winners ${winners.join(" and ")}`).toBe(true);
  });

  it("covers every switch of models", () => {
    const switched = ROWS.flatMap(({ off }) => (typeof off === "string" ? [...off.matchAll(/--model (\w+)=/g)].map(([, key]) => key) : []));
    expect(new Set(switched)).toEqual(new Set(Object.keys(MODELS_DEFAULT)));
  });

  it("stands in both READMEs as computed", () => {
    const text = table(["model", "scenario", "without it", "with", "without", "change"], worths.map(line));
    console.info(text);
    expect(block("models", text)).toBe(text);
    const brief = table(["model", "scenario", "policy", "with", "without", "change"], worths.map(briefly));
    expect(block("models", brief, TOP)).toBe(brief);
  });
});
