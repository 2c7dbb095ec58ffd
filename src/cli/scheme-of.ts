// A policy as written, `list[priority=depth]` → its scheme, or a fault that names the parameter.
import { fail, fault, ok, type Result, suggest } from "#base/fault.js";
import { POLICIES, POLICY_NAMES, type PolicyName, type Scheme } from "#policy/index.js";
import { parseBracket } from "#scenario/bracket.js";

export function schemeOf(text: string): Result<Scheme> {
  const bracket = parseBracket(text, "policy");
  if (!bracket.ok) return bracket;
  const { name, params } = bracket.value;
  if (!Object.hasOwn(POLICIES, name)) {
    return fail(fault("usage", "policy", `found the unknown policy ${JSON.stringify(name)}`, suggest(name, POLICY_NAMES)));
  }
  const entry = POLICIES[name as PolicyName];
  const scheme = entry.settle(params);
  if ("create" in scheme) return ok(scheme);
  return fail(
    fault("usage", `policy ${text}`, `parameter ${scheme.parameter}: ${scheme.what}`, suggest(scheme.parameter, entry.parameters)),
  );
}
