// Lints of what the file says a host is, against what was found there: factors, cores, speed, systems, features. Knows no
// ssh and no disk.
import { isBusy } from "#model/probed-host.js";
import { coresOf } from "./fleet-measured.js";
import { APART, builders, type LintFinding, type Pair, warning } from "./lint-finding.js";

export function wrongSpeedFactor(pairs: readonly Pair[]): LintFinding[] {
  const known = builders(pairs).flatMap(({ host, probed }) =>
    probed?.speed === null || probed === null ? [] : [{ name: host.name, told: host.speedFactor || 1, measured: probed.speed!.single }],
  );
  const ratios = known.map(({ told, measured }) => told / measured);
  if (known.length < 2 || Math.max(...ratios) <= APART * Math.min(...ratios)) return [];
  const slowest = Math.min(...known.map(({ measured }) => measured));
  const shown = known.map(({ name, told, measured }) => `${name} ${told}, measured ${(measured / slowest).toFixed(1)}`);
  return [
    warning("", `speedFactor contradicts the measured speed: ${shown.join("; ")}`, "--machines and --nixos print factors as measured"),
  ];
}

/** Cores or speed of the file that the host does not have. Its processors count as cores, and so does what they are worth together. */
export function wrongFigures(pairs: readonly Pair[]): LintFinding[] {
  return pairs.flatMap(({ host, probed }) => {
    const { hardware = null, speed = null } = probed ?? {};
    const wrong = [
      ...(hardware !== null && host.cores !== hardware.processors && host.cores !== coresOf(probed!)
        ? [`cores ${host.cores}, it has ${hardware.processors}`]
        : []),
      ...(speed !== null && hardware !== null && !isBusy(hardware) && host.speed !== undefined && isApart(host.speed, speed.single)
        ? [`speed ${host.speed}, measured ${speed.single.toFixed(2)}`]
        : []),
    ];
    return wrong.length === 0
      ? []
      : [warning(host.name, `the fleet says ${wrong.join("; and ")}`, "--out FILE writes a fleet with what was measured")];
  });
}

function isApart(a: number, b: number): boolean {
  return Math.max(a, b) > APART * Math.min(a, b);
}

export function wrongSystems(pairs: readonly Pair[]): LintFinding[] {
  return pairs.flatMap(({ host, probed }) =>
    (probed?.systems ?? []).flatMap(({ system, emulated, builds }) => {
      const told = host.systems[system];
      if (told === undefined || builds !== true || (told !== "native") === emulated) return [];
      return [
        emulated
          ? warning(host.name, `the fleet calls ${system} native there, but its processor emulates it`, `write ${system}: {emulated: 10}`)
          : warning(host.name, `the fleet calls ${system} emulated there, but its processor runs it`, `write ${system}: native`),
      ];
    }),
  );
}

/** What a host would accept and the fleet does not say: builds that need it go elsewhere, or nowhere. */
export function unusedFeatures(pairs: readonly Pair[]): LintFinding[] {
  return builders(pairs).flatMap(({ host, probed }) => {
    const promised = new Set([...(host.features ?? []), ...(host.mandatoryFeatures ?? [])]);
    const unused = (probed?.nix?.features ?? []).filter((feature) => !promised.has(feature));
    if (unused.length === 0 || promised.size === 0) return [];
    return [
      warning(host.name, `it also accepts ${unused.join(" ")}, which the fleet does not say`, "add what builds may need to its features"),
    ];
  });
}

/** Every figure of time is then too bad. */
export function busyHost(pairs: readonly Pair[]): LintFinding[] {
  const busy = pairs.flatMap(({ host, probed }) =>
    probed?.hardware && isBusy(probed.hardware) ? [`${host.name} (load ${probed.hardware.load}, ${probed.hardware.processors} cores)`] : [],
  );
  return busy.length === 0
    ? []
    : [warning("", `measured while busy: ${busy.join(", ")}`, "check again when they are idle, before you keep the figures")];
}
