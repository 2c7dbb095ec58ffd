// Which build an upload or a download belongs to. Nix's lines name only the machine: "waiting for the upload lock to",
// "copying dependencies to", "copying outputs from". Uploads go to a machine one at a time, in the order in which it
// accepted its builds; a download is known by the names of the paths that it fetches. Rule: reference 2.5 and 7.1.
import type { LoggedBuild, Seen } from "./logged-build.js";
import { baseName, storeName } from "./store-path.js";

export interface Copies {
  accepted(build: LoggedBuild): void;
  ended(build: LoggedBuild): void;
  /** An activity of no type began; tells whether its text is one of ours. */
  began(id: string, text: string, seen: Seen): boolean;
  /** "copying N paths". */
  counted(text: string): void;
  /** A path begins to travel. */
  path(id: string, path: string, from: string, to: string): void;
  bytes(id: string, total: number): void;
  isOpen(id: string): boolean;
  stopped(id: string, seen: Seen): void;
}

interface Transfer {
  readonly kind: "wait" | "upload" | "download";
  readonly machine: string;
  readonly from: Seen;
  build?: LoggedBuild;
  paths?: number;
  readonly names: string[];
  bytes: number;
}

const TEXTS: readonly (readonly [Transfer["kind"], RegExp])[] = [
  ["wait", /^waiting for the upload lock to '(.*)'$/],
  ["upload", /^copying dependencies to '(.*)'$/],
  ["download", /^copying outputs from '(.*)'$/],
];

export function copies(): Copies {
  /** Builds in progress by machine, in the order of acceptance. */
  const running = new Map<string, LoggedBuild[]>();
  const open = new Map<string, Transfer>();
  const paths = new Map<string, { transfer: Transfer; bytes: number }>();
  /** Builds that have been heard waiting for the lock, by machine: the next upload is the first one's. */
  const waited = new Map<string, LoggedBuild[]>();
  const heard = new WeakSet<LoggedBuild>();

  const on = (machine: string) => running.get(key(machine)) ?? [];
  const newest = (fits: (transfer: Transfer) => boolean) => [...open.values()].reverse().find(fits);

  const begin: Readonly<Record<Transfer["kind"], (transfer: Transfer) => void>> = {
    wait: (transfer) => {
      const build = on(transfer.machine).find((one) => !heard.has(one));
      if (build === undefined) return;
      heard.add(build);
      transfer.build = build;
    },
    upload: (transfer) => {
      const next = waited.get(key(transfer.machine))?.shift() ?? on(transfer.machine).find((build) => build.copyFrom === undefined);
      if (next === undefined) return;
      heard.add(next);
      next.copyFrom = transfer.from;
      transfer.build = next;
    },
    download: (transfer) => {
      const sent = on(transfer.machine).filter((build) => build.uploaded !== undefined && build.returned === undefined);
      if (sent.length === 1 && !isTaken(sent[0]!)) claim(transfer, sent[0]!);
    },
  };
  const end: Readonly<Record<Transfer["kind"], (transfer: Transfer, seen: Seen) => void>> = {
    wait: ({ machine, build }) => {
      if (build === undefined) return;
      const queue = waited.get(key(machine));
      if (queue === undefined) waited.set(key(machine), [build]);
      else queue.push(build);
    },
    upload: ({ build, paths: count, names, bytes }, seen) => {
      if (build === undefined) return;
      build.uploaded = seen;
      build.sent = names;
      if (count !== undefined) build.pathsIn = count;
      if (bytes > 0) build.bytesIn = bytes;
    },
    download: (transfer, seen) => {
      const build = transfer.build ?? on(transfer.machine).find((one) => one.uploaded !== undefined && !isTaken(one));
      if (build === undefined) return;
      claim(transfer, build);
      build.returned = seen;
      build.fetched = transfer.names;
      if (transfer.bytes > 0) build.bytesOut = transfer.bytes;
    },
  };

  const isTaken = (build: LoggedBuild) =>
    build.returned !== undefined || [...open.values()].some((other) => other.kind === "download" && other.build === build);
  const claim = (transfer: Transfer, build: LoggedBuild) => {
    transfer.build = build;
    build.built ??= transfer.from;
  };

  return {
    accepted: (build) => {
      const builds = running.get(key(build.machine));
      if (builds === undefined) running.set(key(build.machine), [build]);
      else builds.push(build);
    },
    ended: (build) => {
      const builds = on(build.machine);
      if (builds.includes(build)) builds.splice(builds.indexOf(build), 1);
      const queue = waited.get(key(build.machine)) ?? [];
      if (queue.includes(build)) queue.splice(queue.indexOf(build), 1);
    },
    began: (id, text, from) => {
      for (const [kind, pattern] of TEXTS) {
        const machine = pattern.exec(text)?.[1];
        if (machine === undefined) continue;
        const transfer: Transfer = { kind, machine, from, names: [], bytes: 0 };
        begin[kind](transfer);
        open.set(id, transfer);
        return true;
      }
      return false;
    },
    counted: (text) => {
      const count = /^copying (\d+) paths/.exec(text)?.[1];
      const transfer = newest(({ kind, paths: known }) => kind !== "wait" && known === undefined);
      if (count !== undefined && transfer !== undefined) transfer.paths = Number(count);
    },
    path: (id, path, from, to) => {
      const upload = newest(({ kind, machine }) => kind === "upload" && key(machine) === key(to));
      const download = upload === undefined ? downloadOf(path, from) : undefined;
      const transfer = upload ?? download;
      if (transfer === undefined) return;
      transfer.names.push(path);
      paths.set(id, { transfer, bytes: 0 });
    },
    bytes: (id, total) => {
      const travelling = paths.get(id);
      if (travelling === undefined || total <= travelling.bytes) return;
      travelling.transfer.bytes += total - travelling.bytes;
      travelling.bytes = total;
    },
    isOpen: (id) => open.has(id),
    stopped: (id, seen) => {
      const transfer = open.get(id);
      if (transfer === undefined) return;
      end[transfer.kind](transfer, seen);
      open.delete(id);
    },
  };

  /** The download that fetches this path: of the build of that name, else the oldest that nobody has claimed. */
  function downloadOf(path: string, machine: string): Transfer | undefined {
    const downloads = [...open.values()].filter(({ kind, machine: other }) => kind === "download" && key(other) === key(machine));
    const build = producerOf(path, on(machine));
    const known = build && downloads.find((transfer) => transfer.build === build);
    if (known !== undefined) return known;
    const unclaimed = downloads.find((transfer) => transfer.build === undefined);
    if (unclaimed !== undefined && build !== undefined) claim(unclaimed, build);
    return unclaimed;
  }
}

/** The running build whose derivation's name the output bears: `hello-2.12` made `…-hello-2.12` and `…-hello-2.12-doc`. */
function producerOf(path: string, builds: readonly LoggedBuild[]): LoggedBuild | undefined {
  const name = storeName(baseName(path)) ?? baseName(path);
  let best: LoggedBuild | undefined;
  for (const build of builds) {
    const fits = build.returned === undefined && (name === build.name || name.startsWith(`${build.name}-`));
    if (fits && (best === undefined || build.name.length > best.name.length)) best = build;
  }
  return best;
}

/** Machines are the same whatever parameters a line writes after their address. */
function key(machine: string): string {
  const query = machine.indexOf("?");
  return query < 0 ? machine : machine.slice(0, query);
}
