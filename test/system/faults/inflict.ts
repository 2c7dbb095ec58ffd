// The faults: how each is brought about, and how it is mended. Those of hosts are the testbed's; those of our own programs
// are SIGKILL, and mending means starting the program anew.
import type { Testbed } from "../testbed/testbed.js";
import type { FaultKind } from "./case.js";

export interface Victims {
  readonly bed: Testbed;
  readonly host: string;
  killClient(): void;
  startClient(): void;
  killAgent(): void;
  startAgent(): Promise<void>;
}

export interface Inflicted {
  break(victims: Victims): Promise<void>;
  mend(victims: Victims): Promise<void>;
}

export const INFLICT: Readonly<Record<FaultKind, Inflicted>> = {
  "host killed": { break: ({ bed, host }) => bed.kill(host), mend: ({ bed, host }) => bed.revive(host) },
  "link silent": { break: ({ bed, host }) => bed.silence(host, "on"), mend: ({ bed, host }) => bed.silence(host, "off") },
  "sshd stopped": { break: ({ bed, host }) => bed.sshd(host, "stop"), mend: ({ bed, host }) => bed.sshd(host, "start") },
  "disk full": { break: ({ bed, host }) => bed.disk(host, "full"), mend: ({ bed, host }) => bed.disk(host, "free") },
  "client killed": {
    break: async ({ killClient }) => killClient(),
    mend: async ({ startClient }) => startClient(),
  },
  "agent killed": {
    break: async ({ killAgent }) => killAgent(),
    mend: ({ startAgent }) => startAgent(),
  },
};
