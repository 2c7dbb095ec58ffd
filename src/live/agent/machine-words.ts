// One host as the setting `builders` of Nix names it, for one build: so that Nix's own hook has this machine to choose from
// and no other. Slots keep their true count, because Nix's slot locks are shared with other users of the machine. Key and
// host key, which a fleet file keeps in the address, go back to their columns: the address names the lock.
import { fail, fault, ok, type Result } from "#base/fault.js";

export interface MachineTarget {
  /** Of the machine line: `ssh://root@ruby`. */
  readonly address: string;
  readonly key: string;
  readonly hostKey: string;
  /** How ssh calls it; null where Nix does not go there by ssh. */
  readonly ssh: { readonly to: string; readonly port: string } | null;
}

/** Addresses, keys and features come from files: nothing in them may look like another machine, column or option. */
const WORD = /^[^\s;#@,"'\\-][^\s;#,"'\\]*$/;

/** `uri` as in the fleet file, the host's name where it has none. */
export function machineTarget(name: string, uri: string): Result<MachineTarget> {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(uri) || uri === "local" || uri === "daemon" ? uri : `ssh://${uri === "" ? name : uri}`;
  const [bare = "", query = ""] = whole.split("?", 2);
  const kept: string[] = [];
  const taken = new Map<string, string>();
  for (const pair of query.split("&").filter((text) => text !== "")) {
    const [key = "", value = ""] = pair.split("=", 2);
    if (key === "ssh-key" || key === "base64-ssh-public-host-key") taken.set(key, decoded(value));
    else kept.push(pair);
  }
  const address = kept.length === 0 ? bare : `${bare}?${kept.join("&")}`;
  const key = taken.get("ssh-key") ?? "-";
  const hostKey = taken.get("base64-ssh-public-host-key") ?? "-";
  const ssh = /^ssh(?:-ng)?:\/\/((?:[^@/]*@)?)(\[[^\]]+\]|[^:/?]+)(?::(\d+))?$/.exec(bare);
  if (![address, ...(key === "-" ? [] : [key])].every((word) => WORD.test(word)) || /^ssh(?:-ng)?:\/\/(?:@|(?:[^@/]*@)?-)/.test(bare))
    return fail(
      fault("input", `host ${name}`, `found the address ${JSON.stringify(uri)}, expected a store address without blanks, commas or quotes`),
    );
  return ok({
    address,
    key,
    hostKey,
    ssh: ssh === null ? null : { to: `${ssh[1]}${ssh[2]!.replace(/^\[|\]$/g, "")}`, port: ssh[3] ?? "" },
  });
}

/** The machine line. `system` is what is asked for; features those that the build requires: the fleet says who has them. */
export function machineLine(target: MachineTarget, system: string, features: readonly string[], slots: number): string {
  const systems = system === "builtin" ? "-" : system;
  return [
    target.address,
    systems,
    target.key,
    String(slots),
    "1",
    features.length === 0 ? "-" : features.join(","),
    "-",
    target.hostKey,
  ].join(" ");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
