// The names that scenarios and flags may use, from the registries, for checks that suggest the nearest one.
import { CONDUCT_NAMES } from "#dispatch/conducts.js";
import { POLICIES, POLICY_NAMES } from "#policy/index.js";
import type { Known } from "#scenario/normalize-scenario.js";

export const KNOWN: Known = {
  policies: Object.fromEntries(POLICY_NAMES.map((name) => [name, POLICIES[name].parameters])),
  conducts: Object.fromEntries(CONDUCT_NAMES.map((name) => [name, name === "nix" ? POLICIES.nix.parameters : []])),
};
