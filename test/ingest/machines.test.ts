import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { machineLine, type Machine, parseMachines } from "#ingest/machines.js";
import { nixVersion } from "#model/nix-version.js";

const OLD = "2.28";
const NEW = "2.34";

function parse(text: string, version = NEW, files: Record<string, string> = {}) {
  return parseMachines({ text, file: "machines", version: nixVersion(version)!, load: (path) => files[path] });
}
function machines(text: string, version = NEW, files: Record<string, string> = {}): readonly Machine[] {
  const result = parse(text, version, files);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value.machines;
}
const uris = (text: string, version = NEW, files: Record<string, string> = {}) =>
  machines(text, version, files).map((machine) => machine.uri.text);
const faultOf = (text: string, version = NEW, files: Record<string, string> = {}) => {
  const result = parse(text, version, files);
  return result.ok ? undefined : result.faults[0];
};

describe("fields", () => {
  it("reads all eight, in any white space", () => {
    const [machine] = machines(
      "  ssh-ng://nix@kana:2222?compress=true \t x86_64-linux,riscv64-linux /root/.ssh/id 4 2.5 kvm,big-parallel big-parallel c3NoLWVk extra fields\r",
    );
    expect(machine).toEqual({
      uri: {
        text: "ssh-ng://nix@kana:2222?compress=true",
        scheme: "ssh-ng",
        user: "nix",
        host: "kana",
        port: 2222,
        params: { compress: "true" },
      },
      systems: ["x86_64-linux", "riscv64-linux"],
      sshKey: "/root/.ssh/id",
      maxJobs: 4,
      speedFactor: 2.5,
      features: ["kvm", "big-parallel"],
      mandatoryFeatures: ["big-parallel"],
      publicHostKey: "c3NoLWVk",
      where: "machines:1",
    });
  });

  it.each(["ruby", "ruby - - - - - - -", "ruby -"])("%s has Nix's defaults", (line) => {
    expect(machines(line)[0]).toEqual({
      uri: { text: "ssh://ruby", scheme: "ssh", host: "ruby", params: {} },
      maxJobs: 1,
      speedFactor: 1,
      features: [],
      mandatoryFeatures: [],
      where: "machines:1",
    });
  });

  it("allows no slots at all and takes speedFactor 0 for 1", () => {
    expect(machines("a - - 0 0")[0]).toMatchObject({ maxJobs: 0, speedFactor: 1 });
    expect(machines("a - - 0 0", "2.8")[0]).toMatchObject({ maxJobs: 0, speedFactor: 1 });
  });

  it("drops empty and repeated list items", () => {
    expect(machines("a x86_64-linux,,x86_64-linux - 1 1 ,kvm,,kvm,")[0]).toMatchObject({ systems: ["x86_64-linux"], features: ["kvm"] });
  });

  it.each([
    ["a - - x", "machines:1 field 4", 'found maxJobs "x"'],
    ["a - - -1", "machines:1 field 4", 'found maxJobs "-1"'],
    ["a - - 1.5", "machines:1 field 4", 'found maxJobs "1.5"'],
    ["a - - 4294967296", "machines:1 field 4", "4294967295"],
    ["a - - 1 fast", "machines:1 field 5", 'found speedFactor "fast"'],
    ["a - - 1 -1", "machines:1 field 5", 'found speedFactor "-1"'],
    ["a - - 1 inf", "machines:1 field 5", 'found speedFactor "inf"'],
    ["a - - 1 1 - - ssh-ed25519!", "machines:1 field 8", "not base64"],
    ["- x86_64-linux", "machines:1", "found no store URI"],
    ["ok\nssh:// -", "machines:2 field 1", "expected a store URI"],
    ["a?x=%zz", "machines:1 field 1", "expected a store URI"],
  ])("faults: %s", (text, where, what) => {
    expect(faultOf(text)).toMatchObject({ code: "input", where, what: expect.stringContaining(what) });
  });

  it("tells every broken line at once", () => {
    const result = parse("a - - x\nb - - y z");
    expect(result.ok ? 0 : result.faults.length).toBe(3);
  });

  it.each([
    ["1.5", "2.19", false],
    ["1.5", "2.20", true],
    ["1e1", "2.20", true],
    [".5", "2.34", true],
    ["2", "2.8", true],
  ])("speedFactor %s under Nix %s", (factor, version, readable) => {
    expect(parse(`a - - 1 ${factor}`, version).ok).toBe(readable);
  });
});

describe("store URIs", () => {
  it.each([
    ["kana", "ssh://kana"],
    ["root@kana", "ssh://root@kana"],
    ["kana?compress=true", "ssh://kana?compress=true"],
    ["ssh-ng://kana", "ssh-ng://kana"],
    ["auto", "auto"],
    ["daemon", "daemon"],
    ["local", "local"],
    ["local?root=%2Fx", "local?root=%2Fx"],
    ["?root=x", "?root=x"],
    ["/mnt/store", "/mnt/store"],
    ["automatic", "ssh://automatic"],
    ["kana?remote-store=/x", "kana?remote-store=/x"],
  ])("%s is opened as %s", (field, text) => {
    expect(uris(field)).toEqual([text]);
  });

  it.each([
    ["ssh://[fe80::1%25eth0]:22", "fe80::1%25eth0", 22],
    ["ssh://[::1]", "::1", undefined],
    ["ssh://kana:8022", "kana", 8022],
    ["ssh-ng://a@b@kana", "kana", undefined],
    ["/mnt/store", "/mnt/store", undefined],
  ])("%s is the host %s", (field, host, port) => {
    expect(machines(field)[0]!.uri).toMatchObject({ host, ...(port !== undefined && { port }) });
  });

  it("decodes parameters", () => {
    expect(machines("ssh://a?remote-program=nix%20daemon&x=")[0]!.uri.params).toEqual({ "remote-program": "nix daemon", x: "" });
  });
});

describe("lines, comments and includes by version", () => {
  it("splits at newlines and semicolons", () => {
    expect(uris("a ; b;c\n\nd # comment\n;;\n")).toEqual(["ssh://a", "ssh://b", "ssh://c", "ssh://d"]);
  });

  it("ends a machine at a semicolon inside a comment before 2.29, and not since", () => {
    expect(uris("# a ; b", OLD)).toEqual(["ssh://b"]);
    expect(uris("# a ; b", NEW)).toEqual([]);
    expect(uris("x # old ; y", "2.8")).toEqual(["ssh://x", "ssh://y"]);
  });

  it("stops at a line of blanks before 2.29, as Nix does", () => {
    expect(uris("a\n   \n\t# c\n", NEW)).toEqual(["ssh://a"]);
    expect(faultOf("a\n   ", OLD)).toMatchObject({ where: "machines:2", hint: expect.stringContaining("blanks") });
    expect(faultOf("a ; # c", OLD)).toMatchObject({ where: "machines:1" });
  });

  const files = {
    "/etc/a": "a1; a2\n@/etc/b",
    "/etc/b": "b1 # x",
    "/etc/self": "@/etc/self",
    "/etc/p": "@/etc/q",
    "/etc/q": "x\n@ /etc/p ",
  };

  it("reads includes in place, and several in one value", () => {
    expect(uris("first\n@/etc/a ; last ; @  /etc/b", NEW, files)).toEqual([
      "ssh://first",
      "ssh://a1",
      "ssh://a2",
      "ssh://b1",
      "ssh://last",
      "ssh://b1",
    ]);
    expect(machines("@/etc/a", NEW, files)[2]!.where).toBe("/etc/b:1");
  });

  it("takes an indented @ for a host name before 2.29, as Nix does", () => {
    expect(uris("x; @/etc/b", NEW, files)).toEqual(["ssh://x", "ssh://b1"]);
    expect(machines("x; @b", OLD, files)[1]!.uri.text).toBe("ssh://@b");
  });

  it("takes a missing file for no machines and says so", () => {
    const result = parse("@/nowhere");
    expect(result).toMatchObject({ ok: true, value: { machines: [], notes: [expect.stringContaining("no file /nowhere")] } });
  });

  it.each(["@/etc/self", "@/etc/p"])("does not follow %s for ever", (text) => {
    expect(faultOf(text, NEW, files)).toMatchObject({ what: expect.stringContaining("never ends") });
  });

  it("gives up on files that double each other", () => {
    const bomb = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`/${i}`, `@/${i + 1}\n@/${i + 1}`]));
    expect(faultOf("@/0", NEW, bomb)).toMatchObject({ what: expect.stringContaining("never ends") });
  });
});

it("reads back the line that it writes", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const list = fc.uniqueArray(word, { maxLength: 3 });
  const line = fc.tuple(word, list, fc.nat(100), fc.constantFrom(0.5, 1, 2, 2.25), list, list);
  fc.assert(
    fc.property(line, ([host, systems, jobs, speed, features, mandatory]) => {
      const dash = (items: string[]) => items.join(",") || "-";
      const [machine] = machines(`ssh-ng://${host}?a=b%20c ${dash(systems)} - ${jobs} ${speed} ${dash(features)} ${dash(mandatory)}`);
      expect(machines(machineLine(machine!))).toEqual([machine]);
    }),
  );
});
