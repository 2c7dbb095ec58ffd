// Recorded files under test/fixtures/formats for the readers' tests, and the two ways to import them whole.
import { readdirSync, readFileSync } from "node:fs";
import { readDrv } from "#ingest/derivation-drv.js";
import { derivationGraph } from "#ingest/derivation-graph.js";
import { readDerivationJson } from "#ingest/derivation-json.js";
import { collectGraph, type ImportedGraph } from "#ingest/graph-of.js";

const ROOT = new URL("../fixtures/formats/", import.meta.url);

export function fixture(path: string): Uint8Array {
  return readFileSync(new URL(path, ROOT));
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Pieces of `size` bytes, as a stream may cut them. */
export function* cut(whole: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

export async function graphFromJson(path: string): Promise<ImportedGraph> {
  const collector = collectGraph();
  const sink = derivationGraph(collector);
  const broken = await readDerivationJson([fixture(path)], path, sink.add);
  if (broken !== undefined) throw new Error(JSON.stringify(broken));
  return finished(collector);
}

export function graphFromDrvs(folder: string, skip: readonly string[] = []): ImportedGraph {
  const collector = collectGraph();
  const sink = derivationGraph(collector);
  for (const file of readdirSync(new URL(folder, ROOT)).reverse()) {
    if (skip.some((part) => file.includes(part))) continue;
    const derivation = readDrv(fixture(`${folder}/${file}`), file, file);
    if (!derivation.ok) throw new Error(JSON.stringify(derivation.faults));
    const broken = sink.add(derivation.value, file);
    if (broken !== undefined) throw new Error(JSON.stringify(broken));
  }
  return finished(collector);
}

function finished(collector: ReturnType<typeof collectGraph>): ImportedGraph {
  const result = collector.finish({ name: "fixture" });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value;
}
