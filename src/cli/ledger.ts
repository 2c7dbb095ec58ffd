// The prediction ledger: `run` appends a line when everything was built, `validate --ledger` shows how well predictions
// held. A resumed run is not entered: its prediction was of the whole, its time has a gap.
import { join, resolve } from "node:path";
import type { JournalHeader } from "#live/run/journal.js";
import { accuracyOf } from "#metrics/accuracy.js";
import { ledgerChart } from "#report/chart-ledger.js";
import { type LedgerLine, parseLedger } from "#report/ledger-file.js";
import { ledgerText } from "#report/table-ledger.js";
import { append } from "./append.js";
import { EXIT, printFaults } from "./exit.js";
import { directoryFault, load, writeAll } from "./files.js";
import { colored } from "./notes.js";

/** `seconds` is what the run took, `builds` how many it built. */
export function enterRun(path: string, header: JournalHeader, builds: number, seconds: number, directory: string): void {
  const line: LedgerLine = {
    schema: "drvfleet.ledger/1",
    run: header.run,
    digest: header.digest,
    policy: header.policy,
    version: header.version,
    began: header.began,
    builds,
    predicted: header.prediction,
    actual: seconds,
    trace: resolve(directory, "trace.jsonl"),
  };
  append(path, "", `${JSON.stringify(line)}\n`);
}

/** Returns the exit code. */
export async function validateLedger(path: string, out: string | null, json: boolean): Promise<number> {
  const blocked = out === null ? null : directoryFault(out);
  if (blocked !== null) return printFaults([blocked]);
  const file = load(path);
  const read = file.ok ? parseLedger(new TextDecoder().decode(file.value.bytes), path) : file;
  if (!read.ok) return printFaults(read.faults);
  const runs = [...read.value].sort((a, b) => a.began - b.began);
  const result = JSON.stringify({ schema: "drvfleet.accuracy/1", ...accuracyOf(runs), ledger: runs });
  process.stdout.write(`${json ? result : ledgerText(runs, colored())}\n`);
  if (out === null) return EXIT.fine;
  const { toPng, toSvg } = await import("#report/charts.js");
  const spec = ledgerChart(runs);
  const svg = await toSvg(spec);
  const failed = writeAll(out, [
    { name: "ledger.json", content: `${result}\n` },
    { name: "ledger.txt", content: `${ledgerText(runs, false)}\n` },
    { name: join("charts", "ledger.vl.json"), content: `${JSON.stringify(spec, null, 1)}\n` },
    { name: join("charts", "ledger.svg"), content: svg },
    { name: join("charts", "ledger.png"), content: toPng(svg) },
  ]);
  return failed === null ? EXIT.fine : printFaults([failed]);
}
