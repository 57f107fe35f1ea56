import type { AssetDefinition } from '../declare/definition.ts';
import { SpindleError } from '../errors.ts';
import { parsePartition } from '../partitions/key.ts';
import type { RunContext } from './run-context.ts';

/** Whether a value of the asset can be read by this key: PARTITION_UNKNOWN names the partitions that were made where it cannot. */
export function requirePartition(run: RunContext, { key, partitions, store }: AssetDefinition, partition: string | undefined): void {
  if (partitions === undefined) return;
  if (partition !== undefined && run.given(key).some((fixture) => fixture.partition === undefined)) return;
  if (partition !== undefined) parsePartition(partitions, partition, { asset: key, zones: run.zones });
  const made = run.record.partitions(key);
  if (store?.spec.readsRows === true || (partition !== undefined && (store === undefined || made.includes(partition)))) return;
  throw new SpindleError(
    'PARTITION_UNKNOWN',
    partition === undefined
      ? `${key} has a value for each of its partitions.`
      : `The partition ${partition} of ${key} was not materialized.`,
    {
      asset: key,
      ...(partition !== undefined && { partition }),
      remedy: made.length === 0 ? 'None was materialized: see run.explain().' : `Ask for one that was: { partition: '${made[0]}' }.`,
    },
  );
}
