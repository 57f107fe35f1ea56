import { SpindleError } from '../../../runtime/errors.ts';
import type { LoadObject, TableLoad } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteLiteral, quoteTable, splitTable } from '../../../runtime/schema/quote.ts';
import { isReplay, readReplayed } from '../replayed.ts';
import { replayMismatch } from '../table-errors.ts';
import { bindLines, createLines, type Lines } from './lines.ts';
import type { Session } from './session.ts';
import { TurnLost, type Work } from './work.ts';

/** The rows of the replays among the objects, in a temporary table: the dead letters that they were. */
export async function stageReplayed(session: Session, { lake }: TableLoad, objects: readonly LoadObject[]): Promise<Lines | undefined> {
  const replays = objects.filter(isReplay).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  if (replays.length === 0) return undefined;
  const lines = await createLines(session);
  async function* records() {
    for (const replay of replays) for (const replayed of await readReplayed(lake, replay)) yield JSON.stringify(replayed);
  }
  await bindLines(session, lines, records());
  return lines;
}

const REPLAYED = `"LINE_NUMBER" AS "N", "LINE"['object']::VARCHAR AS "REPLAY", "LINE"['resolves']::VARCHAR AS "RESOLVES", "LINE"['topic']::VARCHAR AS "TOPIC", "LINE"['partition']::NUMBER(16,0) AS "PARTITION", "LINE"['offset']::NUMBER(16,0) AS "OFFSET"`;

/**
 * Deletes the dead letter of each row that the replays brought: exactly one, whose object lies in the chain that the replay is for, so that a record of the same offset in another
 * incarnation stays, as does that of another table. REPLAY_MISMATCH where a row has none, or another row has taken it. Gives their number.
 */
export async function resolveLetters(
  { session, change, holds }: Work,
  { table, deadLetters }: TableLoad,
  replayed: Lines | undefined,
): Promise<number> {
  if (replayed === undefined) return 0;
  const letters = quoteTable(deadLetters.name, 'snowflake');
  const name = quoteLiteral(table.name, 'snowflake');
  const rows = `(SELECT ${REPLAYED} FROM ${replayed.table})`;
  const letter = quoteIdentifier(splitTable(deadLetters.name).table, 'snowflake'); // no alias: a DELETE takes none
  const same = `${letter}."TOPIC" = R."TOPIC" AND ${letter}."PARTITION" = R."PARTITION" AND ${letter}."OFFSET" = R."OFFSET" AND STARTSWITH(${letter}."OBJECT", R."RESOLVES") AND COALESCE(${letter}."FOR_TABLE", ${name}) = ${name}`;
  const place = `"TOPIC", "PARTITION", "OFFSET"`;
  const [lost] = await session.select(
    `SELECT R."REPLAY" AS "REPLAY", R."TOPIC" AS "TOPIC", R."PARTITION" AS "PARTITION", R."OFFSET" AS "OFFSET"
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY "RESOLVES", ${place} ORDER BY "N") AS "TIME" FROM ${rows}) R
LEFT JOIN (SELECT DISTINCT R."N" AS "N" FROM ${rows} R JOIN ${letters} ON ${same}) F ON F."N" = R."N"
WHERE F."N" IS NULL OR R."TIME" > 1 ORDER BY R."N" LIMIT 1`,
  );
  if (lost !== undefined)
    throw replayMismatch(String(lost['replay']), {
      deadLetters: deadLetters.name,
      topic: lost['topic'],
      partition: lost['partition'],
      offset: lost['offset'],
    });
  const [count] = await session.select(`SELECT COUNT(*) AS "N" FROM ${replayed.table}`);
  const deleted = await change(`DELETE FROM ${letters} USING ${rows} R WHERE ${holds} AND ${same}`);
  if (deleted === Number(count?.['n'])) return deleted;
  if (deleted === 0) throw new TurnLost();
  throw new SpindleError(
    'INTERNAL',
    `${count?.['n']} rows are replayed, and ${deleted} dead letters of ${deadLetters.name} were deleted for them`,
  );
}
