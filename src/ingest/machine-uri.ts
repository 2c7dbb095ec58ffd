// The store URI of a build machine: Nix's rule for adding `ssh://`, its parts, and the text under which Nix keeps the
// machine's slots (two lines share slots exactly when that text is equal). Rule: reference sections 2.2 and 4.1.
import { compareText } from "#base/order.js";
import { atLeast, type NixVersion } from "#model/nix-version.js";

export interface MachineUri {
  /** As Nix completes it: with `ssh://` where it adds that. */
  readonly text: string;
  /** ssh, ssh-ng, …; "" for local stores and paths. */
  readonly scheme: string;
  readonly user?: string;
  /** Host name or address, brackets of IPv6 removed; for local stores the whole text. */
  readonly host: string;
  readonly port?: number;
  readonly params: Readonly<Record<string, string>>;
}

const SPECIAL = ["auto", "daemon", "local"];

/** Undefined when query parameters are badly encoded or the host is empty. */
export function parseMachineUri(field: string): MachineUri | undefined {
  const text = isComplete(field) ? field : `ssh://${field}`;
  const query = text.indexOf("?");
  const params = paramsOf(query < 0 ? "" : text.slice(query + 1));
  if (params === undefined) return undefined;
  const bare = query < 0 ? text : text.slice(0, query);
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)/.exec(bare);
  if (match === null || (match[2] === "" && !/^ssh/.test(match[1]!)))
    return { text, scheme: "", host: bare === "" ? "auto" : bare, params };
  const authority = match[2]!;
  const at = authority.lastIndexOf("@");
  const place = /^(?:\[([^\]]+)\]|([^:]*|[^:]*:[^:]*:.*?))(?::(\d{1,5}))?$/.exec(authority.slice(at + 1));
  const host = place?.[1] ?? place?.[2] ?? "";
  if (host === "") return undefined;
  return {
    text,
    scheme: match[1]!,
    ...(at >= 0 && { user: authority.slice(0, at) }),
    host,
    ...(place?.[3] !== undefined && { port: Number(place[3]) }),
    params,
  };
}

/** What names the machine's slot files: the literal text to 2.22, afterwards rendered anew with sorted parameters. */
export function slotKey(uri: MachineUri, version: NixVersion): string {
  if (!atLeast(version, "2.23")) return uri.text;
  const query = uri.text.indexOf("?");
  return withParams(query < 0 ? uri.text : uri.text.slice(0, query), uri.params);
}

/** Appends parameters in byte order, percent-encoded where a URI needs it. */
export function withParams(bare: string, params: Readonly<Record<string, string>>): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%3A", ":");
  const pairs = Object.entries(params).sort(([a], [b]) => compareText(a, b));
  return pairs.length === 0 ? bare : `${bare}?${pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join("&")}`;
}

function isComplete(field: string): boolean {
  return field.includes("/") || SPECIAL.some((word) => field === word || field.startsWith(`${word}?`)) || field.startsWith("?");
}

function paramsOf(query: string): Record<string, string> | undefined {
  const params: [string, string][] = [];
  for (const pair of query.split("&").filter((text) => text !== "")) {
    const equals = pair.indexOf("=");
    if (equals < 0) return undefined;
    try {
      params.push([decodeURIComponent(pair.slice(0, equals)), decodeURIComponent(pair.slice(equals + 1))]);
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(params);
}
