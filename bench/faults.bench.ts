// The campaign of faults: `npm run -s bench:faults -- [--runs N] [--first SEED] [--only KIND] [--keep DIR]`. Real builds by `run` and
// by Nix with our hook on the testbed, one drawn fault in each; a table of what came of it. Exit 1 when a run ended wrong.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { caseOf, SLOTS } from "../test/system/faults/case.js";
import { isGood, type Row, trial } from "../test/system/faults/trial.js";
import { ROOTS, testbed } from "../test/system/testbed/testbed.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100" },
    first: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    nix: { type: "string" },
    id: { type: "string", default: `faults.${process.pid}` },
    keep: { type: "string" },
  },
});

const root = values.nix === undefined ? {} : { root: `${ROOTS}/${values.nix}` };
const bed = await testbed({ id: values.id, hosts: Object.keys(SLOTS).length, disk: "96m", ...root });
const rows: Row[] = [];
try {
  console.log("| seed | subject | fault | at | lasts | outcome | makespan | built again | orphans | leftovers |");
  console.log("|---|---|---|---|---|---|---|---|---|---|");
  for (let seed = Number(values.first); rows.length < Number(values.runs); seed++) {
    const one = caseOf(seed);
    if (!`${one.subject} ${one.kind}`.includes(values.only)) continue;
    const row = await trial(bed, one);
    rows.push(row);
    console.log(tableLine(row));
    if (!isGood(row)) console.error(detail(row));
    if (values.keep !== undefined) keep(values.keep, row);
  }
} finally {
  await bed.down();
}
const good = rows.filter(isGood).length;
console.log(`\n${rows.length} runs, ${good} as they have to be; the fault came in time in ${rows.filter(({ hit }) => hit).length}`);
process.exitCode = good === rows.length ? 0 : 1;

function tableLine(row: Row): string {
  const { seed, subject, kind, host, at, lasts, isLent } = row.case;
  const where = kind === "client killed" || kind === "agent killed" ? "" : ` (${host})`;
  const cells = [
    seed,
    `${subject}${isLent ? " (lent)" : ""}`,
    `${kind}${where}${row.hit ? "" : ", too late"}`,
    `${at.toFixed(2)} s`,
    lasts === Number.POSITIVE_INFINITY ? "to the end" : `${lasts.toFixed(2)} s`,
    outcome(row),
    `${row.seconds.toFixed(1)} s`,
    `${row.rebuilt.again.length}${row.rebuilt.lost.length > 0 ? ` (lost with the host: ${row.rebuilt.lost.length})` : ""}`,
    row.orphans.length,
    row.leftovers.length,
  ];
  return `| ${cells.join(" | ")} |`;
}

function outcome({ code, wrong }: Row): string {
  if (code === null) return "hung";
  if (code !== 0) return `exit ${code}`;
  return wrong.length === 0 ? "all right" : `wrong: ${wrong[0]}`;
}

/** All that client and agent said, and when builds began and ended. */
function keep(folder: string, row: Row): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${row.case.seed}.txt`), `${JSON.stringify(row.case)}\n${row.said}${row.told}${detail(row)}`);
}

function detail({ wrong, rebuilt, orphans, leftovers }: Row): string {
  return [...wrong, ...rebuilt.again.map((step) => `${step} was built again`), ...orphans, ...leftovers]
    .map((line) => `  !! ${line}\n`)
    .join("");
}
