// Text of a CSV file → rows of fields, quotes and doubled quotes undone (RFC 4180). Knows no columns.

export interface CsvRow {
  readonly fields: readonly string[];
  /** Line on which it begins, from 1. */
  readonly line: number;
}

/** Empty lines are no rows. A quote that is never closed takes the rest of the text. */
export function csvRows(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  const field = /(?:"([^"]*(?:""[^"]*)*)"?|([^",\r\n]*))(,|\r?\n|\r|$)|([^,\r\n]*)(,|\r?\n|\r|$)/y;
  let fields: string[] = [];
  let line = 1;
  let began = 1;
  while (field.lastIndex < text.length) {
    const match = field.exec(text)!;
    const value = match[1]?.replaceAll('""', '"') ?? match[2] ?? match[4] ?? "";
    const end = match[3] ?? match[5] ?? "";
    fields.push(value);
    line += match[0].split("\n").length - 1;
    if (end === ",") {
      if (field.lastIndex === text.length) fields.push("");
      else continue;
    }
    if (fields.length > 1 || fields[0] !== "") rows.push({ fields, line: began });
    fields = [];
    began = line;
  }
  return rows;
}
