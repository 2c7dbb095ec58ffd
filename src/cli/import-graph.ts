// `drvfleet import graph`: inputs of any kind, together one graph. Sorts inputs into store directories and streams,
// reads streams as what they look like, fills what is missing from the store directories, and asks for the roots.
import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { readDerivationJson } from "#ingest/derivation-json.js";
import { type DerivationGraph, derivationGraph } from "#ingest/derivation-graph.js";
import { addDot } from "#ingest/dot.js";
import { addEvalJobs, type EvalJob, noteErrors, parseEvalJobs } from "#ingest/eval-jobs.js";
import { collectGraph, type GraphCollector, type ImportedGraph } from "#ingest/graph-of.js";
import { GRAPH_FORMATS, type GraphFormat, graphFormat } from "#ingest/input-format.js";
import { parseJsonFile } from "#ingest/json-text.js";
import { decodeText } from "#ingest/source-text.js";
import { baseName } from "#ingest/store-path.js";
import { graphOfWfCommons } from "#ingest/wfcommons.js";
import type { ImportProgress } from "./import-progress.js";
import { type InputStream, openInput, readFault, readWhole } from "./input-stream.js";
import { storeIn, storeWalk } from "./store-walk.js";

export interface GraphImport {
  readonly inputs: readonly string[];
  readonly roots: readonly string[];
  /** Of the graph; by default that of the first input. */
  readonly name?: string;
  /** What the inputs are, where looking at them does not tell. */
  readonly format?: GraphFormat;
  /** For inputs that know no systems. */
  readonly system?: string;
  readonly progress: ImportProgress;
}

/** What has been read so far. */
interface Reading {
  readonly asked: GraphImport;
  readonly collector: GraphCollector;
  readonly graph: DerivationGraph;
  readonly notes: string[];
  /** Store directories, and the derivations in them that were named as files. */
  readonly stores: string[];
  readonly files: string[];
  readonly jobs: EvalJob[];
  readonly formats: Set<GraphFormat | "store">;
}

export async function importGraph(asked: GraphImport): Promise<Result<ImportedGraph>> {
  const collector = collectGraph();
  const reading: Reading = {
    asked,
    collector,
    graph: derivationGraph(collector),
    notes: [],
    stores: [],
    files: [],
    jobs: [],
    formats: new Set(),
  };
  for (const input of asked.inputs) {
    const found = await readInput(input, reading);
    if (found !== undefined && "graph" in found)
      return asked.inputs.length === 1 && asked.roots.length === 0 ? ok(found) : fail(alone(input));
    if (found !== undefined) return fail(found);
  }
  const broken = fillFromStores(reading) ?? addJobs(reading);
  if (broken !== undefined) return fail(broken);
  if (collector.size() === 0 && collector.missing().length === 0)
    return fail(fault("input", asked.inputs.join(", "), "found no derivations"));
  const given = rootsOf(reading);
  const result = collector.finish({
    name: asked.name ?? nameOf(asked.inputs[0]!),
    source: { formats: [...reading.formats].sort() },
    ...given,
  });
  if (!result.ok) return result;
  return ok({ graph: result.value.graph, notes: [...reading.notes, ...reading.graph.notes(), ...result.value.notes] });
}

/** A whole graph comes back only from formats that are one by themselves. */
async function readInput(input: string, reading: Reading): Promise<Fault | ImportedGraph | undefined> {
  try {
    if (input !== "-" && statSync(input).isDirectory()) {
      reading.stores.push(storeIn(input));
      reading.formats.add("store");
      return undefined;
    }
    if (input.endsWith(".drv")) return addDrvFile(input, reading);
    const stream = await openInput(input, reading.asked.progress.bytes);
    const format = reading.asked.format ?? graphFormat(stream.head);
    if (format === undefined) return unknownFormat(input, stream);
    if (format === "drv") return addDrvFile(input, reading);
    reading.formats.add(format);
    return await readStream(format, input === "-" ? "standard input" : input, stream, reading);
  } catch (error) {
    const broken = readFault(error, input);
    if (broken === undefined) throw error;
    return broken;
  }
}

/** A .drv file stands for its closure, which lies in the same directory. */
function addDrvFile(input: string, reading: Reading): Fault | undefined {
  if (input === "-") return fault("input", "standard input", "found a .drv file, whose name is needed and missing", "give the file itself");
  reading.stores.push(dirname(input));
  reading.files.push(basename(input));
  reading.formats.add("drv");
  return undefined;
}

async function readStream(
  format: Exclude<GraphFormat, "drv">,
  file: string,
  stream: InputStream,
  reading: Reading,
): Promise<Fault | ImportedGraph | undefined> {
  const { collector, graph, notes, asked } = reading;
  switch (format) {
    case "derivation-json":
      return readDerivationJson(stream.chunks, file, (derivation, where) => {
        asked.progress.count(collector.size());
        return graph.add(derivation, where);
      });
    case "eval-jobs": {
      const jobs = parseEvalJobs(await readWhole(stream.chunks), file);
      if (!jobs.ok) return jobs.faults[0];
      reading.jobs.push(...jobs.value.jobs);
      notes.push(...noteErrors(jobs.value.errors));
      return undefined;
    }
    case "dot": {
      const text = decodeText(await readWhole(stream.chunks), file);
      const added = text.ok ? addDot(text.value, file, asked.system ?? "x86_64-linux", collector) : text;
      if (!added.ok) return added.faults[0];
      notes.push(...added.value);
      return undefined;
    }
    case "wfcommons": {
      const value = parseJsonFile(await readWhole(stream.chunks), file);
      const options = { system: asked.system ?? "builtin", ...(asked.name !== undefined && { name: asked.name }) };
      const result = value.ok ? graphOfWfCommons(value.value, file, options) : value;
      return result.ok ? result.value : result.faults[0];
    }
  }
}

function fillFromStores(reading: Reading): Fault | undefined {
  const { stores, files, jobs, collector, graph, asked } = reading;
  if (stores.length === 0) return undefined;
  const walk = storeWalk([...new Set(stores)]);
  const named = [...asked.roots.flatMap(walk.find), ...files, ...jobs.map((job) => baseName(job.drvPath))];
  const wanted = named.length > 0 || collector.size() > 0 ? named : stores.flatMap(walk.all);
  return walk.read([...wanted, ...collector.missing()], collector, graph, asked.progress.count);
}

/** Jobs are nodes only where nothing else tells what they need. */
function addJobs({ jobs, collector, notes }: Reading): Fault | undefined {
  if (jobs.length === 0 || collector.size() > 0) return undefined;
  const added = addEvalJobs(jobs, collector);
  if ("code" in added) return added;
  notes.push(...added);
  return undefined;
}

function rootsOf({ asked, files, jobs }: Reading): { roots: readonly string[]; rootsOnTop?: boolean } {
  if (asked.roots.length > 0) return { roots: asked.roots };
  if (jobs.length > 0) return { roots: jobs.map((job) => job.drvPath) };
  return { roots: files, rootsOnTop: true };
}

/** `hello` of `dir/hello.json.gz`; the derivation's name of a .drv file. */
function nameOf(input: string): string {
  if (input === "-") return "stdin";
  const name = basename(input)
    .replace(/\.gz$/, "")
    .replace(/\.(json|jsonl|dot|drv)$/, "");
  return name.replace(/^[0-9a-df-np-sv-z]{32}-/, "") || "graph";
}

function unknownFormat(input: string, { head }: InputStream): Fault {
  const where = input === "-" ? "standard input" : input;
  if (head.length === 0) return fault("input", where, "found an empty input", "nix derivation show -r prints what is wanted here");
  const first = JSON.stringify(Buffer.from(head.subarray(0, 24)).toString("utf8"));
  return fault(
    "input",
    where,
    `found ${first}, which begins no known graph format`,
    `known: a store directory, ${GRAPH_FORMATS.join(", ")}`,
  );
}

function alone(input: string): Fault {
  return fault("usage", input, "found a WfCommons workflow, which takes no other inputs and no --roots", "import it alone");
}
