// Which conduct a policy runs under: its own, a named one, or fields laid over a named one. The scenario says which by
// name; this folder alone knows both registries. Calibrated figures lie over a named conduct, what a scenario says over both.
import { fail, fault, ok, type Result, suggest } from "#base/fault.js";
import { type Conduct, familyOf, type Offering, type Timing } from "#dispatch/conduct.js";
import { CONDUCT_NAMES, CONDUCTS, NIX_DEFAULT_VERSION, nixConduct } from "#dispatch/conducts.js";
import { nixVersion } from "#model/nix-version.js";
import { type Bracket, formatBracket } from "#scenario/bracket.js";
import type { ConductSpec, NormalModel } from "#scenario/normal.js";
import { schemeOf } from "./scheme-of.js";

export function conductOf(spec: ConductSpec, own: Conduct, model: NormalModel | null): Result<Conduct> {
  const measured = (found: Result<Conduct>): Result<Conduct> => (found.ok ? ok(calibrated(found.value, found.value.name, model)) : found);
  switch (spec.kind) {
    case "own":
      return measured(ok(own));
    case "named":
      return measured(named(spec.conduct, own));
    case "custom": {
      const { name, offering, reaction, timing } = spec.changes;
      const found = measured(named(spec.base, own));
      const base = found.ok && name !== undefined ? ok(calibrated(found.value, name, model)) : found;
      if (!base.ok) return base;
      return ok({
        ...base.value,
        name: name ?? `${base.value.name}, changed`,
        assumed: true,
        offering: laidOver(base.value.offering, offering),
        reaction: { ...base.value.reaction, ...reaction },
        timing: { ...base.value.timing, ...ofSite(timing) },
      });
    }
  }
}

function calibrated(conduct: Conduct, name: string, model: NormalModel | null): Conduct {
  const figures = model?.conducts[familyOf(name)];
  if (figures === undefined) return conduct;
  const { kind } = conduct.offering;
  return {
    ...conduct,
    offering: kind === "waves" ? { ...conduct.offering, ...figures.offering } : conduct.offering,
    timing: { ...conduct.timing, ...ofSite(figures.timing) },
  };
}

/** Who says how long hooks, or builders' starts, take has measured there: what is said then varies no more from machine to machine. */
function ofSite(figures: Partial<Timing> | undefined): Partial<Timing> | undefined {
  const isMeasured = figures?.hookSeconds !== undefined || figures?.startSeconds !== undefined;
  return isMeasured ? { siteCv: 0, ...figures } : figures;
}

/** Another kind of offering starts from that kind's own fields. */
function laidOver(base: Offering, changes: Readonly<Record<string, unknown>> | undefined): Offering {
  if (changes === undefined) return base;
  const kind = changes.kind ?? base.kind;
  const start =
    kind === base.kind ? base : kind === "all" ? CONDUCTS.ideal.offering : nixConduct(nixVersion(NIX_DEFAULT_VERSION)!).offering;
  return { ...start, ...changes } as Offering;
}

function named({ name, params }: Bracket, own: Conduct): Result<Conduct> {
  if (name === "own") return ok(own);
  if (name === "nix") {
    if (Object.keys(params).length === 0 && own.offering.kind === "waves") return ok(own);
    const text = formatBracket({ name, params: { version: NIX_DEFAULT_VERSION, ...params } });
    const scheme = schemeOf(text);
    if (!scheme.ok) return fail(...scheme.faults.map((found) => ({ ...found, where: `conduct ${text}` })));
    return ok({ ...scheme.value.conduct, name: text });
  }
  const conduct = (CONDUCTS as Readonly<Record<string, Conduct>>)[name];
  if (conduct === undefined)
    return fail(fault("input", "conduct", `found the unknown conduct ${JSON.stringify(name)}`, suggest(name, CONDUCT_NAMES)));
  return ok(conduct);
}
