// Importing a `nix derivation show -r` file: 2,000 derivations (smoke) or as many as the arguments say, about 3.3 kB
// each, so that 100,000 of them are the 330 MB that must pass through 2 GB of memory. Prints what was read, a digest of
// the resulting graph, the speed and the peak memory; beside it JSON.parse of the same file, where it fits.
// Run: node dist-bench/import.bench.js [derivations…]
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { readDerivationJson } from "#ingest/derivation-json.js";
import { derivationGraph } from "#ingest/derivation-graph.js";
import { collectGraph } from "#ingest/graph-of.js";

const SIZES = process.argv.slice(2).map(Number);
/** V8 holds no longer string, and the comparison should not decide the peak memory. */
const PARSE_WHOLE_MAX = 200e6;

for (const size of SIZES.length > 0 ? SIZES : [2_000]) await measure(size);

async function measure(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "drvfleet-bench-"));
  try {
    const file = join(folder, "closure.json");
    writeClosure(file, size);
    const bytes = statSync(file).size;
    const began = performance.now();
    const digest = await importFile(file);
    const seconds = (performance.now() - began) / 1000;
    // The kernel's own mark of the process, so the whole run counts.
    const peak = process.resourceUsage().maxRSS * 1024;
    const whole = bytes <= PARSE_WHOLE_MAX ? parseWhole(file) : undefined;
    console.log(
      [
        `${size} derivations`,
        `${mega(bytes)} MB`,
        digest,
        `${seconds.toFixed(2)} s`,
        `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`,
        `peak ${mega(peak)} MB`,
        whole === undefined
          ? "JSON.parse of the whole: too big"
          : `JSON.parse of the whole ${whole.toFixed(2)} s, ratio ${(whole / seconds).toFixed(2)}`,
      ].join("  "),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function importFile(file: string): Promise<string> {
  const collector = collectGraph();
  const graph = derivationGraph(collector);
  const broken = await readDerivationJson(createReadStream(file, { highWaterMark: 1 << 20 }), file, graph.add);
  if (broken !== undefined) throw new Error(JSON.stringify(broken));
  const result = collector.finish({ name: "bench" });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  const { nodes, edges } = result.value.graph;
  return createHash("sha256")
    .update(JSON.stringify([nodes, edges]))
    .digest("hex")
    .slice(0, 16);
}

function parseWhole(file: string): number {
  const began = performance.now();
  JSON.parse(readFileSync(file, "utf8"));
  return (performance.now() - began) / 1000;
}

/** A closure like nixpkgs': half fetches, eight inputs for a build, environments with long escaped scripts. */
function writeClosure(file: string, size: number): void {
  const out = openSync(file, "w");
  const base32 = "0123456789abcdfghijklmnpqrsvwxyz";
  const hash = (seed: number) => {
    let state = (seed + 1) * 2654435761;
    return Array.from({ length: 32 }, () => base32[(state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 27]).join("");
  };
  const names = (i: number) => (i % 2 === 0 ? `package${i}-1.${i}.tar.gz` : `package${i}-1.${i}`);
  const script = 'runHook preBuild\\n\\tmake \\"SHELL=$SHELL\\" -j$NIX_BUILD_CORES || exit 1\\n';
  let batch = '{"derivations":{';
  for (let i = 0; i < size; i++) {
    const inputs = i % 2 === 0 ? [i >> 2, i >> 3] : Array.from({ length: 8 }, (_, k) => i - 1 - k * k * 3);
    const drvs = [...new Set(inputs.filter((j) => j >= 0 && j < i))].map(
      (j) => `"${hash(j)}-${names(j)}.drv":{"dynamicOutputs":{},"outputs":["out"]}`,
    );
    const output =
      i % 2 === 0 ? '{"hash":"sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=","method":"flat"}' : `{"path":"${hash(-i)}-${names(i)}"}`;
    const env = `"name":"${names(i)}","out":"/nix/store/${hash(-i)}-${names(i)}","preferLocalBuild":"${i % 2 === 0 ? 1 : ""}","requiredSystemFeatures":"${i % 97 === 1 ? "big-parallel" : ""}","buildPhase":"${script.repeat(i % 2 === 0 ? 8 : 50)}"`;
    batch += `${i === 0 ? "" : ","}"${hash(i)}-${names(i)}.drv":{"args":["-e","/nix/store/${hash(0)}-default-builder.sh"],"builder":"/nix/store/${hash(1)}-bash/bin/bash","env":{${env}},"inputs":{"drvs":{${drvs.join(",")}},"srcs":["/nix/store/${hash(0)}-default-builder.sh"]},"name":"${names(i)}","outputs":{"out":${output}},"system":"x86_64-linux","version":4}`;
    if (batch.length > 1 << 20) {
      writeSync(out, batch);
      batch = "";
    }
  }
  writeSync(out, `${batch}},"version":4}\n`);
  closeSync(out);
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
