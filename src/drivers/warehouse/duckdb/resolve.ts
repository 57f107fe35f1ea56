import type { DuckDBConnection } from '@duckdb/node-api';
import { SpindleError } from '../../../runtime/errors.ts';
import type { LoadObject, TableLoad } from '../../../runtime/resource/warehouse.ts';
import type { Column } from '../../../runtime/schema/column.ts';
import { quoteLiteral, quoteTable } from '../../../runtime/schema/quote.ts';
import { isReplay, readReplayed } from '../replayed.ts';
import { replayMismatch } from '../table-errors.ts';
import { readJson } from './read-json.ts';
import { runCounted, selectRows } from './rows.ts';
import type { Staging } from '../staging.ts';

const COLUMNS: readonly Column[] = [
  { name: 'row', type: 'integer', nullable: false },
  { name: 'object', type: 'string', nullable: false },
  { name: 'resolves', type: 'string', nullable: false },
  { name: 'topic', type: 'string', nullable: false },
  { name: 'partition', type: 'integer', nullable: false },
  { name: 'offset', type: 'integer', nullable: false },
];

/**
 * Deletes the dead letter of each row that the replays among the objects brought: exactly one, whose object lies in the chain that the replay is for, so that a record of the
 * same offset in another incarnation stays, as does that of another table. REPLAY_MISMATCH where a row has none. Gives their number.
 */
export async function resolveLetters(
  connection: DuckDBConnection,
  staging: Staging,
  { load, pending }: { readonly load: TableLoad; readonly pending: readonly LoadObject[] },
): Promise<number> {
  const replays = pending.filter(isReplay).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  if (replays.length === 0) return 0;
  async function* rows() {
    let row = 0;
    for (const replay of replays) for (const replayed of await readReplayed(load.lake, replay)) yield { ...replayed, row: row++ };
  }
  const staged = await staging.writeRows(rows(), load.signal);
  try {
    if (staged.rows === 0) return 0;
    const { name } = load.deadLetters;
    const table = quoteLiteral(load.table.name, 'duckdb');
    const replayed = readJson({ paths: [staged.path], columns: COLUMNS, compression: 'uncompressed' });
    const letters = quoteTable(name, 'duckdb');
    // an inner join: with a condition that is no equality an outer one compares everything with everything
    const found = `SELECT r.row, min(d.rowid) AS letter FROM ${replayed} AS r JOIN ${letters} AS d
      ON d.topic = r.topic AND d."partition" = r."partition" AND d."offset" = r."offset" AND starts_with(d.object, r.resolves)
        AND coalesce(d.for_table, ${table}) = ${table} GROUP BY r.row`;
    const [lost] = await selectRows(
      connection,
      `WITH found AS (${found}), once AS (SELECT min(row) AS row FROM found GROUP BY letter)
       SELECT object, topic, "partition", "offset" FROM ${replayed} WHERE row NOT IN (SELECT row FROM once) ORDER BY row LIMIT 1`,
    );
    if (lost !== undefined)
      throw replayMismatch(String(lost['object']), {
        deadLetters: name,
        topic: lost['topic'],
        partition: lost['partition'],
        offset: lost['offset'],
      });
    const deleted = await runCounted(connection, `DELETE FROM ${letters} WHERE rowid IN (SELECT letter FROM (${found}))`);
    if (deleted === staged.rows) return deleted;
    throw new SpindleError('INTERNAL', `${staged.rows} rows are replayed, and ${deleted} dead letters of ${name} were deleted for them`);
  } finally {
    await staging.remove(staged.path);
  }
}
