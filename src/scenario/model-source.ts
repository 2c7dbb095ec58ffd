// The `model` of a scenario → the calibrated figures of conducts, and a fleet with what it leaves out filled in from them:
// what a fleet or a conduct says itself always counts, then the first model that knows. Reads through the loader it is given. Knows no conduct.
import { fail, ok, type Result } from "#base/fault.js";
import type { FleetFile, HostFile, LinkFile, Quantity } from "#model/fleet-file.js";
import type { FigureFile, ModelFile, ModelHostFile } from "#model/model-file.js";
import { check } from "./check.js";
import type { FleetSource, Load } from "./compiled.js";
import { readDocument } from "./document.js";
import { amountOf, cvOf, ofFigure } from "./figure.js";
import { besides, stem } from "./file-path.js";
import { filledSystems, uncertainSystems } from "./model-emulation.js";
import { modelSpec } from "./model-spec.js";
import type { NormalModel } from "./normal.js";
import type { SourceDocument } from "./place.js";

export interface ModelSource {
  readonly file: ModelFile;
  readonly model: NormalModel;
}

/** A path as seen from the scenario, or a model written in it. */
export type ModelPart = string | ModelFile;

export function modelSource(parts: ModelPart | readonly ModelPart[], document: SourceDocument, load: Load): Result<ModelSource> {
  const list = Array.isArray(parts) ? (parts as readonly ModelPart[]) : [parts as ModelPart];
  const files = list.map((part, i) =>
    typeof part === "string"
      ? fileFrom(besides(document.path, part), document.where(list === parts ? ["model", i] : ["model"]), load)
      : ok({ name: stem(document.path), ...part }),
  );
  const faults = files.flatMap((file) => (file.ok ? [] : file.faults));
  return faults.length > 0 ? fail(...faults) : ok(normalModel(files.flatMap((file) => (file.ok ? [file.value] : [])).reduce(united)));
}

/** A path as the user typed it; `wanted` says where it was asked for. */
export function modelFrom(path: string, wanted: string, load: Load): Result<ModelSource> {
  const file = fileFrom(path, wanted, load);
  return file.ok ? ok(normalModel(file.value)) : file;
}

type NamedModel = ModelFile & { readonly name: string };

function fileFrom(path: string, wanted: string, load: Load): Result<NamedModel> {
  const file = load(path);
  if (!file.ok) return fail(...file.faults.map((f) => ({ ...f, where: `${f.where} (${wanted})` })));
  const document = readDocument(file.value.path, file.value.bytes);
  if (!document.ok) return document;
  const checked = check(modelSpec, document.value);
  return checked.ok ? ok({ name: stem(path), ...(checked.value as ModelFile) }) : checked;
}

/** What the first knows, and of the rest what the second knows. */
function united(first: NamedModel, second: NamedModel): NamedModel {
  return {
    schema: first.schema,
    name: `${first.name}, ${second.name}`,
    conducts: byName(first.conducts ?? {}, second.conducts ?? {}, (a, b) => ({ ...b, ...a })),
    machines: byName(first.machines ?? {}, second.machines ?? {}, (a, b) => ({ ...b, ...a })),
    emulation: byName(first.emulation ?? {}, second.emulation ?? {}, (a, b) => ({ ...b, ...a })),
    hosts: byName(first.hosts ?? {}, second.hosts ?? {}, (own, other) => laidOver(split(own, other), other)),
  };
}

function byName<V>(first: Readonly<Record<string, V>>, second: Readonly<Record<string, V>>, both: (a: V, b: V) => V): Record<string, V> {
  return {
    ...second,
    ...Object.fromEntries(Object.entries(first).map(([name, own]) => [name, second[name] === undefined ? own : both(own, second[name])])),
  };
}

/**
 * Who knows only how long a connect takes in all learns from another model what of it the builder's CPU does: its sshd is the same whichever
 * Nix asks.
 */
function split(own: ModelHostFile, other: ModelHostFile): ModelHostFile {
  const { connect, connectCpu } = own;
  if (connect === undefined || connectCpu !== undefined || other.connectCpu === undefined) return own;
  const [all, cpu] = [connect, other.connectCpu].map((figure) => amountOf(ofFigure(figure))) as [number, number];
  if (cpu >= all) return own;
  const rest = (figure: Quantity): Quantity => `${Number(Math.max(0, amountOf(figure) - cpu).toPrecision(6))} s`;
  return { ...own, connect: mapped(connect, rest), connectCpu: other.connectCpu };
}

function mapped(figure: FigureFile<Quantity>, change: (value: Quantity) => Quantity): FigureFile<Quantity> {
  if (typeof figure !== "object") return change(figure);
  const { value, low, high } = figure;
  return {
    ...figure,
    value: change(value),
    ...(low !== undefined && { low: change(low) }),
    ...(high !== undefined && { high: change(high) }),
  };
}

/** The two parts of a connect were told apart by one model: who knows the whole has no use for another's part. */
function laidOver<F extends { readonly connect?: unknown; readonly connectCpu?: unknown }>(own: F, { connectCpu, ...others }: F): F {
  return { ...others, ...(own.connect === undefined && connectCpu !== undefined && { connectCpu }), ...own } as F;
}

function normalModel(file: NamedModel): ModelSource {
  const conducts = Object.entries(file.conducts ?? {}).map(([conduct, figures]) => {
    const values = Object.fromEntries(Object.entries(figures).map(([field, figure]) => [field, ofFigure(figure)]));
    const { pollSeconds, ...timing } = values;
    return [conduct, { timing, offering: pollSeconds === undefined ? {} : { pollSeconds } }] as const;
  });
  return { file, model: { name: file.name, conducts: Object.fromEntries(conducts) } };
}

/** The fleet, its hosts' absent links, speeds and slowdowns from the model, and how well it knows them. */
export function calibrated(source: FleetSource, { hosts = {}, machines = {}, emulation = {} }: ModelFile): FleetSource {
  const filled = (host: HostFile): HostFile => filledHost(filledSystems(host, emulation), hosts[host.name] ?? {});
  const file: FleetFile = {
    ...source.file,
    coordinator: filled(source.file.coordinator),
    builders: source.file.builders.map(filled),
    ...(source.file.machines !== undefined && { machines: filledMachines(source.file.machines, machines) }),
  };
  const given = [source.file.coordinator, ...source.file.builders];
  const uncertain = given.map((host) => {
    const spread = {
      ...uncertainIn(host, hosts[host.name] ?? {}),
      ...uncertainOn(host, source.file.machines ?? {}, machines),
      ...uncertainSystems(host, emulation),
    };
    return [host.name, spread] as const;
  });
  return { ...source, file, uncertain: new Map(uncertain.filter(([, fields]) => Object.keys(fields).length > 0)) };
}

type Machines = NonNullable<FleetFile["machines"]>;

function filledMachines(given: Machines, figures: NonNullable<ModelFile["machines"]>): Machines {
  return Object.fromEntries(
    Object.entries(given).map(([name, machine]) => {
      const { speedCv: _, ...own } = figures[name] ?? {};
      const found = Object.entries(own).flatMap(([field, figure]: [string, FigureFile<number> | undefined]) =>
        figure === undefined ? [] : [[field, ofFigure(figure)] as const],
      );
      return [name, { ...Object.fromEntries(found), ...machine }];
    }),
  );
}

/** A host is as fast as its part of a machine, and that is known as well as the machine's speed is in the next run. */
function uncertainOn({ on, speed }: HostFile, given: Machines, figures: NonNullable<ModelFile["machines"]>): Record<string, number> {
  if (on === undefined || speed !== undefined || given[on]?.speed !== undefined || figures[on]?.speed === undefined) return {};
  const cv = Math.sqrt(cvOf(figures[on].speed) ** 2 + ofFigure(figures[on].speedCv ?? 0) ** 2);
  return cv > 0 ? { speed: cv } : {};
}

/** By field, of what the host's own entry leaves out: the spread of a log-normal figure of that 95 % interval. */
function uncertainIn({ speed, quota, link = {} }: HostFile, figures: ModelHostFile): Record<string, number> {
  const said: Readonly<Record<string, unknown>> = { ...link, speed: speed ?? quota, ...(link.connect !== undefined && { connectCpu: 0 }) };
  return Object.fromEntries(
    Object.entries(figures).flatMap(([field, figure]: [string, FigureFile<Quantity>]) => {
      const cv = said[field] === undefined ? cvOf(figure) : 0;
      return cv > 0 ? [[field, cv] as const] : [];
    }),
  );
}

function filledHost(host: HostFile, { speed, ...link }: ModelHostFile): HostFile {
  const found = Object.entries(link).flatMap(([field, figure]) => (figure === undefined ? [] : [[field, ofFigure(figure)] as const]));
  return {
    ...host,
    ...(host.speed === undefined && host.quota === undefined && speed !== undefined && { speed: ofFigure(speed) }),
    ...(found.length > 0 && { link: laidOver<LinkFile>(host.link ?? {}, Object.fromEntries(found)) }),
  };
}
