import { z } from 'zod';
import { SpindleError } from '../errors.ts';
import { inSlices } from '../resource/row-in-slice.ts';
import type { SliceFilter, Warehouse, WarehouseRow } from '../resource/warehouse.ts';
import { describeIssue } from '../schema/row-validator.ts';
import type { Row } from './row.ts';
import type { TableHandle } from './table-handle.ts';
import { decoder } from './table-read.ts';

/** Given rows as they would lie in the table; ROWS_INVALID names the first that would not fit it. */
export function rowsAtRest(schema: Row): (rows: readonly unknown[], asset: string) => readonly WarehouseRow[] {
  let strict: Row | undefined;
  const encode = (asset: string) => (row: unknown, index: number) => {
    const result = z.safeEncode((strict ??= schema.strict()), row as never);
    if (result.success) return result.data as WarehouseRow;
    const issues = result.error.issues.map(describeIssue);
    throw new SpindleError('ROWS_INVALID', `Rows given for ${asset} do not fit its schema: row ${index}: ${issues.join('; ')}.`, {
      asset,
      issues,
      remedy: 'Correct the rows in given(), or the schema of the store.',
    });
  };
  return (rows, asset) => rows.map(encode(asset));
}

interface GivenTableOptions {
  readonly name: string;
  readonly rows: readonly unknown[];
  /** The same rows as they would lie in the table. */
  readonly atRest: readonly WarehouseRow[];
  readonly slices: readonly SliceFilter[] | undefined;
  readonly version: string;
  warehouse(): Promise<Warehouse>;
}

/** Rows that a test gave in place of a table, or those of them that lie in the slices. Queries go to a warehouse that knows what stands in for which table. */
export function givenTable<T>({ name, rows, atRest, slices, version, warehouse }: GivenTableOptions): TableHandle<T> {
  const inside = inSlices(slices);
  const read = (slices === undefined ? rows : rows.filter((_, index) => inside(atRest[index] ?? {}))) as readonly T[];
  async function* each(): AsyncIterable<T> {
    yield* read;
  }
  return {
    kind: 'table',
    table: name,
    version,
    rows: each,
    all: async () => [...read],
    count: async () => read.length,
    sql: async (shape, query, params) => (await (await warehouse()).query(query, params)).map(decoder(shape, 'the query')),
  };
}
