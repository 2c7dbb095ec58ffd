// A checked scenario → NormalScenario: names of policies and conducts read, durations in seconds, every choice tagged.
// Policy and conduct names are checked against the registries' lists if the caller hands them over. Knows no hosts.
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import { quantity } from "#base/units.js";
import { type Bracket, formatBracket, parseBracket, splitNames } from "./bracket.js";
import type { SourceDocument } from "./place.js";
import { besides, stem } from "./file-path.js";
import { type Asked, flagName } from "./flags.js";
import type { ConductSpec, Estimates, NormalModel, NormalScenario, Pin, Requests, Wish } from "./normal.js";
import type { ScenarioFile } from "./scenario-spec.js";

/** What the registries hold: names with the names of their parameters. */
export interface Known {
  readonly policies?: Readonly<Record<string, readonly string[]>>;
  readonly conducts?: Readonly<Record<string, readonly string[]>>;
}

export function normalScenario(asked: Asked, model: NormalModel | null, document: SourceDocument, known: Known): Result<NormalScenario> {
  const { file } = asked;
  const faults: Fault[] = [];
  const whereOf = (key: string) => (asked.flags.has(key) ? flagName(key) : document.where([key]));
  const bracket = (text: string, key: string, names: Known[keyof Known]): Bracket | null => {
    const read = parseBracket(text, whereOf(key));
    const wrong = read.ok ? unknownOf(read.value, key, names, whereOf(key)) : read.faults;
    const code = asked.flags.has(key) ? "usage" : "input";
    faults.push(...wrong.map((f): Fault => ({ ...f, code })));
    return read.ok && wrong.length === 0 ? read.value : null;
  };
  const policy = (text: string, key: string) => {
    const read = bracket(text, key, known.policies);
    return read === null ? [] : [formatBracket(read)];
  };
  const scenario: NormalScenario = {
    name: file.name ?? stem(document.path),
    about: file.about ?? "",
    policies: [
      ...new Set(
        listed(file.policies)
          .flatMap(splitNames)
          .flatMap((text) => policy(text, "policies")),
      ),
    ],
    estimates: estimatesOf(file.estimates),
    spread: file.spread,
    models: file.models,
    conduct: conductOf(file.conduct, (text) => bracket(text, "conduct", known.conducts)),
    model,
    seeds: typeof file.seeds === "number" ? Array.from({ length: file.seeds }, (_, i) => i + 1) : [...new Set(file.seeds)],
    requests: requestsOf(file.requests),
    buildFailure: file.models.faults === "off" ? null : (file.faults?.buildFailure ?? null),
    outages:
      file.models.faults === "off"
        ? []
        : (file.faults?.outages ?? []).map(({ host, at, for: length }) => ({
            host,
            at: inSeconds(at),
            for: length === undefined ? Number.POSITIVE_INFINITY : inSeconds(length),
          })),
    baseline: file.baseline === undefined ? null : (policy(file.baseline, "baseline")[0] ?? null),
    selection: { pins: pinsOf(asked, document), only: wish("only"), exclude: wish("exclude"), prefer: wish("prefer") },
    history: listed(file.history).map((path) => besides(document.path, path)),
    split: file.split ?? null,
    coresPerBuild: file.coresPerBuild ?? null,
  };
  faults.push(...namelessClients(scenario.requests, document));
  return faults.length > 0 ? fail(...faults) : ok(scenario);

  function wish(key: "only" | "exclude" | "prefer"): Wish<readonly string[]> {
    return { value: [...new Set(listed(file[key]))], from: whereOf(key) };
  }
}

function listed(names: string | readonly string[] | undefined): readonly string[] {
  return names === undefined ? [] : typeof names === "string" ? [names] : names;
}

function unknownOf(bracket: Bracket, key: string, names: Known[keyof Known], where: string): Fault[] {
  if (names === undefined) return [];
  const what = key === "conduct" ? "conduct" : "policy";
  const params = Object.hasOwn(names, bracket.name) ? names[bracket.name]! : undefined;
  if (params === undefined)
    return [
      fault(
        "input",
        where,
        `found the unknown ${what} ${JSON.stringify(bracket.name)}, expected one that exists`,
        suggest(bracket.name, Object.keys(names)),
      ),
    ];
  return Object.keys(bracket.params)
    .filter((param) => !params.includes(param))
    .map((param) =>
      fault(
        "input",
        where,
        `found the unknown parameter ${JSON.stringify(param)} of ${bracket.name}, expected ${params.length === 0 ? "none" : params.join(", ")}`,
        suggest(param, params),
      ),
    );
}

function estimatesOf(written: ScenarioFile["estimates"]): Estimates {
  return typeof written === "string" ? { kind: written } : { kind: "noisy", cv: written.noisy.cv };
}

function conductOf(written: ScenarioFile["conduct"], read: (text: string) => Bracket | null): ConductSpec {
  if (written === "own") return { kind: "own" };
  const name = typeof written === "string" ? written : written.base;
  const base = name === "own" ? { name, params: {} } : read(name);
  if (base === null) return { kind: "own" };
  if (typeof written === "string") return { kind: "named", conduct: base };
  const { base: _, ...changes } = written;
  return { kind: "custom", base, changes: changes as Extract<ConductSpec, { kind: "custom" }>["changes"] };
}

function requestsOf(written: ScenarioFile["requests"]): Requests {
  if (written === undefined) return { kind: "listed", requests: [{ roots: null, at: 0, client: "" }] };
  if (Array.isArray(written))
    return {
      kind: "listed",
      requests: written.map(({ roots, at, client }) => ({ roots: roots ?? null, at: inSeconds(at), client: client ?? "" })),
    };
  const kind = "every" in written ? "every" : "poisson";
  const gap = "every" in written ? written.every : written.poisson;
  return {
    kind,
    gap: inSeconds(gap),
    first: inSeconds(written.first),
    batch: written.batch,
    roots: written.roots ?? null,
    seed: "seed" in written ? written.seed : 0,
  };
}

/** Clients are told apart by name: where one has a name, all do. */
function namelessClients(requests: Requests, document: SourceDocument): Fault[] {
  if (requests.kind !== "listed" || requests.requests.every(({ client }) => client === "")) return [];
  return requests.requests.flatMap(({ client }, i) =>
    client === ""
      ? [fault("input", document.where(["requests", i]), 'found no "client", expected its name: other requests of this list have one')]
      : [],
  );
}

function inSeconds(text: string): number {
  return quantity(text, "seconds") ?? Number.NaN;
}

/** The file's in its order, then those of --pin: the last that matches counts. */
function pinsOf({ file, pins }: Asked, document: SourceDocument): Pin[] {
  const own = Object.entries(file.pins ?? {}).map(([glob, hosts]) => ({
    glob,
    hosts: listed(hosts),
    from: document.where(["pins", glob], "key"),
  }));
  return [...own, ...pins.map((pin) => ({ ...pin, from: `--pin ${pin.glob}=${pin.hosts.join(",")}` }))];
}
