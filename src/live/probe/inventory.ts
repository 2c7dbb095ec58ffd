// What a host is: a script for any POSIX shell that prints one fact a line, and the reader of those lines. Reads what the
// kernel and Nix tell of themselves; measures nothing and changes nothing. Differences of Nix 2.8 to 2.34 end here: `config
// show` where there is one, else `show-config`.
import type { ProbedHardware, ProbedIdentity, ProbedNix } from "#model/probed-host.js";

export const INVENTORY_SCRIPT = `
LC_ALL=C; export LC_ALL
say() { printf '%s %s\\n' "$1" "$2"; }
say kernel "$(uname -s)"
say machine "$(uname -m)"
say user "$(id -un 2>/dev/null || id -u)"
say path "$PATH"
say node "$(uname -n)"
say ssh "$SSH_CONNECTION"
[ -e /dev/kvm ] && say kvm yes
say processors "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null)"
[ -r /proc/loadavg ] && say load "$(cut -d ' ' -f 1 /proc/loadavg)"
if [ -r /proc/meminfo ]; then say memory "$(sed -n 's/^MemTotal: *\\([0-9]*\\) kB.*/\\1/p' /proc/meminfo)"
else say memory-bytes "$(sysctl -n hw.memsize 2>/dev/null)"; fi
store=\${NIX_STORE_DIR:-/nix/store}
while [ ! -d "$store" ] && [ -n "$store" ]; do store=\${store%/*}; done
say disk "$(df -Pk "\${store:-/}" 2>/dev/null | sed 1d)"
say inodes "$(df -Pi "\${store:-/}" 2>/dev/null | sed 1d)"
for file in /proc/sys/fs/binfmt_misc/*; do
  case \${file##*/} in register|status|'*') continue ;; esac
  say binfmt "\${file##*/} $(tr '\\n' ' ' < "$file" 2>/dev/null)"
done
if command -v nix-store >/dev/null; then
  # Nix 2.8 opens the store before it tells its version.
  say nix "$(nix-store --version 2>/dev/null || nix-store --version 2>&1 | head -n 1)"
  state=\${NIX_STATE_DIR:-/nix/var/nix}
  if [ "$NIX_REMOTE" = daemon ]; then say daemon yes
  elif [ -z "$NIX_REMOTE" ] && [ ! -w "$state" ] && [ -S "$state/daemon-socket/socket" ]; then say daemon yes; fi
  { nix --extra-experimental-features nix-command config show 2>/dev/null ||
    nix --extra-experimental-features nix-command show-config 2>/dev/null; } |
    sed -n 's/^\\(system\\|extra-platforms\\|system-features\\|max-jobs\\|cores\\) = /conf-\\1 /p'
else
  for place in /run/current-system/sw/bin /nix/var/nix/profiles/default/bin "$HOME/.nix-profile/bin" \\
    "/etc/profiles/per-user/$(id -un)/bin" /usr/local/bin /usr/bin /opt/homebrew/bin; do
    [ -x "$place/nix-store" ] && say elsewhere "$place/nix-store" && break
  done
fi
`;

/** A handler of binfmt_misc. */
export interface Handler {
  readonly name: string;
  readonly enabled: boolean;
  readonly interpreter: string;
  /** F: the interpreter is held open, so that it is found inside a build's sandbox too. */
  readonly fixed: boolean;
}

export interface Inventory {
  readonly hardware: ProbedHardware;
  /** null: there is no nix-store in the PATH. */
  readonly nix: ProbedNix | null;
  readonly user: string;
  readonly path: string;
  /** Where a nix-store is that the PATH does not name, or "". */
  readonly elsewhere: string;
  readonly handlers: readonly Handler[];
  /** /dev/kvm is there. */
  readonly kvm: boolean;
  readonly identity: ProbedIdentity;
}

export function parseInventory(lines: readonly string[]): Inventory {
  const all = (key: string) => lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1).trim());
  const one = (key: string) => all(key)[0] ?? "";
  const number = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : null);
  const kilobytes = number(one("memory"));
  const disk = /^\S.*?\s(\d+)\s+\d+\s+(-?\d+)\s+\S+\s+\//.exec(one("disk"));
  const processors = number(one("processors")) ?? 1;
  return {
    hardware: {
      kernel: one("kernel"),
      machine: one("machine"),
      processors,
      load: number(one("load")),
      memoryBytes: kilobytes === null ? number(one("memory-bytes")) : kilobytes * 1024,
      diskBytes: disk === null ? null : Number(disk[1]) * 1024,
      diskFreeBytes: disk === null ? null : Math.max(0, Number(disk[2])) * 1024,
      inodesFree: inodesFree(one("inodes")),
    },
    nix: all("nix").length === 0 ? null : nixOf(one, number, processors),
    user: one("user"),
    path: one("path"),
    elsewhere: one("elsewhere"),
    handlers: all("binfmt").map(handlerOf),
    kvm: one("kvm") === "yes",
    identity: { node: one("node"), client: one("ssh").split(" ")[0] ?? "", server: one("ssh").split(" ").slice(2, 4).join(" ") },
  };
}

function nixOf(one: (key: string) => string, number: (text: string) => number | null, processors: number): ProbedNix {
  const list = (key: string) => {
    const words = one(key)
      .split(" ")
      .filter((word) => word !== "");
    return words.length === 0 ? null : words;
  };
  return {
    version: /^nix-store .*?(\d+\.\d+[\w.+-]*)\s*$/.exec(one("nix"))?.[1] ?? "",
    protocol: null,
    system: one("conf-system") === "" ? null : one("conf-system"),
    extraPlatforms: list("conf-extra-platforms") ?? (one("conf-system") === "" ? null : []),
    features: list("conf-system-features") ?? (one("conf-system") === "" ? null : []),
    maxJobs: one("conf-max-jobs") === "auto" ? processors : number(one("conf-max-jobs")),
    cores: number(one("conf-cores")),
    daemon: one("daemon") === "yes",
  };
}

/** File systems without a fixed number of inodes print 0 or a dash: never short. */
function inodesFree(line: string): number | null {
  const match = /^\S.*?\s(\d+)\s+\d+\s+(\d+)\s+\S+\s+\//.exec(line);
  return match === null || match[1] === "0" ? null : Number(match[2]);
}

function handlerOf(line: string): Handler {
  const words = line.split(" ");
  const after = (key: string) => words[words.indexOf(key, 1) + 1] ?? "";
  return {
    name: words[0]!,
    enabled: words[1] === "enabled",
    interpreter: words.includes("interpreter") ? after("interpreter") : "",
    fixed: words.includes("flags:") && after("flags:").includes("F"),
  };
}
