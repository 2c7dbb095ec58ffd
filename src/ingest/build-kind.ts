// What kind of node a derivation is, guessed from its name and flags as nixpkgs uses them: fetch, patch, hook, wrapper,
// trivial, build; the build tool from the names of its native inputs; the workload where the kind makes it clear.
// Guesses only fill what the file does not say; they never touch names, systems or edges.
import type { Workload } from "#model/graph-file.js";
import { baseName, packageName, storeName } from "./store-path.js";

export type BuildKind = "fetch" | "build" | "trivial" | "hook" | "wrapper" | "patch";

export interface KindFacts {
  readonly name: string;
  readonly pname: string;
  readonly fixedOutput: boolean;
  readonly builder: string;
  readonly preferLocal: boolean;
  readonly allowSubstitutes: boolean;
  /** It only writes a given text. */
  readonly writesText: boolean;
}

/** First match of the table wins: a fixed-output hook is still a fetch. */
export function kindOf(facts: KindFacts): BuildKind {
  const { name, pname } = facts;
  if (facts.fixedOutput || facts.builder === "builtin:fetchurl") return "fetch";
  if (/\.(patch|diff)$/.test(name)) return "patch";
  if (/(^|[-.])(setup-)?hook(\.sh)?$/.test(pname) || /-hook(\.sh)?$/.test(name)) return "hook";
  if (/-wrapper-?$/.test(pname) || /-wrapper(-[0-9]|-?$)/.test(name)) return "wrapper";
  if (facts.builder.startsWith("builtin:") || facts.writesText) return "trivial";
  if (facts.preferLocal || !facts.allowSubstitutes) return "trivial";
  return /(^|-)stdenv(-[a-z]+)?$/.test(name) || /^bootstrap-stage[0-9a-z]*-/.test(name) ? "trivial" : "build";
}

/** Package name of a native build input → the tool that drives the build; earlier lines win. */
const TOOLS: readonly (readonly [RegExp, string])[] = [
  [/^(cargo|cargo-build-hook|cargo-setup-hook|rustc(-wrapper)?)(\.sh)?$/, "cargo"],
  [/^(go|go-config-hook|go-build-hook)(\.sh)?$/, "go"],
  [/^(ghc|cabal-install|jailbreak-cabal)/, "ghc"],
  [/^bazel/, "bazel"],
  [/^(gradle|maven|apache-maven|ant)$/, "jvm"],
  [/^(npm|npm-config-hook|npm-build-hook|yarn|yarnConfigHook|pnpm|nodejs)/, "node"],
  [/^dotnet/, "dotnet"],
  [/^meson/, "meson"],
  [/^cmake/, "cmake"],
  [/^(qmake|qmake-hook)/, "qmake"],
  [/^(scons|scons-hook)$/, "scons"],
  [/^(waf|waf-hook|waf-setup-hook)$/, "waf"],
  [/^(pypa-build-hook|pip-build-hook|setuptools-build-hook|python-imports-check-hook|wheel-unpack-hook|flit-build-hook)/, "python"],
  [/^(autoreconf-hook|autoconf|automake)/, "autotools"],
];

/** The tool named first in TOOLS among the native build inputs (store paths). */
export function toolOf(nativeBuildInputs: readonly string[]): string | undefined {
  const names = nativeBuildInputs.map((path) => packageName(storeName(baseName(path)) ?? baseName(path)).pname);
  return TOOLS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

/** Fetches wait for the network; wrappers, hooks and texts are shell work; what a build does is not clear from here. */
export const WORKLOAD_OF: Readonly<Record<BuildKind, Workload | undefined>> = {
  fetch: "fetch",
  build: undefined,
  trivial: "shell",
  hook: "shell",
  wrapper: "shell",
  patch: "shell",
};
