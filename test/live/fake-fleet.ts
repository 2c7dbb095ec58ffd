// Hosts made of memory behind the port to programs: each `nix-store --serve` that is started there speaks the serve
// protocol over a store that is a map, and builds in the time of a manual clock. A host can die, come back, fall silent.
// It refuses what real Nix refuses: a path whose references it lacks, a build whose inputs it lacks.
import { PassThrough } from "node:stream";
import type { Clock } from "#live/host/clock.js";
import type { Program, Shell } from "#live/host/shell.js";
import { Wire } from "#live/host/wire.js";

export interface FakePath {
  readonly references: readonly string[];
  readonly size: number;
}

export interface FakeRecipe {
  readonly seconds: number;
  readonly fails: boolean;
  readonly output: string;
  readonly made: FakePath;
}

/** "deaf": no new connection is taken, those that are there go on, and what shares them. */
type Power = "up" | "down" | "silent" | "deaf";

export class FakeHost {
  power: Power = "up";
  readonly store = new Map<string, FakePath>();
  readonly programs = new Set<FakeProgram>();
  /** Seconds that sending a path out takes. */
  sends = 0;
  /** Seconds that saying which paths it has takes. */
  thinks = 0;
  /** What its substituter has, and the seconds that it takes to come from there. */
  readonly cache = new Map<string, FakePath>();
  substitutes = 0;
  /** Paths that came in, in order. */
  readonly got: string[] = [];
  /** Names of hosts that its own ssh does not reach. */
  readonly cannotReach = new Set<string>();
  /** Paths that came from another builder's Nix, in order. */
  readonly gotStraight: string[] = [];
  /** Builds that ended here with success, in order. */
  readonly built: string[] = [];

  constructor(readonly name: string) {}

  get isSilent(): boolean {
    return this.power === "silent";
  }

  die(): void {
    this.power = "down";
    for (const program of [...this.programs]) program.end(255);
  }

  rise(): void {
    this.power = "up";
  }
}

/** The programs of all hosts; `ssh` reaches them by name, what is started without it runs on the first. */
export class FakeFleet implements Shell {
  readonly hosts: readonly FakeHost[];
  /** Sockets whose connection leads nowhere any more. */
  readonly dead = new Set<string>();

  constructor(
    private readonly clock: Clock,
    names: readonly string[],
    /** By path of the .drv. */
    readonly recipes: ReadonlyMap<string, FakeRecipe>,
  ) {
    this.hosts = names.map((name) => new FakeHost(name));
  }

  host(name: string): FakeHost {
    return this.hosts.find((host) => host.name === name)!;
  }

  start(argv: readonly string[]): Program {
    const program = new FakeProgram(argv);
    if (argv[0] === "sh") this.watch(program, argv.slice(5));
    else if (argv.some((word) => this.dead.has(word.replace(/^ControlPath=/, "")))) return program;
    else if (argv[0] === "ssh")
      this.login(
        program,
        this.host(argv[argv.indexOf("--") + 1]!),
        argv.at(-1)!,
        !argv.includes("ControlPath=none") && !argv.includes("ControlMaster=yes"),
      );
    else this.login(program, this.hosts[0]!, argv.join(" "), false);
    return program;
  }

  /** Who cleans up after us waits for its input to end, and runs the commands of hosts that were met unless it was settled. */
  private watch(program: FakeProgram, words: readonly string[]): void {
    let said = "";
    program.input.on("data", (bytes: Buffer) => (said += bytes.toString("utf8")));
    program.input.on("finish", async () => {
      const lines = said.trim().split("\n");
      const met = lines.at(-1) === "done" ? [] : lines.slice(lines.lastIndexOf("none") + 1);
      const commands = taken(words);
      await Promise.all(met.map((h) => this.start(taken(commands[Number(h)]!.slice(4))[0]!).ended));
      program.end(0);
    });
  }

  private login(program: FakeProgram, host: FakeHost, command: string, shares: boolean): void {
    if (host.power === "down" || (host.power === "deaf" && !shares)) {
      program.errors.write(`ssh: connect to host ${host.name}: Connection refused\n`);
      program.end(255);
    } else if (command.includes("--serve")) {
      host.programs.add(program);
      program.command = command;
      void program.ended.then(() => host.programs.delete(program));
      void this.serve(new Wire(program.input, program.output), host, program);
    } else if (command.includes("drvfleet-passage")) this.hold(program, host, command);
    else if (command.includes("nix-command copy")) void this.copy(program, host, command);
    else if (host.power === "up") this.sweep(program, host, command);
  }

  /** Its ssh to another host, held until our input ends. */
  private hold(program: FakeProgram, host: FakeHost, command: string): void {
    host.programs.add(program);
    program.command = command;
    void program.ended.then(() => host.programs.delete(program));
    program.input.on("finish", () => program.end(0)).resume();
    const target = this.host(command.slice(command.lastIndexOf(" ") + 1));
    if (!host.cannotReach.has(target.name) && target.power === "up") return void program.output.write("/tmp/drvfleet-fake\n");
    program.errors.write(`ssh: connect to host ${target.name}: Connection refused\n`);
    program.end(255);
  }

  /** Its own Nix sends paths, and what they refer to, to another host. */
  private async copy(program: FakeProgram, host: FakeHost, command: string): Promise<void> {
    host.programs.add(program);
    program.command = command;
    void program.ended.then(() => host.programs.delete(program));
    const target = this.host(/--to ssh:\/\/(\S+)/.exec(command)![1]!);
    if (host.sends > 0) await this.pass(host.sends);
    const send = (path: string): boolean => {
      const found = host.store.get(path);
      if (found === undefined || target.power !== "up" || host.power !== "up") return false;
      if (target.store.has(path)) return true;
      if (!found.references.every((other) => other === path || send(other))) return false;
      target.store.set(path, found);
      target.gotStraight.push(path);
      return true;
    };
    const paths = command.slice(command.lastIndexOf(" -- ") + 4).split(" ");
    const isSent = paths.every(send);
    if (!isSent) program.errors.write("error: unexpected end-of-file\n");
    program.end(isSent ? 0 : 1);
  }

  /** Ends what carries the mark. */
  private sweep(program: FakeProgram, host: FakeHost, command: string): void {
    const mark = command.slice(command.lastIndexOf("DRVFLEET_SESSION="));
    for (const one of [...host.programs]) if (one.command.includes(mark)) one.end(143);
    program.end(0);
  }

  private async serve(wire: Wire, host: FakeHost, program: FakeProgram): Promise<void> {
    const [magic] = [await wire.number(), await wire.number()];
    if (magic !== 0x390c9deb || host.isSilent) return;
    await wire.putNumber(0x5452eecb).putNumber(0x207).flush();
    for (;;) {
      const command = await wire.number();
      if (host.isSilent) return;
      if (wire.broken !== null) return program.end(0);
      if (command === 1) await this.valid(wire, host);
      else if (command === 2) await this.infos(wire, host);
      else if (command === 3) await this.send(wire, host, program);
      else if (command === 8) await this.build(wire, host);
      else if (command === 9) await this.receive(wire, host, program);
      else return program.end(1);
    }
  }

  private async valid(wire: Wire, { store, cache, substitutes, thinks }: FakeHost): Promise<void> {
    await wire.number();
    const may = (await wire.number()) === 1;
    const paths = await wire.texts();
    const found = may ? paths.filter((path) => !store.has(path) && cache.has(path)) : [];
    if (found.length > 0) await this.pass(substitutes);
    for (const path of found) store.set(path, cache.get(path)!);
    if (thinks > 0) await this.pass(thinks);
    await wire.putTexts(paths.filter((path) => store.has(path))).flush();
  }

  private async infos(wire: Wire, { store }: FakeHost): Promise<void> {
    for (const path of await wire.texts()) {
      const found = store.get(path);
      if (found === undefined) continue;
      wire.putText(path).putText("").putTexts(found.references).putNumber(0).putNumber(found.size);
      wire.putText("sha256:x").putText("").putTexts([]);
    }
    await wire.putText("").flush();
  }

  private async send(wire: Wire, host: FakeHost, program: FakeProgram): Promise<void> {
    const path = await wire.text();
    if (host.sends > 0) await this.pass(host.sends);
    const found = host.store.get(path);
    if (found !== undefined) return void program.output.write(Buffer.alloc(found.size));
    program.errors.write(`error: path '${path}' is not valid\n`);
    program.end(1);
  }

  private async receive(wire: Wire, host: FakeHost, program: FakeProgram): Promise<void> {
    const path = await wire.text();
    await wire.text();
    await wire.text();
    const references = await wire.texts();
    await wire.number();
    const size = await wire.number();
    await wire.number();
    await wire.texts();
    await wire.text();
    await wire.forward(size, []);
    if (wire.broken !== null) return program.end(1);
    if (references.some((other) => other !== path && !host.store.has(other))) {
      program.errors.write(`error: path '${path}' refers to what is not valid\n`);
      return program.end(1);
    }
    host.store.set(path, { references, size });
    host.got.push(path);
    await wire.putNumber(1).flush();
  }

  private async build(wire: Wire, host: FakeHost): Promise<void> {
    const drv = await wire.text();
    for (let left = await wire.number(); left > 0; left--) for (let field = 0; field < 4; field++) await wire.text();
    const inputs = await wire.texts();
    await wire.text();
    await wire.text();
    await wire.texts();
    for (let left = await wire.number(); left > 0; left--) for (let field = 0; field < 2; field++) await wire.text();
    for (let option = 0; option < 6; option++) await wire.number();
    const { seconds, fails, output, made } = this.recipes.get(drv)!;
    const lacking = inputs.find((path) => !host.store.has(path));
    if (lacking === undefined) await this.pass(seconds);
    if (wire.broken !== null || host.power !== "up") return;
    if (lacking === undefined && !fails) {
      host.store.set(output, made);
      host.built.push(output);
    }
    const [status, message] = lacking !== undefined ? [9, `path '${lacking}' is not valid`] : fails ? [3, "builder failed"] : [0, ""];
    await wire.putNumber(status).putText(message).putNumber(1).putNumber(0).putNumber(1).putNumber(2).putNumber(0).flush();
  }

  private pass(seconds: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(seconds, resolve));
  }
}

/** Commands behind their lengths. */
function taken(words: readonly string[]): string[][] {
  const commands: string[][] = [];
  for (let at = 0; at < words.length; ) {
    const count = Number(words[at]);
    commands.push(words.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return commands;
}

export class FakeProgram implements Program {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly errors = new PassThrough();
  readonly ended: Promise<{ readonly code: number | null; readonly error: string }>;
  command = "";
  private resolve: (ending: { readonly code: number | null; readonly error: string }) => void = () => {};

  constructor(readonly words: readonly string[]) {
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
    for (const stream of [this.input, this.output, this.errors]) stream.on("error", () => {});
  }

  kill(): void {
    this.end(null);
  }

  release(): void {}

  end(code: number | null): void {
    this.output.end();
    this.errors.end();
    this.input.destroy();
    // What was said is read before the end is seen.
    setImmediate(() => this.resolve({ code, error: "" }));
  }
}
