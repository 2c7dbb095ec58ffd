// Trial derivations: the smallest builds there are, sent the way real ones will be. A trial program is put into the host's
// store (is it writable?), then built with as the trusted user does (is he?), for every promised system (does its emulator
// work in the sandbox?), with every promised feature (does Nix there accept it?). Leaves paths that the garbage collector
// takes.
import { UNLIMITED } from "#live/host/serve.js";
import type { ProbedSystem } from "#model/probed-host.js";
import { pause, within } from "./patience.js";
import { isNative, nativeTrial, refusal, STORE_UNKNOWN, storeRefusal, systemRefusal, tells } from "./refusals.js";
import type { Site } from "./site.js";
import { printfOf } from "./static-elf.js";
import { isTrialSystem, trialProgram } from "./trial-program.js";

export async function probeStore(site: Site): Promise<void> {
  const systems = [...new Set([...trialSystems(site)].filter(isTrialSystem))];
  const answer = await site.session!.ask(addScript(systems), 3 * site.means.patience);
  if (answer.kind !== "got") {
    const what = answer.kind === "silent" ? "nix-store --add does not come to an end" : "the connection ended during nix-store --add";
    return site.note("store", "failed", what, "", "is another process holding the store's lock?");
  }
  for (const line of answer.value.lines) {
    const [key, system, path] = line.split(" ");
    if (key === "added" && path !== undefined) site.programs.set(system!, path);
  }
  const refused = answer.value.lines.find((line) => line.startsWith("refused "))?.slice("refused ".length);
  if (refused !== undefined) return site.note("store", "failed", ...storeRefusal(refused));
  site.note("store", "ok", "");
}

/** The systems that are tried: what is promised, else what the host says; always its own. */
function trialSystems(site: Site): Set<string> {
  const { nix, hardware } = site.inventory!;
  const own = nix?.system ?? nativeTrial(hardware);
  const promised = site.target.systems.length > 0 ? site.target.systems : [own, ...(nix?.extraPlatforms ?? [])];
  return new Set([own, ...promised].filter((system) => system !== "builtin"));
}

/** Without a file to add it still tells whether the store takes one: the smallest of texts. */
function addScript(systems: readonly string[]): string {
  const files = systems.filter(isTrialSystem).map(
    (system) => `
${printfOf(trialProgram(system))} > "$place/drvfleet-trial-${system}" && chmod 755 "$place/drvfleet-trial-${system}" && add ${system}`,
  );
  return `
LC_ALL=C; export LC_ALL; umask 022
place=; trap 'rm -rf "$place"' EXIT
for parent in "\${TMPDIR:-/tmp}" "$HOME" /dev/shm; do
  place=$(mktemp -d "$parent/drvfleet.XXXXXX" 2>/dev/null) && break
done
if [ -z "$place" ]; then echo 'refused no folder in TMPDIR, HOME or /dev/shm can be made'; exit 0; fi
add() {
  if out=$(nix-store --add "$place/drvfleet-trial-$1" 2>"$place/why"); then echo "added $1 $out"
  else echo "refused $(grep -i error "$place/why" | tail -n 1)"; fi
}
${files.length > 0 ? files.join("") : `echo try > "$place/drvfleet-trial-text" && add text`}
`;
}

export interface Trial {
  readonly built: boolean;
  /** What Nix said, one line. */
  readonly words: string;
}

/** Of Nix's BuildResult::Status: built, substituted, already valid. */
const BUILT_MAX = 2;

/** Builds one derivation of a system that requires features. */
export async function tryBuild(site: Site, system: string, features: readonly string[], program: string | null): Promise<Trial> {
  const out = site.trialPath("drvfleet-trial");
  const before = site.serveWords().length;
  const builder = program ?? "/bin/sh";
  const drv = {
    outputs: [{ name: "out", path: out, hashAlgo: "", hash: "" }],
    inputs: program === null ? [] : [program],
    system,
    builder,
    args: program === null ? ["-c", ': > "$out"'] : [out],
    env: [
      ["builder", builder],
      ["name", "drvfleet-trial"],
      ["out", out],
      ["preferLocalBuild", "1"],
      ["requiredSystemFeatures", features.join(" ")],
      ["system", system],
    ] as const,
  };
  const answer = await within(site.serve!.build(`${out}.drv`, drv, UNLIMITED), 3 * site.means.patience);
  if (answer === null) return { built: false, words: `no end within ${(3 * site.means.patience) / 1000} s` };
  if (answer.ok && answer.value.status <= BUILT_MAX) return { built: true, words: "" };
  const message = answer.ok ? answer.value.message : answer.why;
  // The log comes another way than the answer, and sometimes after it.
  for (let i = 0; i < 5 && !tells(`${message}\n${site.serveWords().slice(before)}`); i++) await pause(site.means.patience / 50);
  return { built: false, words: refusal(message, site.serveWords().slice(before)) };
}

/** The user's trust: a derivation whose output is not named by its content is built for trusted users only. */
export async function probeTrust(site: Site): Promise<void> {
  const { nix, hardware, user } = site.inventory!;
  const own = nix?.system ?? nativeTrial(hardware);
  const trial = await tryBuild(site, own, [], site.programs.get(own) ?? null);
  if (trial.built) {
    site.note("trust", "ok", "");
    site.found = { ...site.found, systems: [{ system: own, builds: true, emulated: false, slowdown: null }] };
    return;
  }
  if (/not privileged|not trusted|lacks a (valid )?signature|is not allowed/i.test(trial.words)) {
    const hint = `add ${user} to trusted-users in nix.conf there and restart its nix-daemon, or connect as root`;
    return site.note("trust", "failed", `${user} is not a trusted user there`, trial.words, hint);
  }
  const store = storeRefusal(trial.words);
  if (store[0] !== STORE_UNKNOWN) return site.note("store", "failed", ...store);
  site.note("systems", "failed", ...systemRefusal(own, trial.words, site.inventory!));
}

export async function probeSystems(site: Site): Promise<void> {
  const { hardware } = site.inventory!;
  const own = site.found.systems?.[0]?.system ?? "";
  const systems: ProbedSystem[] = [...(site.found.systems ?? [])];
  const failed: string[] = [];
  for (const system of trialSystems(site)) {
    if (system === own) continue;
    // What no trial program exists for is asked with the host's own: accepted or not is all that it can tell.
    const trial = await tryBuild(site, system, [], site.programs.get(system) ?? site.programs.get(own) ?? null);
    systems.push({ system, builds: trial.built, emulated: !isNative(system, hardware), slowdown: null });
    if (trial.built) continue;
    failed.push(system);
    const promised = site.target.systems.length === 0 || site.target.systems.includes(system);
    site.note("systems", promised ? "failed" : "warning", ...systemRefusal(system, trial.words, site.inventory!));
  }
  site.found = { ...site.found, systems };
  if (failed.length === 0) site.note("systems", "ok", "");
}

export async function probeFeatures(site: Site): Promise<void> {
  const { nix } = site.inventory!;
  const promised = site.target.features;
  const wanted = promised.length > 0 ? promised : (nix?.features ?? []);
  const own = site.found.systems?.[0]?.system ?? "";
  const program = site.programs.get(own) ?? null;
  const accepted: string[] = [];
  const refused: { feature: string; words: string }[] = [];
  const all = wanted.length === 0 || (await tryBuild(site, own, wanted, program)).built;
  for (const feature of wanted) {
    const trial = all ? { built: true, words: "" } : await tryBuild(site, own, [feature], program);
    if (trial.built) accepted.push(feature);
    else refused.push({ feature, words: trial.words });
  }
  site.found = { ...site.found, features: accepted };
  if (accepted.includes("kvm") && !site.inventory!.kvm)
    site.note("features", "warning", "it accepts the feature kvm, but there is no /dev/kvm", "", "take kvm out of system-features there");
  if (refused.length === 0) return site.note("features", "ok", accepted.join(" "));
  const names = refused.map(({ feature }) => feature).join(" ");
  const isPromised = promised.length > 0;
  site.note(
    "features",
    isPromised ? "failed" : "warning",
    isPromised
      ? `it does not accept what the fleet promises: ${names}`
      : `builds that require ${names} fail there, though its nix.conf names it`,
    refused[0]!.words,
    isPromised
      ? `add to system-features in nix.conf there: ${names}; or take them out of the fleet and the machines file`
      : "promise it to nobody",
  );
}
