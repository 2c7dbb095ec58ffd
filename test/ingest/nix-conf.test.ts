import { describe, expect, it } from "vitest";
import { parseNixConf } from "#ingest/nix-conf.js";

function parse(text: string, files: Record<string, string> = {}) {
  return parseNixConf(text, "/etc/nix/nix.conf", (path) => (files[path] === undefined ? undefined : { file: path, text: files[path] }));
}
function settings(text: string, files: Record<string, string> = {}) {
  const result = parse(text, files);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value.settings;
}

describe("parseNixConf", () => {
  it("has Nix's defaults", () => {
    expect(settings("")).toEqual({
      maxJobs: 1,
      cores: 0,
      extraPlatforms: [],
      extraSystemFeatures: [],
      buildersUseSubstitutes: false,
      substitute: true,
      alwaysAllowSubstitutes: false,
      fallback: false,
      keepGoing: false,
      buildPollInterval: 5,
      maxSubstitutionJobs: 16,
      timeout: 0,
      maxSilentTime: 0,
    });
  });

  it("reads what NixOS writes", () => {
    const text = `# WARNING: this file is generated
allowed-users = *
auto-optimise-store = false
builders-use-substitutes = true
cores = 0
extra-sandbox-paths =
max-jobs = auto
builders = ssh://a x86_64-linux ; @/etc/nix/more   # comment
require-sigs = true
system-features = nixos-test benchmark	big-parallel kvm
extra-platforms = aarch64-linux riscv64-linux i686-linux
keep-going = yes
build-poll-interval = 30
max-substitution-jobs = 4
`;
    expect(settings(text)).toMatchObject({
      maxJobs: "auto",
      cores: 0,
      buildersUseSubstitutes: true,
      keepGoing: true,
      buildPollInterval: 30,
      maxSubstitutionJobs: 4,
      builders: "ssh://a x86_64-linux ; @/etc/nix/more",
      systemFeatures: ["nixos-test", "benchmark", "big-parallel", "kvm"],
      extraPlatforms: ["aarch64-linux", "riscv64-linux", "i686-linux"],
    });
  });

  it("lets later lines win and extra- keys append", () => {
    expect(settings("max-jobs = 2\nmax-jobs = 4\nbuild-max-jobs = 6").maxJobs).toBe(6);
    expect(settings("system-features = a\nextra-system-features = b c\nextra-system-features = d")).toMatchObject({
      systemFeatures: ["a", "b", "c", "d"],
      extraSystemFeatures: [],
    });
    expect(settings("extra-system-features = b\nextra-system-features = c")).toMatchObject({ extraSystemFeatures: ["b", "c"] });
    expect(settings("extra-system-features = b\nsystem-features = a")).toMatchObject({ systemFeatures: ["a"], extraSystemFeatures: [] });
    expect(settings("extra-platforms = a\nextra-extra-platforms = b").extraPlatforms).toEqual(["a", "b"]);
    expect(settings("builders =").builders).toBe("");
  });

  it("follows includes and passes over optional ones that are missing", () => {
    expect(
      settings("max-jobs = 1\ninclude a.conf\n!include gone.conf", { "a.conf": "max-jobs = 8\ninclude b.conf", "b.conf": "cores = 3" }),
    ).toMatchObject({ maxJobs: 8, cores: 3 });
  });

  it.each([
    ["max-jobs", "/etc/nix/nix.conf:1", "expected key = value"],
    ["max-jobs=4", "/etc/nix/nix.conf:1", "expected key = value"],
    ["\nmax-jobs = many", "/etc/nix/nix.conf:2 max-jobs", 'found "many", expected auto or a whole number'],
    ["max-jobs = -1", "/etc/nix/nix.conf:1 max-jobs", 'found "-1"'],
    ["cores = 1.5", "/etc/nix/nix.conf:1 cores", 'found "1.5"'],
    ["fallback = maybe", "/etc/nix/nix.conf:1 fallback", "expected true or false"],
    ["include gone.conf", "/etc/nix/nix.conf:1", "there is no such file"],
    ["include a b", "/etc/nix/nix.conf:1", "expected include and one file"],
    ["include loop", "loop:1", "never ends"],
    ["include bomb0", "bomb", "never ends"],
  ])("faults: %j", (text, where, what) => {
    const bombs = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`bomb${i}`, `include bomb${i + 1}\ninclude bomb${i + 1}`]));
    const result = parse(text, { loop: "include loop", ...bombs, bomb40: "" });
    expect(result.ok ? [] : result.faults).toEqual([
      expect.objectContaining({ code: "input", where: expect.stringContaining(where), what: expect.stringContaining(what) }),
    ]);
  });
});
