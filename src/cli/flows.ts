// `npm run -s flows FILE`: network cases from a file, their finish times on stdout as JSON. A case is
// {name?, links: [{bw: B/s, lat?: s, fat?}], flows: [{route: [link], bytes, start?: s}]}; a file holds one or a list.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { type Flow, flowEnds, type Link } from "#sim/flows.js";
import { EXIT, printFaults } from "./exit.js";
import { load } from "./files.js";

interface Case {
  readonly name: string | null;
  readonly links: readonly Link[];
  readonly flows: readonly Flow[];
}

type Fields = Readonly<Record<string, unknown>>;

function main(paths: readonly string[]): number {
  if (paths.length !== 1)
    return printFaults([fault("usage", "flows", `found ${paths.length} files, expected one`, "npm run -s flows FILE")]);
  const cases = read(paths[0]!);
  if (!cases.ok) return printFaults(cases.faults);
  const ends = cases.value.cases.map(({ name, links, flows }) => ({ ...(name === null ? {} : { name }), finish: flowEnds(links, flows) }));
  process.stdout.write(`${JSON.stringify(cases.value.listed ? ends : ends[0], null, 1)}\n`);
  return EXIT.fine;
}

function read(path: string): Result<{ readonly cases: readonly Case[]; readonly listed: boolean }> {
  const file = load(path);
  if (!file.ok) return file;
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file.value.bytes));
  } catch (error) {
    return fail(fault("input", path, `it is no JSON: ${(error as Error).message}`));
  }
  const listed = Array.isArray(content);
  const faults: Fault[] = [];
  const cases = (listed ? (content as unknown[]) : [content]).map((one, i) => caseOf(one, listed ? `${path} [${i}]` : path, faults));
  return faults.length > 0 ? fail(...faults) : ok({ cases, listed });
}

function caseOf(value: unknown, where: string, faults: Fault[]): Case {
  const one = fieldsOf(value, where, faults);
  const links = listOf(one.links, `${where} links`, faults).map((link, i): Link => {
    const place = `${where} links[${i}]`;
    const { bw, lat, fat } = fieldsOf(link, place, faults);
    return {
      bandwidth: amount(bw, `${place}.bw`, faults, undefined, true),
      latency: amount(lat, `${place}.lat`, faults, 0),
      fat: fat === true,
    };
  });
  const flows = listOf(one.flows, `${where} flows`, faults).map((flow, i): Flow => {
    const place = `${where} flows[${i}]`;
    const { route, bytes, start } = fieldsOf(flow, place, faults);
    const hops = listOf(route, `${place}.route`, faults) as number[];
    if (hops.some((hop) => !Number.isInteger(hop) || hop < 0 || hop >= links.length) || new Set(hops).size < hops.length)
      faults.push(
        fault("input", `${place}.route`, `found ${JSON.stringify(hops)}, expected numbers of links below ${links.length}, each once`),
      );
    return { route: hops, bytes: amount(bytes, `${place}.bytes`, faults), start: amount(start, `${place}.start`, faults, 0) };
  });
  return { name: typeof one.name === "string" ? one.name : null, links, flows };
}

function fieldsOf(value: unknown, where: string, faults: Fault[]): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  faults.push(fault("input", where, "expected an object"));
  return {};
}

function listOf(value: unknown, where: string, faults: Fault[]): readonly unknown[] {
  if (Array.isArray(value)) return value;
  faults.push(fault("input", where, "expected a list"));
  return [];
}

/** A number from 0 up; `otherwise` where it is absent. */
function amount(value: unknown, where: string, faults: Fault[], otherwise?: number, above = false): number {
  const found = value ?? otherwise;
  if (typeof found === "number" && Number.isFinite(found) && found >= 0 && !(above && found === 0)) return found;
  faults.push(fault("input", where, `found ${JSON.stringify(value)}, expected a number ${above ? "above 0" : "from 0 up"}`));
  return 1;
}

process.exitCode = main(process.argv.slice(2));
