import type { DuckDBConnection } from '@duckdb/node-api';
import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';
import type { LoadObject, TableLoad } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteLiteral, quoteTable } from '../../../runtime/schema/quote.ts';
import { readGood, unreadable } from '../chain-object.ts';
import { duckDbMessage } from './duckdb-error.ts';
import { fetchObjects } from './fetch-objects.ts';
import { readColumn, readJson } from './read-json.ts';
import { runCounted } from './rows.ts';
import type { Staging } from '../staging.ts';

interface Group {
  readonly load: TableLoad;
  /** Of one compression. */
  readonly objects: readonly LoadObject[];
}

/**
 * Inserts the good rows of some objects by one statement, and checks their number: DuckDB reads a truncated file as a shorter one.
 * What fails is looked up object by object, so that the error names one.
 */
export async function insertGroup(connection: DuckDBConnection, staging: Staging, group: Group): Promise<void> {
  const { paths, discard } = await fetchObjects(staging, group.load, group.objects);
  try {
    const expected = group.objects.reduce((total, { rows }) => total + rows, 0);
    const inserted = await insert(connection, group, paths);
    if (inserted !== expected) {
      const message = `${inserted} rows were read from ${group.objects.length} objects that hold ${expected} by their metadata`;
      throw (
        (await findBad(group)) ??
        new SpindleError('LOAD_COUNT_MISMATCH', message, { remedy: 'Nothing was loaded. Run the same command again.' })
      );
    }
  } finally {
    await discard();
  }
}

async function insert(connection: DuckDBConnection, group: Group, paths: readonly string[]): Promise<number> {
  const { load, objects } = group;
  const { columns, name } = load.table;
  const flagged = objects.some(({ rejected }) => rejected > 0);
  const keys = objects.map(({ key }) => quoteLiteral(key, 'duckdb')).join(', ');
  const list = columns.map((column) => quoteIdentifier(column.name, 'duckdb'));
  const statement = `
    INSERT INTO ${quoteTable(name, 'duckdb')} (${[...list, '_object', '_loaded_at'].join(', ')})
    SELECT ${[...columns.map(readColumn), `[${keys}][file_index::BIGINT + 1]`, `TIMESTAMPTZ ${quoteLiteral(load.loadedAt, 'duckdb')}`].join(', ')}
    FROM ${readJson({ paths, columns, compression: objects[0]?.compression ?? 'gzip', flagged })}${flagged ? ' WHERE _rejected IS NULL' : ''}`;
  try {
    return await runCounted(connection, statement);
  } catch (error) {
    if (load.signal?.aborted) throw error;
    throw await explain(error, group, paths);
  }
}

/** An error of the data names its object; any other, such as of memory or disk, stays. */
async function explain(error: unknown, group: Group, paths: readonly string[]): Promise<unknown> {
  const message = duckDbMessage(error);
  if (message === undefined || !/^(IO|Invalid Input|Conversion|Constraint) Error/.test(message) || message.includes('No space left'))
    return error;
  const bad = await findBad(group);
  if (bad !== undefined) return bad;
  const named = group.objects[paths.findIndex((path) => message.includes(path))];
  return named === undefined ? error : unreadable(named.key, error);
}

/** The error of the first object whose good part Node cannot read or counts otherwise than its metadata. */
async function findBad({ load, objects }: Group): Promise<SpindleError | undefined> {
  for (const object of objects) {
    load.signal?.throwIfAborted();
    try {
      await readGood(load.lake, object);
    } catch (error) {
      if (isSpindleError(error)) return error;
      throw error;
    }
  }
  return undefined;
}
