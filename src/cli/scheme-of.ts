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
  const found = Object.hasOwn(params, scheme.parameter) ? `found ${JSON.stringify(params[scheme.parameter])}` : "found nothing";
  const isName = !entry.parameters.includes(scheme.parameter);
  return fail(
    fault(
      "usage",
      `policy ${text}`,
      isName
        ? `found the parameter ${scheme.parameter}, of which ${name} knows nothing`
        : `${scheme.parameter}: ${found}, expected ${scheme.what}`,
      suggest(isName ? scheme.parameter : String(params[scheme.parameter] ?? ""), scheme.known),
    ),
  );
}
