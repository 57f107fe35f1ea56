import { SpindleError } from '../../../runtime/errors.ts';
import type { Counted } from '../outcome.ts';
import type { Lines } from './lines.ts';
import type { Session } from './session.ts';

/** A temporary table of lines that were read as texts: N is the number of the file, LINE_NUMBER that of the line in it, LINE the row as VARIANT, null where the text is none. */
export interface ParsedLines {
  readonly table: string;
  /** How many of each file were taken, by its number; files without a line are missing. */
  readonly taken: ReadonlyMap<number, number>;
  readonly refused: readonly { readonly file: number; readonly line: number }[];
}

/** Parses lines of the form `[file, line, "text"]`. LOAD_COUNT_MISMATCH where there are not as many as were sent, by the number of their file. */
export async function parseLines(session: Session, { table: lines }: Lines, sent: ReadonlyMap<number, Counted>): Promise<ParsedLines> {
  const table = await session.createTemporary(
    'PARSED',
    `AS SELECT "LINE"[0]::NUMBER(16,0) AS "N", "LINE"[1]::NUMBER(16,0) AS "LINE_NUMBER", TRY_PARSE_JSON("LINE"[2]::VARCHAR) AS "LINE" FROM ${lines}`,
  );
  const counts = await session.select(`SELECT "N", COUNT(*) AS "FOUND", COUNT("LINE") AS "TAKEN" FROM ${table} GROUP BY "N"`);
  const found = new Map(counts.map((row) => [Number(row['n']), Number(row['found'])]));
  for (const [number, { key, rows }] of sent) if ((found.get(number) ?? 0) !== rows) throw countMismatch(key, rows, found.get(number) ?? 0);
  const taken = new Map(counts.map((row) => [Number(row['n']), Number(row['taken'])]));
  const isWhole = counts.every((row) => row['found'] === row['taken']);
  const refused = isWhole ? [] : await session.select(`SELECT "N", "LINE_NUMBER" FROM ${table} WHERE "LINE" IS NULL ORDER BY 1, 2`);
  return { table, taken, refused: refused.map((row) => ({ file: Number(row['n']), line: Number(row['line_number']) })) };
}

function countMismatch(key: string, sent: number, found: number): SpindleError {
  return new SpindleError('LOAD_COUNT_MISMATCH', `Snowflake read ${found} of ${sent} lines of the file ${key}`, {
    remedy: 'Nothing was loaded. Run the same command again.',
  });
}
