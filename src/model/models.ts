// Which physics a simulated run uses. Each switch has a simpler alternative, so that anybody can ask what a model is
// worth; for each there is a committed scenario in which switching it off moves the makespan (scenarios/models).

export interface Models {
  /** shared: builds of a host share its cores by capped processor sharing; dedicated: each gets its cap. */
  readonly cpu: "shared" | "dedicated";
  /** free: bytes cost nothing; fixed: each transfer alone; fair: coordinator link shared; maxmin: every link shared. */
  readonly network: "free" | "fixed" | "fair" | "maxmin";
  /** serial: one upload at a time per builder (Nix's upload lock); parallel: no lock. */
  readonly uploads: "serial" | "parallel";
  /** off: emulated systems run at native speed. */
  readonly emulation: "on" | "off";
  /** off: memory is never short. */
  readonly memory: "on" | "off";
  /** off: no Amdahl share and no maxCores: a build uses all the cores it is granted. */
  readonly parallelism: "on" | "off";
  /** internet: a fetch takes its bytes ÷ internet, shared by the fetches of a host unless the network is fixed; free: nothing. */
  readonly fetches: "internet" | "free";
  /** off: builders substitute nothing, all inputs travel. */
  readonly substitution: "on" | "off";
  /** off: what Nix would rather build locally (preferLocalBuild) is like everything else. */
  readonly preferLocal: "on" | "off";
  /** off: everything is requested at 0. */
  readonly arrivals: "on" | "off";
  /** off: hosts never go down, builds never fail. */
  readonly faults: "on" | "off";
}

export const MODELS_DEFAULT: Models = {
  cpu: "shared",
  network: "fair",
  uploads: "serial",
  emulation: "on",
  memory: "on",
  parallelism: "on",
  fetches: "internet",
  substitution: "on",
  preferLocal: "on",
  arrivals: "on",
  faults: "on",
};
