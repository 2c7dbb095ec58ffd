// Names in the Nix store: base name of a path, name of a derivation, package name and version. Purely textual; the
// rule for versions is Nix's own (DrvName: the version begins after the first dash that no letter follows).

export const STORE_DIR = "/nix/store";

/** Base32 of a store hash: 32 characters, without e, o, t, u. */
const STORE_NAME = /^[0-9a-df-np-sv-z]{32}-(.+)$/;

/** `/nix/store/abc…-hello-2.12.drv` and `abc…-hello-2.12.drv` → `abc…-hello-2.12.drv`. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** `/nix/store` of `/nix/store/abc…`; undefined for a bare base name, as newer Nix prints. */
export function storeDirOf(path: string): string | undefined {
  const slash = path.lastIndexOf("/");
  return slash > 0 ? path.slice(0, slash) : undefined;
}

/** `hello-2.12.drv` of `abc…-hello-2.12.drv`; undefined when it does not begin with a store hash. */
export function storeName(base: string): string | undefined {
  return STORE_NAME.exec(base)?.[1];
}

/** `hello-2.12` of `abc…-hello-2.12.drv` with or without directory; undefined when that is no derivation. */
export function derivationName(path: string): string | undefined {
  const name = storeName(baseName(path));
  return name?.endsWith(".drv") === true && name.length > 4 ? name.slice(0, -4) : undefined;
}

export interface PackageName {
  readonly pname: string;
  readonly version?: string;
}

/** `gcc-wrapper-12.3.0` → gcc-wrapper, 12.3.0; a name without version keeps all of it as pname. */
export function packageName(name: string): PackageName {
  for (let i = name.indexOf("-"); i >= 0 && i + 1 < name.length; i = name.indexOf("-", i + 1)) {
    if (!/[A-Za-z]/.test(name[i + 1]!)) return { pname: name.slice(0, i), version: name.slice(i + 1) };
  }
  return { pname: name };
}
