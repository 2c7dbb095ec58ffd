// The graph and the fleet that an import of records may be given, to know packages, systems, hosts and cores by.
import { type Result, fail, ok } from "#base/fault.js";
import type { FleetFile } from "#model/fleet-file.js";
import type { GraphFile } from "#model/graph-file.js";
import { readDocument } from "#scenario/document.js";
import { fleetsOfFlags } from "#scenario/fleet-source.js";
import { graphOf } from "#scenario/graph-source.js";
import { load } from "./files.js";

export interface RecordFiles {
  readonly graph?: GraphFile;
  readonly fleet?: FleetFile;
}

export function recordFiles({ graph, fleet }: { readonly graph?: string; readonly fleet?: string }): Result<RecordFiles> {
  const graphFile = graph === undefined ? ok(undefined) : readGraph(graph);
  const fleetFile = fleet === undefined ? ok(undefined) : readFleet(fleet);
  if (!graphFile.ok || !fleetFile.ok) return fail(...(graphFile.ok ? [] : graphFile.faults), ...(fleetFile.ok ? [] : fleetFile.faults));
  return ok({
    ...(graphFile.value !== undefined && { graph: graphFile.value }),
    ...(fleetFile.value !== undefined && { fleet: fleetFile.value }),
  });
}

function readGraph(path: string): Result<GraphFile> {
  const file = load(path);
  if (!file.ok) return file;
  const document = readDocument(file.value.path, file.value.bytes);
  if (!document.ok) return document;
  const source = graphOf(document.value);
  return source.ok ? ok(source.value.file) : source;
}

function readFleet(path: string): Result<FleetFile> {
  const fleets = fleetsOfFlags([path], load);
  return fleets.ok ? ok(fleets.value[0]!.file) : fleets;
}
