// Is there a Nix that answers: what the host says of itself, nix-store in the PATH of a shell that nobody sits at, and the
// greeting of `nix-store --serve`, through which builds will go.
import { type Inventory, INVENTORY_SCRIPT, parseInventory } from "./inventory.js";
import { STORE_UNKNOWN, storeRefusal } from "./refusals.js";
import type { Site } from "./site.js";
import { within } from "./patience.js";
import { lastWords } from "./words.js";
import { Serve } from "#live/host/serve.js";
import { sshWords } from "#live/host/ssh.js";
import { Wire } from "#live/host/wire.js";

export async function probeInventory(site: Site): Promise<void> {
  const answer = await site.session!.ask(INVENTORY_SCRIPT, 2 * site.means.patience);
  if (answer.kind !== "got")
    return site.note(
      "shell",
      "failed",
      answer.kind === "silent" ? "the shell stopped answering" : "the connection ended",
      lastWords(site.session!.words),
    );
  const inventory = parseInventory(answer.value.lines);
  site.inventory = inventory;
  site.found = { ...site.found, identity: inventory.identity, hardware: inventory.hardware, nix: inventory.nix };
  if (inventory.nix === null) return nixMissing(site, inventory);
  site.note("nix", "ok", `Nix ${inventory.nix.version}${inventory.nix.daemon ? " through its daemon" : ""}, user ${inventory.user}`);
}

function nixMissing(site: Site, { elsewhere, path, user }: Inventory): void {
  if (elsewhere === "") return site.note("nix", "failed", "there is no nix-store", `PATH=${path}`, "install Nix there");
  site.note(
    "nix",
    "failed",
    `there is no nix-store in the PATH of commands that come over ssh, but there is ${elsewhere}`,
    `PATH=${path}`,
    `set PATH where ${user}'s shell reads it without a terminal (first line of .bashrc, or SetEnv in sshd_config), or link it into /usr/local/bin`,
  );
}

export async function probeProtocol(site: Site): Promise<void> {
  const { address } = site.target;
  const command = [address.program, ...(address.store === null ? [] : ["--store", address.store]), "--serve", "--write"];
  const words = site.isLocal ? command : sshWords(address, { kind: "guest", socket: site.socket }, command);
  const program = site.start(words);
  const said = { words: "" };
  program.errors.on("data", (chunk: Buffer) => {
    said.words = (said.words + chunk.toString("utf8")).slice(-65536);
  });
  const serve = new Serve(new Wire(program.output, program.input));
  const greeting = await within(serve.greet(), site.means.patience);
  if (greeting === null || !greeting.ok) {
    const words = lastWords(said.words) || (greeting?.ok === false ? greeting.why : "");
    program.kill("SIGTERM");
    const store = storeRefusal(words);
    if (store[0] !== STORE_UNKNOWN) return site.note("store", "failed", ...store);
    const what =
      greeting === null
        ? `nix-store --serve does not answer within ${site.means.patience / 1000} s`
        : "nix-store --serve does not speak its protocol";
    return site.note("protocol", "failed", what, words, "run it there by hand: it should wait in silence");
  }
  site.serve = serve;
  site.found = { ...site.found, nix: { ...site.inventory!.nix!, protocol: serve.theirs } };
  site.note("protocol", "ok", serve.theirs);
  site.serveWords = () => said.words;
}
