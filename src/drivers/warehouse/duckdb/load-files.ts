import type { DuckDBConnection } from '@duckdb/node-api';
import { SpindleError } from '../../../runtime/errors.ts';
import type { LoadFile, TableLoad } from '../../../runtime/resource/warehouse.ts';
import type { Column } from '../../../runtime/schema/column.ts';
import { quoteIdentifier, quoteLiteral, quoteTable } from '../../../runtime/schema/quote.ts';
import { countFiles } from '../count-files.ts';
import { lineBatches, type LineBatch } from '../line-batches.ts';
import type { LineFile } from '../line-file.ts';
import type { Counted } from '../outcome.ts';
import { readFiles } from '../read-files.ts';
import type { Staging } from '../staging.ts';
import { readColumn, readJson } from './read-json.ts';
import { runCounted } from './rows.ts';

const BATCH_BYTES = 256 << 20;

/** The key of the file that a row is of travels in its line. */
const OBJECT: Column = { name: '_object', type: 'string', nullable: true };

/** Inserts the rows of the files and their dead letters, and tells how many they are: Node judges each line, and DuckDB reads those that are good. */
export async function insertFiles(
  connection: DuckDBConnection,
  staging: Staging,
  { load, files }: { readonly load: TableLoad; readonly files: readonly LoadFile[] },
): Promise<readonly Counted[]> {
  const counts = countFiles(files);
  if (files.length === 0) return counts.all();
  const batches = lineBatches(staging, counts.counting(readFiles(load, files)), {
    bytes: BATCH_BYTES,
    lineOf: ({ key }, { row }) => `{"_object":${JSON.stringify(key)}${row === '{}' ? '' : ','}${row.slice(1)}`,
  });
  for await (const batch of batches) {
    load.signal?.throwIfAborted();
    await insertBatch(connection, load, batch);
    load.progress?.(counts.lines());
  }
  return counts.all();
}

async function insertBatch(connection: DuckDBConnection, { table, deadLetters, loadedAt }: TableLoad, batch: LineBatch): Promise<void> {
  await insertLines(connection, batch.rows, {
    table: table.name,
    columns: [...table.columns, OBJECT],
    also: [['_loaded_at', `TIMESTAMPTZ ${quoteLiteral(loadedAt, 'duckdb')}`]],
    longest: batch.longest,
  });
  await insertLines(connection, batch.letters, { table: deadLetters.name, columns: deadLetters.columns });
}

interface Insertion {
  readonly table: string;
  readonly columns: readonly Column[];
  /** Columns that have one value for all. */
  readonly also?: readonly (readonly [name: string, value: string])[];
  readonly longest?: number;
}

async function insertLines(connection: DuckDBConnection, lines: LineFile, { table, columns, also = [], longest = 0 }: Insertion) {
  if (lines.lines === 0) return;
  const names = [...columns.map(({ name }) => quoteIdentifier(name, 'duckdb')), ...also.map(([name]) => name)];
  const values = [...columns.map(readColumn), ...also.map(([, value]) => value)];
  const inserted = await runCounted(
    connection,
    `INSERT INTO ${quoteTable(table, 'duckdb')} (${names.join(', ')})
     SELECT ${values.join(', ')} FROM ${readJson({ paths: [lines.path], columns, compression: 'uncompressed', longest })}`,
  );
  if (inserted !== lines.lines)
    throw new SpindleError('INTERNAL', `${lines.lines} lines were staged for ${table} and ${inserted} inserted`);
}
