import type { z } from 'zod';
import type { PartitionSlice } from '../partitions/slice.ts';
import type { Resource } from '../resource/resource.ts';
import {
  warehouse as defaultWarehouse,
  type LoadObject,
  type SliceFilter,
  type TableSpec,
  type Warehouse,
  type WarehouseRow,
  type WriteMode,
  type WriteOutcome,
} from '../resource/warehouse.ts';
import { columnProblems } from '../schema/column-problems.ts';
import { columnsOf } from '../schema/columns-of.ts';
import { DeadLetter } from '../schema/dead-letter.ts';
import { rowValidator } from '../schema/row-validator.ts';
import { givenTable, tableHandle } from './table-read.ts';
import type { ObjectsHandle, ObjectsReader } from './objects-handle.ts';
import type { Row } from './row.ts';
import type { RowsIn } from './rows.ts';
import { defineStore, type Store, type StoreContext, type Written } from './store.ts';
import type { TableHandle } from './table-handle.ts';

export interface TableOptions<S extends Row, N extends string> {
  /** Another warehouse than the one named `warehouse`. */
  on?: Resource<N, Warehouse>;
  /** Columns that identify a row; `merge` needs them. */
  key?: readonly (keyof z.output<S> & string)[];
  /** `replace` unless given: the table, or of a partitioned asset the slice. `append` adds each write (or object) once. */
  write?: WriteMode;
  /** The column that tells which partition a row belongs to: of a partitioned asset, and, as event time, of one that is not. */
  partitionBy?: keyof z.output<S> & string;
}

type Resources<N extends string> = { warehouse: Resource<N, Warehouse> };
type In<S extends Row> = RowsIn<z.input<S>> | ObjectsHandle<unknown, z.input<S>>;

/** A table of the warehouse. It takes rows, or an objects handle to load in bulk: those rows never pass through Node. */
export function table<S extends Row, const N extends string = 'warehouse'>(
  name: string,
  schema: S,
  options: TableOptions<S, N> = {},
): Store<In<S>, TableHandle<z.output<S>>, Resources<N>> {
  const { write: mode = 'replace', key = [], partitionBy } = options;
  const resources: Resources<N> = { warehouse: options.on ?? (defaultWarehouse as Resource<string, Warehouse> as Resource<N, Warehouse>) };
  const specOf = ({ assetKey, generation, description }: StoreContext<Resources<N>>): TableSpec => ({
    name,
    columns: columnsOf(schema, { asset: assetKey }),
    key,
    generation,
    ...(description !== undefined && { description }),
  });
  const client = (context: StoreContext<Resources<N>>): Warehouse => context.resources.warehouse as Warehouse;
  return defineStore<In<S>, TableHandle<z.output<S>>, Resources<N>>({
    kind: 'table',
    durable: true,
    readsRows: true,
    accumulates: mode !== 'replace',
    exclusive: true,
    resources,
    schema,
    location: name,
    problems: (assetKey, partitioned) => [
      ...tableProblems(name, schema, { mode, key, partitionBy, partitioned }),
      ...columnProblems(schema, assetKey),
    ],
    async write(value, context) {
      const spec = specOf(context);
      if (isObjects(value) && value.reader !== undefined)
        return written(await loadObjects(client(context), value.reader, { spec, context, partitionBy }));
      const validate = rowValidator(schema, context.assetKey);
      const rows = validated(isObjects(value) ? value.rows() : value, validate);
      const slices = slicesOf(context.partitions, partitionBy);
      const { fullRefresh, identity, signal } = context;
      const outcome = await client(context).write({
        table: spec,
        mode: fullRefresh ? 'replace' : mode,
        fullRefresh,
        rows,
        ...(slices && { slices }),
        identity: `${context.assetKey}@${identity}`,
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
    ...(partitionBy !== undefined && {
      sliceVersions: (context, unit, timezone) => client(context).sliceVersions(name, partitionBy, unit, timezone),
    }),
    given: (rows, version) => givenTable({ name, rows: rows as readonly z.output<S>[], version }),
  });
}

const isObjects = <T>(value: T): value is Extract<T, { readonly kind: 'objects' }> =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'objects';

interface LoadContext {
  readonly spec: TableSpec;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the warehouse resource is called
  readonly context: StoreContext<any>;
  readonly partitionBy: string | undefined;
}

async function loadObjects(client: Warehouse, reader: ObjectsReader, { spec, context, partitionBy }: LoadContext): Promise<WriteOutcome> {
  const listed = [];
  for await (const object of reader.list(context.signal)) listed.push(object);
  const candidates = context.fullRefresh ? listed : await client.unloaded(spec, listed);
  const objects: LoadObject[] = [];
  for (const object of candidates) {
    context.signal.throwIfAborted();
    objects.push(await reader.describe(object));
  }
  const [schemaName] = spec.name.split('.');
  const deadLetters: TableSpec = {
    name: `${schemaName}.dead_letters`,
    columns: columnsOf(DeadLetter, { asset: spec.name }),
    key: [],
    generation: 'dead-letters-1',
  };
  const outcome = await client.load({
    table: spec,
    lake: reader.lake,
    objects,
    deadLetters,
    loadedAt: context.now().toISOString(),
    ...(partitionBy !== undefined && { touched: { column: partitionBy, unit: 'hour' } }),
    fullRefresh: context.fullRefresh,
    signal: context.signal,
    progress: context.progress,
  });
  return { ...outcome, skippedObjects: outcome.skippedObjects + listed.length - candidates.length };
}

async function* validated(
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  validate: ReturnType<typeof rowValidator>,
): AsyncIterable<WarehouseRow> {
  let index = 0;
  for await (const row of rows) yield validate(row, index++);
}

function written({ rows, bytes, version, touched, rejected, objects, skippedObjects }: WriteOutcome): Written {
  const metadata = { ...(rejected > 0 && { rejected }), ...(objects + skippedObjects > 0 && { objects, skippedObjects }) };
  return { rows, bytes, version, metadata, ...(touched.size > 0 && { touched: Object.fromEntries(touched) }) };
}

/** The part of the table that a slice is: by its `partitionBy` column; the whole table where it has none. */
function slicesOf(slice: PartitionSlice, column: string | undefined): readonly SliceFilter[] | undefined {
  if (column === undefined) return undefined;
  switch (slice.kind) {
    case 'all':
      return undefined;
    case 'time':
      return [{ kind: 'ranges', column, ranges: slice.ranges }];
    case 'keys':
      return [{ kind: 'values', column, values: slice.keys }];
    case 'cross':
      return undefined;
  }
}

interface Declared {
  readonly mode: WriteMode;
  readonly key: readonly string[];
  readonly partitionBy: string | undefined;
  readonly partitioned: boolean;
}

function tableProblems(name: string, schema: Row, { mode, key, partitionBy, partitioned }: Declared): readonly string[] {
  const problems: string[] = [];
  if (partitioned && partitionBy === undefined)
    problems.push('the asset has partitions, and its table does not say which of them a row belongs to: add { partitionBy: … }');
  if (!/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/.test(name)) problems.push(`its table "${name}" is not written as schema.table in lower case`);
  if (mode === 'merge' && key.length === 0) problems.push('it merges, and names no key: add { key: [...] }');
  for (const column of [...key, ...(partitionBy === undefined ? [] : [partitionBy])])
    if (!(column in schema.shape)) problems.push(`its schema has no column "${column}"`);
  return problems;
}
