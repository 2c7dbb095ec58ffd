// The `model` of a scenario → the calibrated figures of conducts, and a fleet with what it leaves out filled in from them:
// what a fleet or a conduct says itself always counts. Reads through the loader it is given. Knows no conduct.
import { fail, ok, type Result } from "#base/fault.js";
import type { FleetFile, HostFile, Quantity } from "#model/fleet-file.js";
import type { FigureFile, ModelFile, ModelHostFile } from "#model/model-file.js";
import { check } from "./check.js";
import type { FleetSource, Load } from "./compiled.js";
import { readDocument } from "./document.js";
import { besides, stem } from "./file-path.js";
import { modelSpec } from "./model-spec.js";
import type { NormalModel } from "./normal.js";
import type { SourceDocument } from "./place.js";

export interface ModelSource {
  readonly file: ModelFile;
  readonly model: NormalModel;
}

/** `part`: a path as seen from the scenario, or a model written in it. */
export function modelSource(part: string | ModelFile, document: SourceDocument, load: Load): Result<ModelSource> {
  if (typeof part !== "string") return ok(normalModel(part, part.name ?? stem(document.path)));
  return modelFrom(besides(document.path, part), document.where(["model"]), load);
}

/** A path as the user typed it; `wanted` says where it was asked for. */
export function modelFrom(path: string, wanted: string, load: Load): Result<ModelSource> {
  const file = load(path);
  if (!file.ok) return fail(...file.faults.map((f) => ({ ...f, where: `${f.where} (${wanted})` })));
  const document = readDocument(file.value.path, file.value.bytes);
  if (!document.ok) return document;
  const checked = check(modelSpec, document.value);
  return checked.ok ? ok(normalModel(checked.value as ModelFile, stem(path))) : checked;
}

function normalModel(file: ModelFile, name: string): ModelSource {
  const conducts = Object.entries(file.conducts ?? {}).map(([conduct, figures]) => {
    const values = Object.fromEntries(Object.entries(figures).map(([field, figure]) => [field, ofFigure(figure)]));
    const { pollSeconds, ...timing } = values;
    return [conduct, { timing, offering: pollSeconds === undefined ? {} : { pollSeconds } }] as const;
  });
  return { file, model: { name: file.name ?? name, conducts: Object.fromEntries(conducts) } };
}

function ofFigure<V extends Quantity>(figure: FigureFile<V>): V {
  return typeof figure === "object" ? figure.value : figure;
}

/** The fleet, its hosts' absent links and speeds from the model. */
export function calibrated(source: FleetSource, { hosts = {} }: ModelFile): FleetSource {
  const filled = (host: HostFile): HostFile => (hosts[host.name] === undefined ? host : filledHost(host, hosts[host.name]!));
  const file: FleetFile = {
    ...source.file,
    coordinator: filled(source.file.coordinator),
    builders: source.file.builders.map(filled),
  };
  return { ...source, file };
}

function filledHost(host: HostFile, { speed, ...link }: ModelHostFile): HostFile {
  const found = Object.entries(link).flatMap(([field, figure]) => (figure === undefined ? [] : [[field, ofFigure(figure)] as const]));
  return {
    ...host,
    ...(host.speed === undefined && speed !== undefined && { speed: ofFigure(speed) }),
    ...(found.length > 0 && { link: { ...Object.fromEntries(found), ...host.link } }),
  };
}
