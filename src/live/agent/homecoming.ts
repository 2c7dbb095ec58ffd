// Outputs on their way from a builder into the local store, while Nix holds their locks: archive → files → valid. Brings only
// what needs nothing but its files and references; signatures and content addresses are for Nix's own hook to carry.
import { infosInOrder } from "#live/host/references.js";
import type { Session } from "#live/host/session.js";
import { ArchiveFiles } from "./archive-files.js";
import type { Registrar } from "./registrar.js";

/** A path directly in the store, and nothing else. */
const STORE_PATH = /^\/nix\/store\/[0-9a-z]{32}-[\w+.?=-]+$/;

export type Homecoming =
  | { readonly kind: "home" }
  /** The connection to the builder ended. */
  | { readonly kind: "lost"; readonly why: string }
  /** Nix's own hook can bring them, or will say why not. */
  | { readonly kind: "own"; readonly why: string };

/** `isWanted` turns false when nobody waits for it any more. */
export async function bringHome(
  paths: readonly string[],
  deriver: string,
  session: Session,
  registrar: Registrar,
  isWanted: () => boolean,
): Promise<Homecoming> {
  registrar.ready(1);
  const infos = await session.serve.infos(paths);
  if (!infos.ok) return { kind: "lost", why: await session.reason() };
  if (infos.value.length < paths.length) return { kind: "own", why: "outputs are missing after the build" };
  const odd = infos.value.find(({ ca, signatures, path }) => ca !== "" || signatures.length > 0 || !STORE_PATH.test(path));
  if (odd !== undefined) return { kind: "own", why: `${odd.path} is signed, or known by its content` };
  for (const info of infos.value) {
    if (!isWanted()) return { kind: "own", why: "nobody waits for it" };
    const files = new ArchiveFiles(info.path);
    const sent = await session.serve.dump(info, files);
    if (!sent.ok) return { kind: "lost", why: await session.reason() };
    if (!files.complete) return { kind: "own", why: files.broken ?? `${info.path} broke off` };
    if (`sha256:${files.digest()}` !== info.narHash) return { kind: "own", why: `${info.path} has another hash than ${info.narHash}` };
  }
  if (!isWanted()) return { kind: "own", why: "nobody waits for it" };
  const failed = await registrar.register(infosInOrder(infos.value), deriver);
  return failed === null ? { kind: "home" } : { kind: "own", why: failed };
}
