import type { z } from 'zod';
import { SpindleError } from '../errors.ts';
import type { SliceFilter, TableSpec, Warehouse } from '../resource/warehouse.ts';
import { describeIssue } from '../schema/row-validator.ts';
import type { Row } from './row.ts';
import { collect } from './rows.ts';
import type { TableHandle } from './table-handle.ts';

interface TableHandleOptions<S> {
  readonly client: Warehouse;
  readonly spec: TableSpec;
  readonly schema: S;
  readonly slices: readonly SliceFilter[] | undefined;
  readonly version: string | undefined;
}

export function tableHandle<S extends Row>({ client, spec, schema, slices, version }: TableHandleOptions<S>): TableHandle<z.output<S>> {
  async function* rows(): AsyncIterable<z.output<S>> {
    for await (const row of client.scan(spec, slices && { slices })) yield decode(schema, row, spec.name);
  }
  return {
    kind: 'table',
    table: spec.name,
    version,
    rows,
    all: () => collect(rows()),
    count: () => client.count(spec.name, slices),
    sql: async (shape, query, params) => (await client.query(query, params)).map((row) => decode(shape, row, 'the query')),
  };
}

/** Rows as the warehouse gives them, with SQL's nulls where the schema says optional. */
function decode<S extends Row>(schema: S, row: Readonly<Record<string, unknown>>, place: string): z.output<S> {
  const present: Record<string, unknown> = {};
  for (const name in schema.shape) {
    const value = row[name];
    if (value !== null && value !== undefined) present[name] = value;
    else if (!schema.shape[name]?.safeParse(undefined).success) present[name] = null;
  }
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  throw new SpindleError(
    'ROWS_INVALID',
    `A row of ${place} does not fit its schema: ${result.error.issues.map(describeIssue).join('; ')}.`,
    {
      remedy:
        'The table was changed behind the schema, or the schema after the table was filled: compare them, or rebuild it with --full-refresh.',
    },
  );
}

/** Rows that a test gave in place of a table. They cannot be queried with SQL: that takes a warehouse. */
export function givenTable<T>({ name, rows, version }: { name: string; rows: readonly T[]; version: string }): TableHandle<T> {
  async function* each(): AsyncIterable<T> {
    yield* rows;
  }
  const sql = () =>
    Promise.reject(
      new SpindleError('RESOURCE_MISSING', `Rows given in place of ${name} cannot be queried with SQL.`, {
        remedy: 'Materialize the table in a memory warehouse instead of giving its rows.',
      }),
    );
  return { kind: 'table', table: name, version, rows: each, all: async () => [...rows], count: async () => rows.length, sql };
}
