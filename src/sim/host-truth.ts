// Figures of hosts as they are in one world. What was calibrated is drawn from its interval, by (seed, host), or by the machine that hosts share,
// of which calibration knows one figure; a connect that nobody measured, for all hosts at once, and with what else nobody measured on the
// client's machine (sim/load). What the client itself takes is not drawn here: that its usual time is known from a few runs
// only is part of loadCv (calibrate/load.ts).
import { drawFactor } from "#base/random.js";
import type { Hosts, Machines, Uncertain } from "#model/hosts.js";

/** How many times what is usual on machines things take on the one of world `seed`. */
export function siteFactor(seed: number, cv: number): number {
  return drawFactor(seed, "site", "", cv);
}

/** The hosts of world `seed`. */
export function hostsIn(hosts: Hosts, uncertain: Uncertain, seed: number): Hosts {
  const { machines } = hosts;
  const drawn = (field: keyof Uncertain, column: Float64Array): Float64Array =>
    column.map((value, h) => value * drawFactor(seed, `calibrated/${field}`, placeOf(hosts, h), uncertain[field][h]!));
  const connect = hosts.connect.map((value, h) => value * siteFactor(seed, uncertain.connect[h]!));
  const connectCpu = drawn("connectCpu", hosts.connectCpu).map((value, h) => Math.min(value, connect[h]! + hosts.connectCpu[h]!));
  return {
    ...hosts,
    speed: drawn("speed", hosts.speed),
    up: drawn("up", hosts.up),
    down: drawn("down", hosts.down),
    latency: drawn("latency", hosts.latency),
    // What a connect takes in all is known well: where its parts are not, the one has what the other has not.
    connectCpu,
    connect: connect.map((value, h) => value + hosts.connectCpu[h]! - connectCpu[h]!),
    machines: machines && drawnMachines(machines, drawn),
    uncertain: null,
  };
}

function drawnMachines(machines: Machines, drawn: (field: keyof Uncertain, column: Float64Array) => Float64Array): Machines {
  return { ...machines, copyUp: drawn("copyUp", machines.copyUp), copyDown: drawn("copyDown", machines.copyDown) };
}

/** Of the processors that the host has: those of its machine, where it shares one. */
export function placeOf({ names, machines }: Hosts, host: number): string {
  const on = machines === null ? -1 : machines.on[host]!;
  return on < 0 ? names[host]! : `machine ${on}`;
}
