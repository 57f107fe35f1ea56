import type { DuckDBConnection } from '@duckdb/node-api';
import { SpindleError } from '../../../runtime/errors.ts';
import type { Faults } from '../../../runtime/resource/faults.ts';
import type { LoadObject, TableLoad, WriteOutcome } from '../../../runtime/resource/warehouse.ts';
import { loadColumns } from '../../../runtime/schema/load-columns.ts';
import { quoteIdentifier, quoteTable } from '../../../runtime/schema/quote.ts';
import { assertLoadable, chooseCandidates } from '../candidates.ts';
import { readRejected } from '../chain-object.ts';
import { loadedDigest, loadOutcome, sumOf } from '../outcome.ts';
import { assertGeneration, tableEmptied } from '../table-errors.ts';
import { emptyDigest } from '../version.ts';
import type { DatabaseFile } from './database-file.ts';
import { ensureColumns, recreateTable } from './ensure.ts';
import { addLoads, forgetLoads, isEmptied, lockTable, readLoads, writeState } from './ledger.ts';
import { insertFiles } from './load-files.ts';
import { insertGroup } from './load-group.ts';
import { readColumn, readJson } from './read-json.ts';
import { resolveLetters } from './resolve.ts';
import { runCounted, selectRows } from './rows.ts';
import type { Staging } from '../staging.ts';

const GROUP_OBJECTS = 200;
const GROUP_BYTES = 256 << 20;

export interface LoadTools {
  readonly file: DatabaseFile;
  readonly staging: Staging;
  readonly faults: Faults;
}

/** Loads the objects that the ledger does not hold, in one transaction with their entries: whoever loads them too comes later and finds them. */
export async function loadTable(tools: LoadTools, load: TableLoad): Promise<WriteOutcome> {
  assertLoadable(load.table);
  tools.faults('load.before-transaction');
  const result = await tools.file.transaction((connection) => loadPending(connection, tools, load), load.signal);
  tools.faults('load.after-commit');
  return result;
}

async function loadPending(connection: DuckDBConnection, tools: LoadTools, load: TableLoad): Promise<WriteOutcome> {
  const { table, deadLetters, fullRefresh = false } = load;
  const names = { table: table.name, quotedTable: quoteTable(table.name, 'duckdb'), deadLetters: quoteTable(deadLetters.name, 'duckdb') };
  const state = await lockTable(connection, table.name, table.generation);
  await ensureColumns(connection, deadLetters);
  if (fullRefresh) await recreateTable(connection, table, loadColumns);
  const made = fullRefresh ? 'created' : await ensureColumns(connection, table, loadColumns);
  // one that somebody else emptied is filled again, whatever the ledger says
  const isAnew = made === 'created' || (await isEmptied(connection, table.name, state));
  if (isAnew && !fullRefresh && load.behind === true) throw tableEmptied(table.name);
  if (isAnew) {
    await forgetLoads(connection, names);
    await connection.run('DELETE FROM _spindle.writes WHERE table_name = $1', [table.name]);
  } else {
    assertGeneration(table, { generation: state.generation, rows: state.digest.rows }, made === 'altered');
  }
  const { pending, files, replaced } = chooseCandidates(
    load.objects,
    await readLoads(
      connection,
      table.name,
      load.objects.map(({ key }) => key),
    ),
  );
  if (replaced.length > 0)
    await forgetLoads(
      connection,
      names,
      replaced.map(({ key }) => key),
    );
  const [last] = await selectRows(connection, `SELECT coalesce(max(rowid), -1) AS id FROM ${names.quotedTable}`);

  await insertAll(connection, tools, { load, pending });
  const loaded = [...pending, ...(await insertFiles(connection, tools.staging, { load, files }))];
  // last: what a replay resolves may have come with the same load
  const resolved = await resolveLetters(connection, tools.staging, { load, pending });
  tools.faults('load.after-insert');

  const digest = loadedDigest({ loaded, replaced }, isAnew ? emptyDigest : state.digest, table.generation);
  const { generation } = table;
  await addLoads(connection, { table: table.name, generation, sequence: state.sequence, loadedAt: load.loadedAt, objects: loaded });
  await writeState(connection, table.name, { ...state, generation, digest });
  const touched = await countTouched(connection, load, last?.['id'] as bigint);
  tools.faults('load.before-commit');
  return loadOutcome(load, { loaded, resolved, digest, touched });
}

async function insertAll(
  connection: DuckDBConnection,
  tools: LoadTools,
  work: { readonly load: TableLoad; readonly pending: readonly LoadObject[] },
): Promise<void> {
  const { load, pending } = work;
  const total = sumOf(pending, ({ rows, rejected }) => rows + rejected);
  let done = 0;
  for (const objects of groups(pending)) {
    load.signal?.throwIfAborted();
    await insertGroup(connection, tools.staging, { load, objects });
    await insertRejected(connection, tools.staging, { load, objects });
    done += sumOf(objects, ({ rows, rejected }) => rows + rejected);
    load.progress?.(done, total);
  }
}

/** Flagged records are few and pass through Node: their part of the object is read by its byte range. */
async function insertRejected(
  connection: DuckDBConnection,
  staging: Staging,
  work: { readonly load: TableLoad; readonly objects: readonly LoadObject[] },
): Promise<void> {
  const { load } = work;
  const flagged = work.objects.filter(({ rejected }) => rejected > 0);
  if (flagged.length === 0) return;
  async function* rows() {
    for (const object of flagged) yield* await readRejected(load, object);
  }
  const staged = await staging.writeRows(rows(), load.signal);
  try {
    const { columns, name } = load.deadLetters;
    const list = columns.map((column) => quoteIdentifier(column.name, 'duckdb')).join(', ');
    const source = readJson({ paths: [staged.path], columns, compression: 'uncompressed' });
    const inserted = await runCounted(
      connection,
      `INSERT INTO ${quoteTable(name, 'duckdb')} (${list}) SELECT ${columns.map(readColumn).join(', ')} FROM ${source}`,
    );
    if (inserted !== staged.rows)
      throw new SpindleError('INTERNAL', `${staged.rows} dead letters were staged for ${name} and ${inserted} inserted`);
  } finally {
    await staging.remove(staged.path);
  }
}

/** Rows of this transaction by slice: their ids are above every earlier one. */
async function countTouched(
  connection: DuckDBConnection,
  { table, touched }: TableLoad,
  last: bigint,
): Promise<ReadonlyMap<string, number>> {
  if (touched === undefined) return new Map();
  const at = `CAST(${quoteIdentifier(touched.column, 'duckdb')} AS TIMESTAMP)`;
  const rows = await selectRows(
    connection,
    `SELECT epoch_ms(date_trunc('${touched.unit}', ${at})) AS slice, count(*) AS n FROM ${quoteTable(table.name, 'duckdb')}
     WHERE rowid > ${last} AND ${at} IS NOT NULL GROUP BY slice ORDER BY slice`,
  );
  return new Map(rows.map(({ slice, n }) => [new Date(Number(slice)).toISOString(), Number(n)]));
}

/** Each of objects of one compression: one statement reads them. */
function* groups(objects: readonly LoadObject[]): Iterable<readonly LoadObject[]> {
  let group: LoadObject[] = [];
  let bytes = 0;
  for (const object of objects) {
    const isFull = group.length >= GROUP_OBJECTS || bytes + object.size > GROUP_BYTES;
    if (group.length > 0 && (isFull || object.compression !== group[0]?.compression)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(object);
    bytes += object.size;
  }
  if (group.length > 0) yield group;
}
