// The registry of networks, and which of them a world needs. Knows their names only.
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import { netFair } from "./net-fair.js";
import { netFixed } from "./net-fixed.js";
import { netMaxmin } from "./net-maxmin.js";
import type { Network, NetworkContext } from "./network.js";

const NETWORKS: Readonly<Record<Models["network"], (context: NetworkContext) => Network>> = {
  free: netFixed,
  fixed: netFixed,
  fair: netFair,
  maxmin: netMaxmin,
};

export function networkOf({ transport }: Problem, { network }: Models, context: NetworkContext): Network {
  // A hub has no place for flows between builders: direct routes share every link instead.
  return NETWORKS[network === "fair" && transport.route === "direct" ? "maxmin" : network](context);
}
