import type { z } from 'zod';
import type { Resource } from '../resource/resource.ts';
import {
  warehouse as defaultWarehouse,
  type TableSpec,
  type Warehouse,
  type WarehouseRow,
  type WriteMode,
  type WriteOutcome,
} from '../resource/warehouse.ts';
import { columnProblems } from '../schema/column-problems.ts';
import { columnShape } from '../schema/column-type.ts';
import type { Column } from '../schema/column.ts';
import { columnsOf } from '../schema/columns-of.ts';
import { rowValidators, type RowValidator } from '../schema/row-validator.ts';
import { tableHandle } from './table-read.ts';
import { loadObjects } from './load-objects.ts';
import type { ObjectsHandle } from './objects-handle.ts';
import { returnedRows } from './returned-rows.ts';
import type { Row } from './row.ts';
import type { RowsIn } from './rows.ts';
import { givenTable, rowsAtRest } from './given-table.ts';
import { partitionByProblems, partitionColumns, slicesOf, type PartitionBy } from './partition-columns.ts';
import { referenceProblems, type ColumnReference } from './references.ts';
import { defineStore, type Store, type StoreContext, type Written } from './store.ts';
import type { TableHandle } from './table-handle.ts';

export interface TableOptions<S extends Row, N extends string> {
  /** Another warehouse than the one named `warehouse`. */
  on?: Resource<N, Warehouse>;
  /** Columns that identify a row; `merge` needs them. */
  key?: readonly (keyof z.output<S> & string)[];
  /** `replace` unless given: the table, or of a partitioned asset the slice. `append` adds each write (or object) once. */
  write?: WriteMode;
  /** The column that tells which partition a row belongs to: of a partitioned asset (of a cross, one for each dimension), and, as event time, of one that is not. */
  partitionBy?: PartitionBy<keyof z.output<S> & string>;
  /** Columns whose values are those of a column of another table. Nothing holds them to it but the test that dbt gets of it. */
  references?: { readonly [C in keyof z.output<S> & string]?: ColumnReference };
  /** The column that says when a row was written, where no load of objects does (`_loaded_at`): what dbt measures the table's freshness by. */
  loadedAt?: keyof z.output<S> & string;
}

type Resources<N extends string> = { warehouse: Resource<N, Warehouse> };
/** What a table takes. */
type TableRows<Row> = RowsIn<Row> | ObjectsHandle<unknown, Row>;

/** A table of the warehouse. It takes rows, or an objects handle to load in bulk: those rows never pass through Node. */
export function table<S extends Row, const N extends string = 'warehouse'>(
  name: string,
  schema: S,
  options: TableOptions<S, N> = {},
): Store<TableRows<z.input<S>>, TableHandle<z.output<S>>, Resources<N>> {
  const { write: mode = 'replace', key = [], partitionBy, loadedAt } = options;
  const references = (options.references ?? {}) as Readonly<Record<string, ColumnReference>>;
  const eventTime = typeof partitionBy === 'string' ? partitionBy : undefined;
  const resources: Resources<N> = { warehouse: options.on ?? (defaultWarehouse as Resource<string, Warehouse> as Resource<N, Warehouse>) };
  const specOf = ({ assetKey, generation, description }: StoreContext<Resources<N>>): TableSpec => ({
    name,
    columns: columns(assetKey),
    key,
    generation,
    ...(description !== undefined && { description }),
  });
  const validators = rowValidators(schema);
  const columnsByAsset = new Map<string, readonly Column[]>();
  const columns = (asset: string): readonly Column[] => {
    const known = columnsByAsset.get(asset) ?? columnsOf(schema, { asset });
    columnsByAsset.set(asset, known);
    return known;
  };
  const encode = rowsAtRest(schema);
  // The partitions of a run read the same given rows, one after the other.
  const checked = new WeakMap<readonly unknown[], readonly WarehouseRow[]>();
  const atRest = (rows: readonly unknown[], assetKey: string): readonly WarehouseRow[] => {
    const known = checked.get(rows) ?? encode(rows, assetKey);
    checked.set(rows, known);
    return known;
  };
  const client = (context: StoreContext<Resources<N>>): Warehouse => context.resources.warehouse as Warehouse;
  return defineStore<TableRows<z.input<S>>, TableHandle<z.output<S>>, Resources<N>>({
    kind: 'table',
    durable: true,
    readsRows: true,
    accumulates: mode !== 'replace',
    exclusive: true,
    resources,
    schema,
    location: name,
    slices: true,
    table: { write: mode, key, partitionBy, references, loadedAt },
    problems: (assetKey, partitions) => [
      ...partitionByProblems(partitionBy, partitions),
      ...tableProblems(name, schema, { mode, key, partitionBy, loadedAt }),
      ...referenceProblems(schema, references),
      ...columnProblems(schema, assetKey),
    ],
    async write(value, context) {
      const spec = specOf(context);
      if (isObjects(value) && value.reader !== undefined)
        return written(await loadObjects(client(context), value.reader, { spec, context, partitionBy: eventTime }));
      const validate = validators(context.assetKey);
      const rows = validated(isObjects(value) ? value.rows() : returnedRows(value, context.assetKey), validate);
      const slices = slicesOf(context.partitions, partitionBy);
      const { fullRefresh, signal } = context;
      const outcome = await client(context).write({
        table: spec,
        mode: fullRefresh ? 'replace' : mode,
        fullRefresh,
        rows,
        ...(slices && { slices }),
        identity: `${context.assetKey}@${context.identity()}`,
        signal,
      });
      return written(outcome);
    },
    read: (context) =>
      tableHandle({
        client: client(context),
        spec: specOf(context),
        schema,
        slices: slicesOf(context.partitions, partitionBy),
        version: context.version,
      }),
    async version(context) {
      const whole = await client(context).version(name);
      return context.partition === undefined ? whole : whole && context.version;
    },
    ...(eventTime !== undefined && {
      sliceVersions: (context, unit, timezone) => client(context).sliceVersions(name, eventTime, unit, timezone),
    }),
    given: (rows, version, { assetKey, partitions, resources: open }) =>
      givenTable({
        name,
        rows: rows as readonly unknown[],
        atRest: atRest(rows as readonly unknown[], assetKey),
        slices: slicesOf(partitions, partitionBy),
        version,
        warehouse: async () => (await open()).warehouse as Warehouse,
      }),
    standIn: (rows, assetKey) => ({
      warehouse: resources.warehouse.name,
      given: { table: { name, columns: columns(assetKey), key, generation: 'given' }, rows: atRest(rows, assetKey) },
      partitionBy,
    }),
  });
}

const isObjects = <T>(value: T): value is Extract<T, { readonly kind: 'objects' }> =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'objects';

async function* validated(rows: Iterable<unknown> | AsyncIterable<unknown>, validate: RowValidator): AsyncIterable<WarehouseRow> {
  let index = 0;
  for await (const row of rows) yield validate(row, index++);
}

function written(outcome: WriteOutcome): Written {
  const { rows, bytes, version, sliceVersion = version, touched, rejected, resolved, objects, skippedObjects } = outcome;
  const metadata = {
    ...(rejected > 0 && { rejected }),
    ...(resolved !== undefined && { resolved }),
    ...(objects + skippedObjects > 0 && { objects, skippedObjects }),
  };
  return { rows, bytes, version: sliceVersion, metadata, ...(touched.size > 0 && { touched: Object.fromEntries(touched) }) };
}

interface Declared {
  readonly mode: WriteMode;
  readonly key: readonly string[];
  readonly partitionBy: PartitionBy | undefined;
  readonly loadedAt: string | undefined;
}

function tableProblems(name: string, schema: Row, { mode, key, partitionBy, loadedAt }: Declared): readonly string[] {
  const problems: string[] = [];
  if (!/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/.test(name)) problems.push(`its table "${name}" is not written as schema.table in lower case`);
  if (mode === 'merge' && key.length === 0) problems.push('it merges, and names no key: add { key: [...] }');
  for (const column of [...key, ...partitionColumns(partitionBy), ...(loadedAt === undefined ? [] : [loadedAt])])
    if (!(column in schema.shape)) problems.push(`its schema has no column "${column}"`);
  const loaded = loadedAt === undefined ? undefined : schema.shape[loadedAt];
  const shape = loaded && columnShape(loaded);
  if (shape !== undefined && !('problem' in shape) && shape.type !== 'timestamp')
    problems.push(`its column "${loadedAt}" is ${shape.type}, and loadedAt is an instant: name one of z.iso.datetime()`);
  return problems;
}
