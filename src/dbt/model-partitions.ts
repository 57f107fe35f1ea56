import type { PartitionsDefinition, Partitions, TimeUnit } from '../runtime/partitions/definition.ts';
import type { TransformSlice, TransformVariables } from '../runtime/declare/definition.ts';
import type { PartitionBy } from '../runtime/store/partition-columns.ts';
import type { DbtNode } from './graph.ts';

/** How a model is divided, and how a build of one part is told which. */
export interface ModelPartitions {
  readonly definition: PartitionsDefinition;
  readonly slice: TransformSlice;
  readonly partitionBy: PartitionBy | undefined;
  /** Neighbors in one call. */
  readonly backfill: 'each' | 'range';
}

export interface PerPartitionOptions {
  /** The column that tells which partition a row belongs to, of a cross one for each dimension; the model's `event_time` unless given. */
  partitionBy?: PartitionBy;
  /** With `range`, neighboring partitions are built in one call, whose variables are made of the window over all of them. */
  backfill?: 'each' | 'range';
}

/**
 * Has a model built partition by partition, each with the dbt variables (`--vars`) that `vars` makes of it. Its SQL reads them with `var()` and replaces that part of the
 * table alone: an incremental model with `delete+insert` whose key is the partition's column, say.
 */
export const perPartition = <V>(
  { definition }: Partitions<V>,
  vars: (partition: V) => TransformVariables,
  { partitionBy, backfill = 'each' }: PerPartitionOptions = {},
): ModelPartitions => ({
  definition,
  slice: { kind: 'variables', of: vars as (partition: unknown) => TransformVariables },
  partitionBy,
  backfill,
});

const UNITS: Readonly<Record<string, TimeUnit>> = { hour: 'hour', day: 'day', month: 'month' };

/** The batches of a microbatch model as partitions; undefined for other models, and where batches are years. */
export function batchesOf({ microbatch, eventTime }: DbtNode): ModelPartitions | undefined {
  const unit = microbatch === undefined ? undefined : UNITS[microbatch.batchSize];
  if (microbatch === undefined || unit === undefined || eventTime === undefined) return undefined;
  return {
    definition: { kind: 'time', unit, start: microbatch.begin, timezone: 'UTC' },
    slice: { kind: 'event-time' },
    partitionBy: eventTime,
    backfill: 'range',
  };
}
