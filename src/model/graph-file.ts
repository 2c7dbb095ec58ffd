// The shape of a `drvfleet.graph/1` file, as read and as written: what importers make and `compile` consumes.
// Optional here means absent in the file; normalising fills it (src/scenario). Rules: product.md "Files", Graph.

/** What kind of work a build mostly does: decides how much emulation slows it. */
export const WORKLOADS = ["compile", "shell", "float", "memory", "fetch", "test"] as const;
export type Workload = (typeof WORKLOADS)[number];

export interface NodeFile {
  readonly name: string;
  readonly pname?: string;
  readonly version?: string;
  /** fetch, build, trivial, hook, wrapper, patch: inferred by importers from names and flags. */
  readonly kind?: string;
  /** The builder or build tool, where known (cmake, cargo, …). */
  readonly tool?: string;
  /** Store path of the .drv file: the node's key. */
  readonly drv?: string;
  /** Nix system; `builtin` runs on any host. */
  readonly system: string;
  readonly features?: readonly string[];
  readonly preferLocal?: boolean;
  readonly fixedOutput?: boolean;
  readonly allowSubstitutes?: boolean;
  readonly workload?: Workload;
  /** Core-seconds on a core of speed 1. */
  readonly work?: number;
  /** Cores it can use at once; absent = unbounded. */
  readonly maxCores?: number;
  /** Amdahl share of `work` that runs on one core, 0…1. */
  readonly serial?: number;
  readonly memoryBytes?: number;
  readonly outputBytes?: number;
  /** For a fetch: bytes from the internet. For a build: bytes of its own sources, which travel with it. */
  readonly sourceBytes?: number;
  /** Wall seconds alone on that host; "*" = any. Speed, slowdown and Amdahl are not applied again. */
  readonly seconds?: Readonly<Record<string, number>>;
  /** Cores busy during `seconds`; 0 = sleeps. */
  readonly cpu?: number;
}

export interface GraphFile {
  readonly schema: "drvfleet.graph/1";
  readonly name: string;
  readonly source?: Readonly<Record<string, unknown>>;
  readonly nodes: readonly NodeFile[];
  /** Edge k says: nodes[from[k]] must finish before nodes[to[k]]. */
  readonly edges: {
    readonly from: ArrayLike<number>;
    readonly to: ArrayLike<number>;
    readonly bytes?: ArrayLike<number | null>;
  };
  /** Indices of requested nodes; absent = every node that nothing depends on. */
  readonly roots?: readonly number[];
}
