// How long one connect takes in this world: its usual time under the load of the moment, and what it waits for copies on the
// same link, whose bytes stand in the queue before the packets of the handshake.
// Source: recorded runs with bulk copies on links of 12 and 24 Mbit/s. Assumes: of the time that copies go on, the connect loses
// the share that the link says; they end as they would at the ask.
import type { HostId } from "#base/units.js";
import { connectSeconds } from "#model/problem.js";
import type { World } from "./world.js";

/** Microseconds from the ask at `at` until the connect is open. */
export function connectMicros(world: World, task: number, host: HostId, attempt: number, at: number): number {
  const { truth, load, cpu } = world;
  const seconds = connectSeconds(truth, host, cpu.wanted(host));
  return behindCopies(world, host, load.connectMicros(seconds, truth.graph.keys[task]!, attempt, at), at);
}

function behindCopies({ truth, network }: World, host: HostId, alone: number, at: number): number {
  const lost = truth.hosts.queueing[host]!;
  if (lost === 0) return alone;
  const beside = Math.min(Math.max(0, network.until(host) - at), alone / (1 - lost));
  return Math.round(alone + lost * beside);
}
