// Reader of nix-output-monitor's build-reports.csv, both layouts: from 2.1.7 with a header and one row a build; before,
// three columns without header, one moving average a package. Its seconds are whole (rounded down), and for other
// machines they include copies; it knows packages, not systems. Layouts: reference section 7.2.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import type { PastBuild } from "#model/past-build.js";
import { csvRows } from "./csv-rows.js";

export const NOM_HEADER = "hostname,derivation name,utc time,build seconds";
const FAULTS_MAX = 10;
/** What rounding down takes away on average. */
const HALF_SECOND = 0.5;

export function pastOfNom(text: string, file: string): Result<readonly PastBuild[]> {
  const rows = csvRows(text);
  const hasTimes = rows[0]?.fields.join(",") === NOM_HEADER;
  const builds: PastBuild[] = [];
  const faults: Fault[] = [];
  for (const { fields, line } of hasTimes ? rows.slice(1) : rows) {
    const where = `${file}:${line}`;
    const width = hasTimes ? 4 : 3;
    const [host, name, second, third] = fields;
    const seconds = hasTimes ? third : second;
    const at = hasTimes ? epochOf(second ?? "") : 0;
    if (fields.length !== width)
      faults.push(fault("input", where, `found ${fields.length} columns, expected ${width}`, hasTimes ? NOM_HEADER : "host,name,seconds"));
    else if (!/^\d{1,9}$/.test(seconds!)) faults.push(fault("input", where, `found ${JSON.stringify(seconds)}, expected whole seconds`));
    else if (at === undefined)
      faults.push(fault("input", where, `found ${JSON.stringify(second)}, expected a time`, "2026-01-31 12:00:00"));
    else if (name === "") faults.push(fault("input", where, "found a build without a name"));
    else builds.push({ name: name!, machine: host!, seconds: Number(seconds) + HALF_SECOND, at, provenance: "nom" });
    if (faults.length === FAULTS_MAX) break;
  }
  return faults.length > 0 ? fail(...faults) : ok(builds);
}

/** `2026-01-31 12:00:00`, UTC → seconds since 1970; days by the civil calendar (years begin in March). */
function epochOf(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z| UTC)?$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const leaps = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const days = 365 * marchYear + leaps + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - 719_468;
  return days * 86_400 + hour * 3600 + minute * 60 + second;
}
