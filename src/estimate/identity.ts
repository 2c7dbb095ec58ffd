// Who a derivation is, so that a prior or a history row can be found: the language whose package it is (its scope)
// and its name within it. `python3.8-protobuf` is not `protobuf`. Reads names as Nix and nixpkgs write them
// (parseDrvName; the prefixes of buildPythonPackage, buildPerlPackage, …). Knows no durations.
import type { NodeFile } from "#model/graph-file.js";

export interface Identity {
  /** "" for a package of its own, else `py`, `perl`, `ruby`, … as in SCOPES. */
  readonly scope: string;
  /** Lower case, `_` as `-`, without version and scope prefix. */
  readonly base: string;
}

/** What nixpkgs puts before the names of a language's packages. Python and Lua themselves have no such prefix. */
const VERSIONED =
  /^(python\d\.\d+|pypy[\d.]*|perl5[\d.]*|ruby[\d.]+|lua\d[\d.]*|luajit-[\d.]+(?:-\d{4}-\d\d-\d\d)?|ocaml\d[\d.]*|coq\d[\d.]*|php\d[\d.]*|ghc[\d.]*|erlang\d*)-(?=\d*[A-Za-z])/;
const PLAIN =
  /^(vimplugin|tmuxplugin|emacs|elpa|lisp|r|php|ocaml|texlive|tl|rust|haskell|aspell-dict|hunspell-dict|gnome-shell-extension|terraform-provider|font|maven|plexus|node)[-_](?=[A-Za-z])/;

const SCOPES: Readonly<Record<string, string>> = {
  python: "py",
  pypy: "py",
  perl: "perl",
  ruby: "ruby",
  lua: "lua",
  luajit: "lua",
  ocaml: "ocaml",
  coq: "coq",
  php: "php",
  ghc: "haskell",
  haskell: "haskell",
  erlang: "erlang",
  vimplugin: "vim",
  tmuxplugin: "vim",
  emacs: "elisp",
  elpa: "elisp",
  lisp: "lisp",
  r: "r",
  texlive: "tex",
  tl: "tex",
  rust: "rust",
  "aspell-dict": "dict",
  "hunspell-dict": "dict",
  "gnome-shell-extension": "gnome-ext",
  "terraform-provider": "go",
  font: "font",
  maven: "java",
  plexus: "java",
  node: "node",
};

/** Names that begin like a scope's and are no package of it. */
const ITSELF = /^(emacs-(nox|gtk|pgtk|macport|client)|node-(gyp|exporter)|maven-wrapper|lisp-modules|font-(manager|util|awesome))/;

/** Who `node` is. Called once a node; name and pname suffice, so history rows go through it too. */
export function identityOf(node: Pick<NodeFile, "name" | "pname">): Identity {
  const own = node.pname ?? withoutVersion(node.name);
  const prefix = prefixOf(node.name) ?? prefixOf(own);
  if (prefix === undefined) return { scope: "", base: normal(own) };
  const scope = SCOPES[prefix.replace(/-?\d.*$/, "").replace(/[-_]$/, "")] ?? "";
  const bare = bareName(node, own, prefix);
  return { scope, base: normal(scope === "py" ? bare.replace(/^python-/, "") : bare) };
}

/** A pname may have the prefix, lack it, or be cut off within it (`luajit` of `luajit-2.1.0-2020-03-20-luasocket-3`). */
function bareName(node: Pick<NodeFile, "name" | "pname">, own: string, prefix: string): string {
  if (own.startsWith(prefix)) return own.slice(prefix.length);
  const isCut = node.pname === undefined || prefix.startsWith(own);
  return isCut && node.name.startsWith(prefix) ? withoutVersion(node.name.slice(prefix.length)) : own;
}

/** The name up to its version: before the first `-` that no letter follows, as Nix's parseDrvName. */
export function withoutVersion(name: string): string {
  const at = name.search(/-[^A-Za-z]/);
  return at > 0 ? name.slice(0, at) : name;
}

/** The name with every `-1.2.3` part taken out: `linux-5.4.53-modules` is `linux-modules`. */
export function withoutVersions(name: string): string {
  return normal(name.replace(/-\d[\w.+]*/g, ""));
}

function prefixOf(name: string): string | undefined {
  const versioned = VERSIONED.exec(name);
  if (versioned !== null) return versioned[0];
  return ITSELF.test(name) ? undefined : PLAIN.exec(name)?.[0];
}

function normal(text: string): string {
  return text.toLowerCase().replaceAll("_", "-");
}
