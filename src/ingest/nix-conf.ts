// nix.conf → the settings that decide where and when a coordinator builds. Later lines win, `extra-` keys append, old
// names still count. Settings that do not matter here are passed over. Rule: reference section 4.2.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { words } from "./derivation.js";
import { type ConfLine, type ConfLoader, confLines } from "./nix-conf-lines.js";

export interface NixSettings {
  readonly maxJobs: number | "auto";
  /** Cores per build; 0 = all. */
  readonly cores: number;
  readonly system?: string;
  readonly extraPlatforms: readonly string[];
  /** Absent: Nix's default, which depends on the machine. */
  readonly systemFeatures?: readonly string[];
  readonly extraSystemFeatures: readonly string[];
  /** Absent: `@machines` beside nix.conf. */
  readonly builders?: string;
  readonly buildersUseSubstitutes: boolean;
  readonly substitute: boolean;
  readonly alwaysAllowSubstitutes: boolean;
  readonly fallback: boolean;
  readonly keepGoing: boolean;
  /** Seconds. */
  readonly buildPollInterval: number;
  readonly maxSubstitutionJobs: number;
  /** Seconds; 0 = none. */
  readonly timeout: number;
  readonly maxSilentTime: number;
}

export interface NixConf {
  readonly settings: NixSettings;
  /** The keys that the files really set; the rest of `settings` is Nix's defaults. */
  readonly given: readonly string[];
}

export function parseNixConf(text: string, file: string, load: ConfLoader): Result<NixConf> {
  const lines = confLines(text, file, load);
  if (!lines.ok) return lines;
  const given = new Map<string, string>();
  const faults: Fault[] = [];
  for (const line of lines.value) {
    const key = Object.hasOwn(ALIASES, line.key) ? ALIASES[line.key]! : line.key;
    const appended = key.startsWith("extra-") && !Object.hasOwn(KINDS, key) ? key.slice(6) : undefined;
    if (appended !== undefined && KINDS[appended] === "list") {
      // A default list stays below what is appended, so it is kept apart until the list itself is set.
      const onto = given.has(appended) ? appended : key;
      given.set(onto, `${given.get(onto) ?? ""} ${line.value}`.trim());
    } else if (Object.hasOwn(KINDS, key)) {
      const wrong = check(key, line);
      if (wrong !== undefined) faults.push(wrong);
      given.set(key, line.value);
      given.delete(`extra-${key}`);
    }
  }
  if (faults.length > 0) return fail(...faults);
  return ok({ settings: settingsOf(given), given: [...given.keys()] });
}

type Kind = "number" | "boolean" | "list" | "text" | "jobs";

const KINDS: Readonly<Record<string, Kind>> = {
  "max-jobs": "jobs",
  cores: "number",
  system: "text",
  "extra-platforms": "list",
  "system-features": "list",
  builders: "text",
  "builders-use-substitutes": "boolean",
  substitute: "boolean",
  "always-allow-substitutes": "boolean",
  fallback: "boolean",
  "keep-going": "boolean",
  "build-poll-interval": "number",
  "max-substitution-jobs": "number",
  timeout: "number",
  "max-silent-time": "number",
};

/** Names of Nix 1 that are still accepted. */
const ALIASES: Readonly<Record<string, string>> = {
  "build-max-jobs": "max-jobs",
  "build-cores": "cores",
  "build-extra-platforms": "extra-platforms",
  "build-use-substitutes": "substitute",
  "build-fallback": "fallback",
  "build-timeout": "timeout",
  "build-max-silent-time": "max-silent-time",
  "substitution-max-jobs": "max-substitution-jobs",
};

const TRUE = ["true", "yes", "1"];
const FALSE = ["false", "no", "0"];

function check(key: string, { value, where }: ConfLine): Fault | undefined {
  const kind = KINDS[key]!;
  const wrong = (expected: string) => fault("input", `${where} ${key}`, `found ${JSON.stringify(value)}, expected ${expected}`);
  if (kind === "boolean" && ![...TRUE, ...FALSE].includes(value)) return wrong("true or false");
  if (kind === "number" && !/^\d{1,15}$/.test(value)) return wrong("a whole number");
  if (kind === "jobs" && value !== "auto" && !(/^\d{1,10}$/.test(value) && Number(value) <= 0xffffffff))
    return wrong("auto or a whole number");
  return undefined;
}

function settingsOf(given: ReadonlyMap<string, string>): NixSettings {
  const number = (key: string, otherwise: number) => Number(given.get(key) ?? otherwise);
  const flag = (key: string, otherwise: boolean) => (given.has(key) ? TRUE.includes(given.get(key)!) : otherwise);
  const list = (key: string) => words(given.get(key) ?? "");
  const jobs = given.get("max-jobs") ?? "1";
  return {
    maxJobs: jobs === "auto" ? "auto" : Number(jobs),
    cores: number("cores", 0),
    ...(given.has("system") && { system: given.get("system")! }),
    extraPlatforms: [...list("extra-platforms"), ...list("extra-extra-platforms")],
    ...(given.has("system-features") && { systemFeatures: list("system-features") }),
    extraSystemFeatures: list("extra-system-features"),
    ...(given.has("builders") && { builders: given.get("builders")! }),
    buildersUseSubstitutes: flag("builders-use-substitutes", false),
    substitute: flag("substitute", true),
    alwaysAllowSubstitutes: flag("always-allow-substitutes", false),
    fallback: flag("fallback", false),
    keepGoing: flag("keep-going", false),
    buildPollInterval: number("build-poll-interval", 5),
    maxSubstitutionJobs: number("max-substitution-jobs", 16),
    timeout: number("timeout", 0),
    maxSilentTime: number("max-silent-time", 0),
  };
}
