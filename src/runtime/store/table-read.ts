import type { z } from 'zod';
import { SpindleError } from '../errors.ts';
import type { SliceFilter, TableSpec, Warehouse } from '../resource/warehouse.ts';
import { storedRow } from '../schema/stored-row.ts';
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
    const decode = decoder(schema, spec.name);
    for await (const row of client.scan(spec, slices && { slices })) yield decode(row);
  }
  return {
    kind: 'table',
    table: spec.name,
    version,
    rows,
    all: () => collect(rows()),
    count: () => client.count(spec.name, slices),
    sql: async (shape, query, params) => (await client.query(query, params)).map(decoder(shape, 'the query')),
  };
}

/** Decodes rows as the warehouse gives them: with SQL's nulls where a field may be absent. */
export function decoder<S extends Row>(schema: S, place: string): (row: Readonly<Record<string, unknown>>) => z.output<S> {
  const atRest = storedRow(schema);
  return (row) => {
    const result = schema.safeParse(atRest(row));
    if (result.success) return result.data;
    throw new SpindleError(
      'ROWS_INVALID',
      `A row of ${place} does not fit its schema: ${result.error.issues.map(describeIssue).join('; ')}.`,
      {
        remedy:
          'The table was changed behind the schema, or the schema after the table was filled: compare them, or rebuild it with --full-refresh.',
      },
    );
  };
}
