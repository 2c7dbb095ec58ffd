// Makes paths whose files lie in the local store valid. Nix itself holds the locks on them while its hook works, so this
// must not ask for them: `nix-store --register-validity` does not, and it settles owners, modes and times. The programs that
// will read the next paths are started ahead, because starting takes longer than registering.
import type { PathInfo } from "#live/host/serve.js";
import type { Program, Shell } from "#live/host/shell.js";

interface Waiting {
  readonly program: Program;
  said: string;
}

export class Registrar {
  private readonly waiting: Waiting[] = [];

  constructor(
    private readonly shell: Shell,
    /** nix-store of the local store, as words. */
    private readonly store: readonly string[],
  ) {}

  /** So many may soon have paths: a program waits for each. */
  ready(count: number): void {
    while (this.waiting.length < count) this.waiting.push(this.start());
  }

  /** Null when all are valid, else what Nix said. Their hashes are believed. */
  async register(infos: readonly PathInfo[], deriver: string): Promise<string | null> {
    const own = this.waiting.shift() ?? this.start();
    own.program.input.end(infos.map((info) => lines(info, deriver)).join(""), "latin1");
    const { code, error } = await own.program.ended;
    return code === 0 ? null : error !== "" ? error : (own.said.trim().split("\n").pop() ?? "nix-store failed");
  }

  /** What waits reads the end of its input and goes. */
  release(): void {
    for (const { program } of this.waiting.splice(0)) program.input.end();
  }

  private start(): Waiting {
    const program = this.shell.start([...this.store, "--register-validity", "--hash-given"]);
    const own: Waiting = { program, said: "" };
    program.output.resume();
    program.errors.on("data", (bytes: Buffer) => {
      own.said = (own.said + bytes.toString("utf8")).slice(-4096);
    });
    void program.ended.then(() => {
      const at = this.waiting.indexOf(own);
      if (at >= 0) this.waiting.splice(at, 1);
    });
    return own;
  }
}

function lines({ path, narHash, narSize, references }: PathInfo, deriver: string): string {
  return [path, narHash, narSize, deriver, references.length, ...references].map((line) => `${line}\n`).join("");
}
