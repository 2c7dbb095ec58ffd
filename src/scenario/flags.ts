// Flags of the command line laid over a scenario file, checked by the same schema: what a flag says replaces what the
// file says, but pins are added after the file's, since of several the last that matches counts. Knows no commander.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { type Bracket, parseBracket, splitNames } from "./bracket.js";
import { check } from "./check.js";
import type { SourceDocument } from "./place.js";
import { type ScenarioFile, scenarioSpec } from "./scenario-spec.js";

/** As typed; absent = not given. Lists are given by repeating the flag or with commas. */
export interface Flags {
  readonly policies?: readonly string[];
  readonly seeds?: number | readonly number[];
  readonly baseline?: string;
  /** exact, history, …, or noisy[cv=0.5]. */
  readonly estimates?: string;
  readonly conduct?: string;
  /** Path of a model file instead of the scenario's; null = none. */
  readonly modelFile?: string | null;
  /** cpu=dedicated */
  readonly models?: readonly string[];
  readonly fleets?: readonly string[];
  /** GLOB=host[,host] */
  readonly pins?: readonly string[];
  readonly only?: readonly string[];
  readonly exclude?: readonly string[];
  readonly prefer?: readonly string[];
  /** parts=4,overhead=0.1,largest=1 or split[parts=4] */
  readonly split?: string;
  readonly coresPerBuild?: number;
}

/** The file with the flags over it, and which keys came from flags. */
export interface Asked {
  readonly file: ScenarioFile;
  readonly flags: ReadonlySet<string>;
  /** Those of --pin, in order. */
  readonly pins: readonly { readonly glob: string; readonly hosts: readonly string[] }[];
}

/** The flags share their keys with the file, so one schema checks both. */
const flagSpec = scenarioSpec
  .pick({
    policies: true,
    seeds: true,
    baseline: true,
    estimates: true,
    conduct: true,
    models: true,
    only: true,
    exclude: true,
    prefer: true,
    split: true,
    coresPerBuild: true,
  })
  .partial();

export function overFile(file: ScenarioFile, flags: Flags): Result<Asked> {
  const faults: Fault[] = [];
  const keep = <T>(result: Result<T>): T | undefined => {
    if (result.ok) return result.value;
    faults.push(...result.faults);
    return undefined;
  };
  const pins = (flags.pins ?? []).flatMap((text) => keep(pinOf(text)) ?? []);
  const written: Record<string, unknown> = {
    baseline: flags.baseline,
    seeds: flags.seeds,
    conduct: flags.conduct,
    coresPerBuild: flags.coresPerBuild,
  };
  for (const key of ["policies", "only", "exclude", "prefer"] as const) {
    const names = flags[key]?.flatMap(splitNames);
    if (names !== undefined && names.length > 0) written[key] = names;
  }
  if (flags.estimates !== undefined) written.estimates = keep(estimatesOf(flags.estimates));
  if (flags.split !== undefined) written.split = keep(splitOf(flags.split));
  if (flags.models !== undefined) written.models = keep(modelsOf(flags.models, file.models));
  for (const key of Object.keys(written)) if (written[key] === undefined) delete written[key];
  const checked = keep(check(flagSpec, flagDocument(written)));
  if (checked === undefined || faults.length > 0) return fail(...faults.map((f): Fault => ({ ...f, code: "usage" })));
  const given = Object.fromEntries(Object.keys(written).map((key) => [key, checked[key as keyof typeof checked]]));
  return ok({ file: { ...file, ...given } as ScenarioFile, flags: new Set(Object.keys(written)), pins });
}

export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
}

function flagDocument(value: unknown): SourceDocument {
  return { path: "flags", value, where: (path) => [flagName(String(path[0] ?? "")), ...path.slice(1)].join(" ") };
}

function pinOf(text: string): Result<{ glob: string; hosts: string[] }> {
  const at = text.lastIndexOf("=");
  const hosts = at < 0 ? [] : splitNames(text.slice(at + 1));
  const glob = text.slice(0, Math.max(0, at)).trim();
  if (glob !== "" && hosts.length > 0) return ok({ glob, hosts });
  return fail(fault("usage", "--pin", `found ${JSON.stringify(text)}, expected GLOB=host[,host]`, "--pin 'linux-*=kana'"));
}

function estimatesOf(text: string): Result<unknown> {
  const bracket = parseBracket(text, "--estimates");
  if (!bracket.ok) return bracket;
  const { name, params } = bracket.value;
  return ok(name === "noisy" ? { noisy: numbersIn(params) } : text);
}

function splitOf(text: string): Result<unknown> {
  const bracket = parseBracket(text.includes("[") ? text : `split[${text}]`, "--split");
  return bracket.ok ? ok(numbersIn(bracket.value.params)) : bracket;
}

/** 0.50 is a number here: these parameters have no versions among them. */
function numbersIn(params: Bracket["params"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, typeof value === "string" && /^[\d.]+$/.test(value) ? Number(value) : value]),
  );
}

function modelsOf(texts: readonly string[], over: ScenarioFile["models"]): Result<unknown> {
  const bracket = parseBracket(`models[${texts.join(",")}]`, "--models");
  return bracket.ok ? ok({ ...over, ...bracket.value.params }) : bracket;
}
