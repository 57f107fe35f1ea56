import type { z } from 'zod';
import type { PartitionSlice } from '../partitions/slice.ts';
import type { PartitionsDefinition, TimeUnit } from '../partitions/definition.ts';
import type { Clock } from '../resource/clock.ts';
import type { Faults } from '../resource/faults.ts';
import type { Opened, Resources } from '../resource/resource.ts';
import type { GivenTable, WriteMode } from '../resource/warehouse.ts';
import type { StreamNotice } from '../stream/notice.ts';
import type { Compression } from './compression.ts';
import type { PartitionBy } from './partition-columns.ts';
import type { ColumnReference } from './references.ts';
import type { Row } from './row.ts';

/** What a store may use while it reads or writes one asset. */
export interface StoreContext<R extends Resources = Resources> {
  readonly resources: Opened<R>;
  readonly assetKey: string;
  /** The name of the project, where the run has one. */
  readonly project: string | undefined;
  /** Keys that the asset had before: a store that lays data by key finds there what was not written since the rename. */
  readonly formerKeys: readonly string[];
  /** The slice that is read or written; `all` for an asset without partitions. */
  readonly partitions: PartitionSlice;
  /** The key of the one partition that is read or written, if it is one. */
  readonly partition: string | undefined;
  /** The partitions in the slice that were materialized: for a store that keeps each by itself. Left out for an asset without partitions. */
  keys?(): readonly string[];
  readonly signal: AbortSignal;
  /** Unique to this attempt of this step. */
  readonly attempt: string;
  /** Equal for two runs of the same code and configuration over the same inputs: what makes a repeated write recognizable. */
  identity(): string;
  /** The asset's code version. */
  readonly generation: string;
  /** The asset's description, for the store's own documentation. */
  readonly description: string | undefined;
  /** True where what is stored is to be rebuilt from its inputs. */
  readonly fullRefresh: boolean;
  /** The version of what is read, as far as it is recorded. */
  readonly version: string | undefined;
  readonly faults: Faults;
  now(): Date;
  progress(done: number, total?: number): void;
}

/** What a store may use while it is kept running. */
export interface StreamContext<R extends Resources = Resources> extends StoreContext<R> {
  readonly clock: Clock;
  /** Fires when it is to end: what was taken in is written, then `stream` resolves. `signal` ends it at once. */
  readonly drain: AbortSignal;
  /** Records a second that are wanted of a producer. */
  readonly rate: number | undefined;
  /** The keys of the assets that the value was read from. */
  readonly inputs: readonly string[];
  tell(notice: StreamNotice): void;
}

/** What a write reports: counts, the version that it produced, and the event-time slices that it touched. */
export interface Written {
  readonly rows?: number;
  readonly bytes?: number;
  readonly version: string;
  /** Rows written, by the ISO instant at which an event-time slice starts. */
  readonly touched?: Readonly<Record<string, number>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What the options of a table say. */
export interface TableFacts {
  readonly write: WriteMode;
  readonly key: readonly string[];
  readonly partitionBy: PartitionBy | undefined;
  /** By column. */
  readonly references: Readonly<Record<string, ColumnReference>>;
  /** The column that says when a row was written. */
  readonly loadedAt: string | undefined;
}

export interface StoreSpec<In, Out, R extends Resources> {
  /** One lower-case word: what `kind:` selects. */
  readonly kind: string;
  /** False where the data does not outlive the process. */
  readonly durable: boolean;
  readonly resources: R;
  /** What each row holds, where the store holds rows. */
  readonly schema?: z.ZodType;
  /** Of a store that holds records which something else wrote: what each of them is held to. `schema` has the columns that landing adds, if it landed them. */
  readonly recordSchema?: Row;
  /** True where several processes may stream it at once, and divide the work among themselves. */
  readonly grouped?: boolean;
  /** How a new object of a landing is compressed. */
  readonly compression?: Compression;
  /** Where the data lies, for people: a topic, a prefix, a table. */
  readonly location?: string;
  /** True where dependents read rows through one handle, over however many partitions; otherwise each partition is one value. */
  readonly readsRows?: boolean;
  /** True where any slice can be written and read as one, not only one partition at a time: what `backfill: 'range'` needs. Whether it still holds anything is then asked of the whole. */
  readonly slices?: boolean;
  /** True where nothing of the project writes it: only a source may have the store. */
  readonly readOnly?: boolean;
  /** True where what is stored was added up over time: a changed code needs all of it to be rebuilt. */
  readonly accumulates?: boolean;
  /** True where two writers at once, of two partitions say, would disturb each other. */
  readonly exclusive?: boolean;
  /** Of a table: what its options say, for those that tell others of it. */
  readonly table?: TableFacts;
  /** Problems of the declaration, found when the graph is built. */
  problems?(assetKey: string, partitions: PartitionsDefinition | undefined): readonly string[];
  write(value: In, context: StoreContext<R>): Promise<Written>;
  /** Of a store that a service fills all the time in production, rather than a schedule: writes as data comes until the context says to end, and tells of each flush. */
  stream?(value: In, context: StreamContext<R>): Promise<void>;
  read(context: StoreContext<R>): Out | Promise<Out>;
  /** The version of what is stored now, of the context's partition where it names one; undefined where nothing is. A store that cannot tell partitions apart gives the context's version as long as it holds anything. */
  version(context: StoreContext<R>): Promise<string | undefined>;
  /** The version of each non-empty slice by event time, where rows carry one: what a time-partitioned dependent of an unpartitioned asset depends on. */
  sliceVersions?(context: StoreContext<R>, unit: TimeUnit, timezone: string): Promise<ReadonlyMap<string, string>>;
  /** What dependents receive in place of stored data when a test gives rows (or the value). Rejects what the store would not take. */
  given(rows: unknown, version: string, access: GivenAccess<R>): Out;
  /** Of a store whose data is queried with SQL: the given rows as a table, ROWS_INVALID where they do not fit. */
  standIn?(rows: readonly unknown[], assetKey: string): StandIn;
}

/** What is around given rows. */
export interface GivenAccess<R extends Resources = Resources> {
  readonly assetKey: string;
  /** The slice that is read. */
  readonly partitions: PartitionSlice;
  /** The store's resources, opened when they are asked for: most tests that give rows need none. */
  resources(): Promise<Opened<R>>;
}

/** Given rows as a table. */
export interface StandIn {
  /** The name of the warehouse that would hold the table. */
  readonly warehouse: string;
  readonly given: GivenTable;
  /** The column (of a cross, the columns) that tells the partition of a row, where the store names one. */
  readonly partitionBy: PartitionBy | undefined;
}

/** Where an asset lives. `In` is what the asset's function returns, `Out` what dependents receive, `R` the resources that the store itself uses. */
export interface Store<In, Out, R extends Resources = {}> {
  readonly kind: string;
  readonly durable: boolean;
  readonly resources: R;
  readonly _io?: (value: In) => Out;
  // oxlint-disable-next-line typescript/no-explicit-any -- the executor holds stores of every type in one list; In and Out are checked where the asset is declared
  readonly spec: StoreSpec<any, any, any>;
}

/** What a user writes: `given` is optional, and without it a test cannot give rows in place of the asset. */
export type StoreDeclaration<In, Out, R extends Resources> = Omit<StoreSpec<In, Out, R>, 'given'> & {
  given?(rows: unknown, version: string, access: GivenAccess<R>): Out;
};

/** Makes a kind of store. The stores of this package are written with it, and so can anyone's be. */
export function defineStore<In, Out, const R extends Resources>(spec: StoreDeclaration<In, Out, R>): Store<In, Out, R> {
  const given = spec.given ?? ((rows: unknown) => rows as Out);
  return { kind: spec.kind, durable: spec.durable, resources: spec.resources, spec: { ...spec, given } };
}
