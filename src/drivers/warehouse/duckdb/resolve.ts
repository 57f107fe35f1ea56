import type { DuckDBConnection } from '@duckdb/node-api';
import { SpindleError } from '../../../runtime/errors.ts';
import type { LoadObject, TableLoad } from '../../../runtime/resource/warehouse.ts';
import type { Column } from '../../../runtime/schema/column.ts';
import { quoteTable } from '../../../runtime/schema/quote.ts';
import { isReplay, readReplayed } from '../replayed.ts';
import { replayMismatch } from '../table-errors.ts';
import { readJson } from './read-json.ts';
import { runCounted, selectRows } from './rows.ts';
import type { Staging } from './staging.ts';

const COLUMNS: readonly Column[] = [
  { name: 'object', type: 'string', nullable: false },
  { name: 'resolves', type: 'string', nullable: false },
  { name: 'topic', type: 'string', nullable: false },
  { name: 'partition', type: 'integer', nullable: false },
  { name: 'offset', type: 'integer', nullable: false },
];

/**
 * Deletes the dead letter of each row that the replays among the objects brought: exactly one, whose object lies in the chain that the replay is for, so that a record of the
 * same offset in another incarnation stays. REPLAY_MISMATCH where a row has none. Gives their number.
 */
export async function resolveLetters(
  connection: DuckDBConnection,
  staging: Staging,
  { load, pending }: { readonly load: TableLoad; readonly pending: readonly LoadObject[] },
): Promise<number> {
  const replays = pending.filter(isReplay);
  if (replays.length === 0) return 0;
  async function* rows() {
    for (const replay of replays) for (const row of await readReplayed(load.lake, replay)) yield { ...row };
  }
  const staged = await staging.writeRows(rows(), load.signal);
  try {
    if (staged.rows === 0) return 0;
    const { name } = load.deadLetters;
    const replayed = readJson({ paths: [staged.path], columns: COLUMNS, compression: 'uncompressed' });
    const letters = quoteTable(name, 'duckdb');
    // numbered, so that two rows of one record are two that want a dead letter each
    const wanted = `SELECT *, row_number() OVER (PARTITION BY resolves, topic, "partition", "offset" ORDER BY object) AS nth FROM ${replayed}`;
    const found = `SELECT r.*, d.rowid AS letter, row_number() OVER (PARTITION BY r.object, r.resolves, r.topic, r."partition", r."offset", r.nth ORDER BY d.rowid) AS copy
      FROM (${wanted}) AS r LEFT JOIN ${letters} AS d
        ON d.topic = r.topic AND d."partition" = r."partition" AND d."offset" = r."offset" AND starts_with(d.object, r.resolves)`;
    const [lost] = await selectRows(
      connection,
      `SELECT object, topic, "partition", "offset" FROM (${found}) WHERE letter IS NULL OR nth > 1 ORDER BY object, topic, "partition", "offset" LIMIT 1`,
    );
    if (lost !== undefined)
      throw replayMismatch(String(lost['object']), {
        deadLetters: name,
        topic: lost['topic'],
        partition: lost['partition'],
        offset: lost['offset'],
      });
    const deleted = await runCounted(connection, `DELETE FROM ${letters} WHERE rowid IN (SELECT letter FROM (${found}) WHERE copy = 1)`);
    if (deleted === staged.rows) return deleted;
    throw new SpindleError('INTERNAL', `${staged.rows} rows are replayed, and ${deleted} dead letters of ${name} were deleted for them`);
  } finally {
    await staging.remove(staged.path);
  }
}
