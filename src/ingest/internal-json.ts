// Reader of `--log-format internal-json` logs of Nix 2.8 to the newest, each line with its arrival time before it, into
// neutral build records. A ssh-ng machine sends a second activity for each build, which is the pure build; what a line
// cannot know is left out. Who reads lines, pairs copies, notices ends: the neighbours. Rule: reference section 7.1.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { copies } from "./internal-json-copies.js";
import { ends } from "./internal-json-ends.js";
import { eventOf, type NixEvent } from "./internal-json-line.js";
import { poll } from "./internal-json-poll.js";
import { logClock } from "./log-clock.js";
import { type LogLine, linesOf } from "./log-lines.js";
import type { LoggedBuild, LoggedRun, RefusedConnect, Seen } from "./logged-build.js";
import type { ByteChunks } from "./source-text.js";
import { baseName, derivationName } from "./store-path.js";

/** Activities: reference 7.1. */
const [UNKNOWN, COPY_PATH, COPY_PATHS, BUILDS, BUILD, SUBSTITUTE, WAITING] = [0, 100, 103, 104, 105, 108, 111];
const KNOWN_TYPES: ReadonlySet<number> = new Set([0, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113]);
const PROGRESS = 105;
const KNOWN_RESULTS: ReadonlySet<number> = new Set([100, 101, 102, 103, 104, 105, 106, 107, 108, 109]);

const STAMPS = "put the arrival time before each line: nix build --log-format internal-json … 2>&1 >/dev/null | ts '%.s' > build.log";

const APPENDED = "was the log appended to itself? give it once";

/** One log, whole. */
export async function readInternalJson(chunks: ByteChunks, file: string): Promise<Result<LoggedRun>> {
  const log = nixLog(file);
  for await (const line of linesOf(chunks)) {
    const broken = log.line(line);
    if (broken !== undefined) return fail(broken);
  }
  return log.finish();
}

function nixLog(file: string) {
  const clock = logClock(file);
  const loop = poll();
  const transfers = copies();
  const endings = ends();
  const builds: LoggedBuild[] = [];
  const refused: RefusedConnect[] = [];
  const unknown = new Map<string, number>();
  const notes: string[] = [];
  /** Build activities by id, the outer ones and the inner ones of ssh-ng machines. */
  const outer = new Map<string, LoggedBuild>();
  const inner = new Map<string, LoggedBuild>();
  /** Builds by activity and stamp: no process begins one twice. */
  const begun = new Set<string>();
  const connects = new Map<string, { readonly machine: string; readonly from: number }>();
  const postponed = new Map<string, number>();
  /** Connects since the last accept; the last of them is the accepted machine's. */
  let asked: RefusedConnect[] = [];
  let counters: string | undefined;
  let substituted = false;
  let began: number | undefined;
  let now = 0;
  let events = 0;

  const isAgain = (start: string): boolean => {
    const was = begun.has(start);
    begun.add(start);
    return was;
  };

  const heard = (): Seen => ({ at: now, lateBy: loop.heard(now) });

  const accept = (id: string, drv: string, machine: string) => {
    const same = machine === "" ? [...outer.values()].find((build) => build.drv === drv && build.machine !== "") : undefined;
    if (same !== undefined) {
      inner.set(id, same);
      same.started = heard();
      return;
    }
    const build: LoggedBuild = { drv, name: derivationName(drv) ?? baseName(drv), machine, accepted: now, outcome: "running" };
    const first = postponed.get(drv);
    if (first !== undefined) build.postponed = first;
    const connect = asked.at(-1);
    if (machine !== "" && connect !== undefined) {
      build.asked = connect.from;
      loop.asked(connect.from, now + clock.blur);
      asked.pop();
      refused.push(...asked);
      asked = [];
    }
    if (machine === "") build.started = { at: now, lateBy: 0 };
    outer.set(id, build);
    builds.push(build);
    transfers.accepted(build);
    endings.accepted(build);
  };

  const start = (event: NixEvent & { action: "start" }) => {
    const { id, type, text, fields } = event;
    const [first, second, third] = fields;
    if (type === BUILD && typeof first === "string") accept(id, first, typeof second === "string" ? second : "");
    else if (type === UNKNOWN) {
      const machine = /^connecting to '(.*)'$/.exec(text)?.[1];
      if (machine !== undefined) connects.set(id, { machine, from: now });
      else if (/^(waiting for the upload lock|copying (dependencies|outputs)) /.test(text)) transfers.began(id, text, heard());
    } else if (type === BUILDS && counters === undefined) {
      counters = id;
      endings.recount();
    } else if (type === COPY_PATHS) transfers.counted(text);
    else if (type === COPY_PATH && typeof first === "string") transfers.path(id, first, String(second), String(third));
    else if (type === SUBSTITUTE) substituted = true;
    else if (type === WAITING) {
      const drv = /^waiting for a machine to build '(.*)'/.exec(text)?.[1];
      loop.asked(now, now + clock.blur);
      if (drv !== undefined && !postponed.has(drv)) postponed.set(drv, now);
    } else if (!KNOWN_TYPES.has(type)) count(unknown, `activity ${type}`);
  };

  const stop = (id: string) => {
    const connect = connects.get(id);
    const build = outer.get(id);
    const pure = inner.get(id);
    if (connect !== undefined) {
      connects.delete(id);
      loop.asked(connect.from, now + clock.blur);
      asked.push({ ...connect, to: now });
    } else if (build !== undefined) {
      outer.delete(id);
      endings.stopped(build, heard());
      transfers.ended(build);
    } else if (pure !== undefined) {
      inner.delete(id);
      pure.built = heard();
    } else if (id === counters) counters = undefined;
    else if (transfers.isOpen(id)) transfers.stopped(id, heard());
  };

  const result = ({ id, type, fields }: NixEvent & { action: "result" }) => {
    const [done, expected, , failed] = fields.map(Number);
    if (type === PROGRESS && id === counters) endings.counters(done ?? 0, failed ?? 0, () => heard());
    else if (type === PROGRESS) transfers.bytes(id, expected ?? 0);
    else if (!KNOWN_RESULTS.has(type)) count(unknown, `result ${type}`);
  };

  return {
    line: (line: LogLine): Fault | undefined => {
      const stamped = eventOf(line, file);
      if (stamped === undefined) return undefined;
      if (stamped === "cut off") {
        notes.push(`${file}: the last line is cut off and passed over`);
        return undefined;
      }
      if ("code" in stamped) return stamped;
      const { at, event } = stamped;
      events++;
      if (at === undefined) return fault("input", `${file}:${line.number}`, "found a log line without its arrival time", STAMPS);
      const instant = clock.read(at, line.number);
      if (typeof instant !== "number") return instant;
      if (event.action === "start" && event.type === BUILD && isAgain(`${event.id} ${at}`))
        return fault("input", `${file}:${line.number}`, "found the start of a build a second time, with the same time", APPENDED);
      now = instant;
      began ??= now;
      if (event.action === "start") start(event);
      else if (event.action === "stop") stop(event.id);
      else if (event.action === "result") result(event);
      else if (event.action === "msg") endings.message(event.msg);
      else if (event.action === "output") loop.heard(now);
      else count(unknown, "action");
      return undefined;
    },
    finish: (): Result<LoggedRun> => {
      if (events === 0) {
        return fail(fault("input", file, "found no lines of Nix's internal-json format", "run Nix with --log-format internal-json"));
      }
      endings.finish();
      refused.push(...asked);
      notes.push(...clock.notes());
      for (const [what, times] of unknown) notes.push(`${file}: ${times} lines of an unknown kind (${what}) are passed over`);
      return ok({ began: began!, ended: now, blur: clock.blur, builds, refused, notices: endings.notices, substituted, notes });
    },
  };
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
