import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { nixConduct } from "#dispatch/conducts.js";
import { nixVersion } from "#model/nix-version.js";
import { FLEET_DEFAULTS } from "#scenario/fleet-default.js";
import { ROOT } from "../program.js";

// What calibrate found in the recorded sessions, by machine: what nobody measured at a site is drawn as widely as these differ.
const SITES = `${ROOT}/scenarios/recorded/sites`;

const MACHINES = ["first", "second", "slow", "third"] as const;

function machineOf(session: string): (typeof MACHINES)[number] {
  if (/testbed/.test(session)) return "second";
  if (/^(2\.8\.0|2\.34\.8)-long$/.test(session)) return "slow";
  return /-(long|varied|clients?)$/.test(session) ? "third" : "first";
}

interface Figures {
  readonly conducts: { readonly nix: Readonly<Record<string, { readonly value: number }>> };
  readonly hosts: Readonly<
    Record<string, { readonly connect?: { readonly value: string }; readonly connectCpu?: { readonly value: string } }>
  >;
}

const sessions = readdirSync(SITES).map((file) => ({
  session: file.replace(/\.yaml$/, ""),
  model: parse(readFileSync(`${SITES}/${file}`, "utf8")) as Figures,
}));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Logarithms by machine, of the mean over its sessions; of sessions that do not know it, nothing. */
function byMachine(figure: (model: Figures) => number | null, among = sessions): number[] {
  return MACHINES.map((machine) =>
    mean(
      among
        .filter(({ session }) => machineOf(session) === machine)
        .flatMap(({ model }) => {
          const found = figure(model);
          return found === null ? [] : [Math.log(found)];
        }),
    ),
  );
}

/** Coefficient of variation of the lognormal of which these are four. */
function variation(logs: readonly number[]): number {
  const centre = mean(logs);
  const variance = logs.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (logs.length - 1);
  return Math.sqrt(Math.exp(variance) - 1);
}

const own = (field: string) => (model: Figures) => model.conducts.nix[field]?.value ?? null;

/** Seconds, as a whole: its own part and the builder's CPU's. */
function connect({ hosts }: Figures): number | null {
  const found = Object.values(hosts).flatMap((host) => {
    if (host.connect === undefined) return [];
    return [Number.parseFloat(host.connect.value) + Number.parseFloat(host.connectCpu?.value ?? "0")];
  });
  return found.length === 0 ? null : Math.exp(mean(found.map(Math.log)));
}

const older = sessions.filter(({ session }) => session.startsWith("2.8.0"));
const newer = sessions.filter((one) => !older.includes(one));

const { siteCv, hookSeconds, noticeSeconds } = nixConduct(nixVersion("2.34")!).timing;

describe("what nobody measured at a site", () => {
  it("is drawn as widely as recorded machines differ: hooks, notices, connects", () => {
    expect(variation(byMachine(own("hookSeconds"))) / siteCv).toBeGreaterThan(0.8);
    expect(variation(byMachine(own("hookSeconds"))) / siteCv).toBeLessThan(1.4);
    expect(variation(byMachine(own("noticeSeconds")))).toBeGreaterThan(siteCv);
    // Nix 2.8 came with OpenSSH 9.2, the others with 10: nobody says which a builder has.
    const connects = [older, newer].flatMap((among) => byMachine(connect, among));
    expect(variation(connects) / FLEET_DEFAULTS.connect.cv).toBeGreaterThan(0.8);
    expect(variation(connects) / FLEET_DEFAULTS.connect.cv).toBeLessThan(1.25);
  });

  it("is in the middle what the first machine had, which was quiet", () => {
    expect(Math.exp(byMachine(own("hookSeconds"))[0]!) / hookSeconds).toBeCloseTo(1, 0);
    expect(Math.exp(byMachine(own("noticeSeconds"))[0]!) / noticeSeconds).toBeLessThan(1.3);
  });

  it("goes together: who has slow hooks has slow notices, and slow connects under one OpenSSH", () => {
    const order = (logs: readonly number[]): number[] => MACHINES.map((_, i) => i).sort((a, b) => logs[a]! - logs[b]!);
    const hooks = order(byMachine(own("hookSeconds"), newer));
    expect(order(byMachine(own("noticeSeconds"), newer))).toEqual(hooks);
    expect(order(byMachine(connect, newer))).toEqual(hooks);
  });
});
