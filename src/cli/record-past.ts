// One record of past builds, of whatever kind → past builds: looks what it is, and reads it as that.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { pastOfHydra } from "#ingest/hydra.js";
import { RECORD_FORMATS, type RecordFormat, recordFormat } from "#ingest/input-format.js";
import { readInternalJson } from "#ingest/internal-json.js";
import { parseJsonFile } from "#ingest/json-text.js";
import { pastOf } from "#ingest/logged-past.js";
import { pastOfNom } from "#ingest/nom.js";
import { decodeText } from "#ingest/source-text.js";
import type { PastBuild } from "#model/past-build.js";
import { type InputStream, openInput, readFault, readWhole } from "./input-stream.js";
import { pastOfTrace } from "./traced-past.js";

export interface RecordPast {
  readonly builds: readonly PastBuild[];
  readonly notes: readonly string[];
}

/** What the record is, where it need not be looked at, and the package of records that name none. */
export interface RecordHints {
  readonly format?: RecordFormat;
  readonly name?: string;
}

/** `input`: a file, - for standard input. */
export async function readRecord(input: string, asked: RecordHints): Promise<Result<RecordPast>> {
  const where = input === "-" ? "standard input" : input;
  try {
    const stream = await openInput(input, () => {});
    const format = asked.format ?? recordFormat(stream.head);
    return format === undefined ? fail(unknownFormat(where, stream)) : await READERS[format](stream, where, asked);
  } catch (error) {
    const broken = readFault(error, input);
    if (broken === undefined) throw error;
    return fail(broken);
  }
}

const READERS: Readonly<Record<RecordFormat, (stream: InputStream, file: string, asked: RecordHints) => Promise<Result<RecordPast>>>> = {
  "internal-json": async ({ chunks }, file) => {
    const run = await readInternalJson(chunks, file);
    if (!run.ok) return run;
    const { builds, notes } = pastOf(run.value);
    return ok({ builds, notes: [...run.value.notes, ...notes.map((note) => `${file}: ${note}`)] });
  },
  nom: async ({ chunks }, file) => {
    const text = decodeText(await readWhole(chunks), file);
    const builds = text.ok ? pastOfNom(text.value, file) : text;
    return builds.ok ? ok({ builds: builds.value, notes: [] }) : builds;
  },
  hydra: async ({ chunks }, file, { name }) => {
    const value = parseJsonFile(await readWhole(chunks), file);
    return value.ok ? pastOfHydra(value.value, file, name) : value;
  },
  trace: async ({ chunks }, file) => {
    const text = decodeText(await readWhole(chunks), file);
    return text.ok ? pastOfTrace(text.value, file) : text;
  },
};

function unknownFormat(where: string, { head }: InputStream): Fault {
  if (head.length === 0) return fault("input", where, "found an empty input");
  const first = JSON.stringify(Buffer.from(head.subarray(0, 24)).toString("utf8"));
  return fault("input", where, `found ${first}, which begins no known record of builds`, `known: ${RECORD_FORMATS.join(", ")} (--format)`);
}
