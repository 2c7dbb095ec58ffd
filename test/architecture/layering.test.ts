// Who may import whom, as data with a reason per rule, executed over all of src. What is not listed is forbidden.
import { describe, expect, it } from "vitest";
import { type Source, sources } from "./sources.js";

interface Room {
  /** Folders, or single files of them, that this folder may import. */
  readonly may: readonly string[];
  readonly because: string;
}

const ROOMS: Readonly<Record<string, Room>> = {
  base: { may: [], because: "units, chance and order know nothing of builds" },
  model: { may: ["base"], because: "what is given does not know who reads it" },
  dispatch: { may: ["model", "base"], because: "the core runs in both worlds: no policy, no physics, no clock" },
  policy: {
    may: ["dispatch/policy", "dispatch/conduct", "dispatch/conducts", "model", "base"],
    because: "a policy sees a View: neither state nor trace nor the truth, and cannot tell which world it is in",
  },
  sim: { may: ["dispatch", "model", "base"], because: "physics is handed a policy and never knows which" },
  "live/host": { may: ["model", "base"], because: "a connection to a host knows nothing of what is built over it" },
  "live/run": { may: ["live/host", "dispatch", "model", "base"], because: "real hosts are their own physics: never sim, never a policy" },
  "live/hook": { may: ["base"], because: "what Nix starts and says stands alone: it has to work where the agent does not" },
  "live/agent": {
    may: ["live/hook", "live/host", "dispatch", "model", "base"],
    because: "the agent is handed a policy and places what hooks ask for; its connections to hosts are those of a run",
  },
  "live/probe": { may: ["live/host", "model", "base"], because: "a probe reports what it found: it places nothing" },
  ingest: { may: ["model", "base"], because: "readers are given text and return values" },
  estimate: { may: ["model", "base"], because: "estimates are given values and return values" },
  scenario: { may: ["model", "base"], because: "registries and loaders arrive as arguments" },
  metrics: {
    may: ["dispatch/trace", "model", "base"],
    because: "figures come from trace and problem alone, so real and simulated runs compare",
  },
  calibrate: {
    may: ["metrics", "dispatch/trace", "dispatch/conduct", "dispatch/conducts", "model", "base"],
    because: "fits parameters to recorded traces; worlds come from a `simulate` function it is given",
  },
  search: { may: ["metrics", "model", "base"], because: "a search is given a `simulate` function" },
  report: { may: ["metrics", "dispatch/trace", "model", "base"], because: "a report turns figures into text" },
  cli: {
    may: [
      "base",
      "model",
      "dispatch",
      "policy",
      "sim",
      "live",
      "ingest",
      "estimate",
      "scenario",
      "metrics",
      "calibrate",
      "search",
      "report",
    ],
    because: "the one place that joins everything; nobody imports it",
  },
};

interface Door {
  readonly package: RegExp;
  /** Files or folders that may import it. */
  readonly at: readonly string[];
  readonly because: string;
}

const DOORS: readonly Door[] = [
  { package: /^seedrandom$/, at: ["base/random"], because: "every draw is by purpose and key" },
  { package: /^node:crypto$/, at: ["base/digest"], because: "one digest for all" },
  {
    package: /^zod$/,
    at: [
      "scenario",
      "policy",
      "ingest",
      "estimate/history-file",
      "report/trace-schema",
      "report/trace-parse",
      "report/ledger-file",
      "report/run-event",
      "cli/schema-command",
    ],
    because: "schemas stand where a file format or the parameters of a policy stand",
  },
  { package: /^yaml$/, at: ["scenario/yaml-text"], because: "places of errors come from one reader" },
  { package: /^highs$/, at: ["metrics/linear-program"], because: "one solver behind one function" },
  { package: /^simple-statistics$/, at: ["metrics"], because: "statistics are metrics" },
  { package: /^vega(-lite)?$/, at: ["report/charts"], because: "specs are plain objects; one room renders them" },
  { package: /^@resvg\/resvg-js$/, at: ["report/charts"], because: "one room renders" },
  { package: /^csv-stringify\/sync$/, at: ["report/csv"], because: "one way to quote a cell" },
  { package: /^commander$/, at: ["cli"], because: "the command line belongs to the command line" },
  { package: /^piscina$/, at: ["cli/cells", "cli/cell-worker"], because: "threads are started in one place" },
  { package: /^node:buffer$/, at: ["ingest", "cli"], because: "store files are bytes, not always UTF-8" },
  { package: /^node:module$/, at: ["report/charts"], because: "the bundled font is found beside its package" },
  {
    package: /^node:(fs|fs\/promises|net|os|path|stream|stream\/promises|timers\/promises|zlib|worker_threads|url|process|tty|readline)$/,
    at: ["cli", "live"],
    because: "I/O is at the edge",
  },
  { package: /^node:child_process$/, at: ["live", "cli"], because: "only the live world starts programs" },
];

interface Ban {
  readonly what: string;
  readonly pattern: RegExp;
  readonly except: readonly string[];
  readonly because: string;
}

const BANS: readonly Ban[] = [
  { what: "Date", pattern: /\bDate\b(?!:)/, except: ["live", "cli"], because: "time is an argument" },
  { what: "performance", pattern: /\bperformance\./, except: ["live", "cli"], because: "time is an argument" },
  { what: "timers", pattern: /\bset(Timeout|Interval|Immediate)\b/, except: ["live", "cli"], because: "virtual time has no real timers" },
  { what: "process", pattern: /(?<![.\w])process\.\w/, except: ["live", "cli"], because: "the environment is the command line's" },
  { what: "console", pattern: /\bconsole\./, except: [], because: "the command line writes to its streams, nobody else writes" },
  { what: "Math.random", pattern: /\bMath\.random\b/, except: [], because: "chance is named and seeded" },
  { what: "Math.pow", pattern: /\bMath\.pow\b/, except: [], because: "Node 20 and 24 differ in the last bit" },
  { what: "locale order", pattern: /\blocaleCompare\b|\bIntl\b|\btoLocale\w+/, except: [], because: "Node versions differ in locale data" },
  {
    what: "transcendental functions",
    pattern: /\bMath\.(exp|expm1|log|log2|log10|log1p|sin|cos|tan|atan2?|asin|acos|sinh|cosh|tanh|cbrt|hypot)\b/,
    except: ["base/random"],
    because: "engines round them differently; base/random rounds their results",
  },
  {
    what: "** with an exponent that is no whole number",
    pattern: /[\w)\]]\s*\*\*(?!\s*-?\d+\b(?!\.))/,
    except: [],
    because: "only whole powers are exact on every engine",
  },
  { what: "export *", pattern: /^export \*/m, except: [], because: "a barrel hides who needs what" },
  {
    what: "a throw",
    pattern: /\bthrow\b/,
    except: ["base/assert", "dispatch/dispatcher", "scenario/yaml-text", "cli"],
    because: "our bugs go through assert, faults are values",
  },
];

/** Longer than a room should be, and why. */
const LONG: Readonly<Record<string, string>> = { "estimate/prior-table": "a table of published build times, one line each" };
const LINES_MAX = 300;

const all = sources();
const within = (name: string, places: readonly string[]): boolean => places.some((place) => name === place || name.startsWith(`${place}/`));
const internal = (target: string): string => target.slice(1).replace(/\.js$/, "");
const outside = (source: Source): string[] =>
  source.imports.map((one) => one.target).filter((target) => !target.startsWith(".") && !target.startsWith("#"));

describe("layers", () => {
  it("every folder of src has its rule", () => {
    expect([...new Set(all.map((source) => source.folder))].filter((folder) => ROOMS[folder] === undefined)).toEqual([]);
  });

  for (const [folder, { may, because }] of Object.entries(ROOMS)) {
    it(`${folder} imports ${may.length === 0 ? "nothing" : may.join(", ")}: ${because}`, () => {
      const wrong = all
        .filter((source) => source.folder === folder)
        .flatMap((source) =>
          source.imports
            .filter((one) => one.target.startsWith("#") && !within(internal(one.target), may))
            .map((one) => `${source.name} → ${one.target}`),
        );
      expect(wrong).toEqual([]);
    });
  }

  it("imports of the own folder are relative, of others by #name, and both end in .js", () => {
    const wrong = all.flatMap((source) =>
      source.imports
        .filter(({ target }) => {
          if (target.startsWith("..")) return true;
          if (target.startsWith(".")) return !/^\.\/[\w/-]+\.js$/.test(target);
          return target.startsWith("#") && (!target.endsWith(".js") || target.startsWith(`#${source.folder}/`));
        })
        .map(({ target }) => `${source.name} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("no file imports what is not there, and none imports itself in a circle, types aside", () => {
    const names = new Set(all.map((source) => source.name));
    const edges = new Map(
      all.map((source) => [
        source.name,
        source.imports
          .filter(({ target }) => target.startsWith("#") || target.startsWith("."))
          .map((one) => ({
            ...one,
            to: one.target.startsWith("#") ? internal(one.target) : `${source.name.replace(/[^/]+$/, "")}${one.target.slice(2, -3)}`,
          })),
      ]),
    );
    expect([...edges].flatMap(([from, list]) => list.filter(({ to }) => !names.has(to)).map(({ to }) => `${from} → ${to}`))).toEqual([]);
    expect(
      circles(new Map([...edges].map(([from, list]) => [from, list.filter(({ typeOnly }) => !typeOnly).map(({ to }) => to)]))),
    ).toEqual([]);
  });

  it("dispatch knows schemas by type only: parameters are the policies'", () => {
    const values = all
      .filter(({ folder }) => folder === "dispatch")
      .flatMap((source) => source.imports.filter(({ target, typeOnly }) => target === "zod" && !typeOnly));
    expect(values).toEqual([]);
  });
});

describe("one door per package", () => {
  it("every package that is used has a door", () => {
    const used = new Set(all.flatMap(outside));
    expect([...used].filter((name) => !DOORS.some((door) => door.package.test(name)))).toEqual([]);
  });

  for (const { package: name, at, because } of DOORS) {
    it(`${name.source} only at ${at.join(", ")}: ${because}`, () => {
      const wrong = all.filter((source) =>
        source.imports.some(
          ({ target, typeOnly }) => name.test(target) && !within(source.name, at) && !(typeOnly && source.name === "dispatch/policy"),
        ),
      );
      expect(wrong.map((source) => source.name)).toEqual([]);
    });
  }
});

describe("what no room may use", () => {
  for (const { what, pattern, except, because } of BANS) {
    it(`${what}${except.length === 0 ? "" : `, except in ${except.join(", ")}`}: ${because}`, () => {
      const wrong = all.filter((source) => !within(source.name, except)).flatMap((source) => hits(source, pattern));
      expect(wrong).toEqual([]);
    });
  }
});

describe("rooms", () => {
  it("open with a comment of at most eight lines that says what they are for", () => {
    const wrong = all.filter(({ text }) => {
      const opening = /^(?:#![^\n]*\n)?((?:\/\/ [^\n]+\n)+)/.exec(text)?.[1];
      return opening === undefined || opening.length < 60 || opening.split("\n").length - 1 > 8;
    });
    expect(wrong.map((source) => source.name)).toEqual([]);
  });

  it(`have at most ${LINES_MAX} lines, tables aside`, () => {
    expect(
      all.filter(({ name, lines }) => lines > LINES_MAX && LONG[name] === undefined).map(({ name, lines }) => `${name}: ${lines}`),
    ).toEqual([]);
    expect(Object.keys(LONG).filter((name) => all.every((source) => source.name !== name || source.lines <= LINES_MAX))).toEqual([]);
  });

  it("are no barrels: whoever passes something on has something of his own", () => {
    const wrong = all.filter(
      ({ code }) =>
        /^export (type )?\{[^}]*\} from/m.test(code) && !/^export (async )?(const|function|class|interface|type \w|enum)/m.test(code),
    );
    expect(wrong.map((source) => source.name)).toEqual([]);
  });

  it("hold no test code and leave nothing for later", () => {
    expect(
      all.filter(({ name, text }) => /\.(test|spec)$/.test(name) || /\b(TODO|FIXME|XXX|HACK)\b/.test(text)).map((source) => source.name),
    ).toEqual([]);
  });

  it("carry names of the domain", () => {
    const vague = /(^|[/-])(utils?|helpers?|common|manager|misc|types)$/;
    expect(all.filter(({ name }) => vague.test(name) || name !== name.toLowerCase()).map((source) => source.name)).toEqual([]);
  });
});

function hits(source: Source, pattern: RegExp): string[] {
  return source.code.split("\n").flatMap((line) => (pattern.test(line) ? [`${source.name}: ${line.trim()}`] : []));
}

/** Circles of a graph of names, each once, by its first name. */
function circles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const settled = new Set<string>();
  const walk = (name: string, path: readonly string[]): void => {
    const at = path.indexOf(name);
    if (at >= 0) found.push([...path.slice(at), name].join(" → "));
    else if (!settled.has(name)) {
      for (const next of edges.get(name) ?? []) walk(next, [...path, name]);
      settled.add(name);
    }
  };
  for (const name of edges.keys()) walk(name, []);
  return found;
}
