import { SpindleError } from '../runtime/errors.ts';
import type { Graph } from '../runtime/graph/graph.ts';
import { createTimeZones } from '../runtime/partitions/time-zone.ts';
import type { PartitionRequest } from '../runtime/run/event.ts';
import { requestPartition } from '../runtime/plan/requested-partition.ts';

/** PARTITION_UNSUPPORTED where none of the assets has partitions, PARTITION_UNKNOWN where this is none of one that has. */
export function requirePartition(graph: Graph, keys: readonly string[], partitions: PartitionRequest): void {
  const partitioned = keys.map((key) => graph.get(key)).filter(({ partitions }) => partitions !== undefined);
  requestPartition(partitioned, partitions, { zones: createTimeZones() });
  if (partitioned.length > 0 || keys.length === 0) return;
  const what = keys.length === 1 ? `The asset ${keys[0]} has` : 'The selected assets have';
  throw new SpindleError('PARTITION_UNSUPPORTED', `${what} no partitions: "${partitions.key}" cannot be one.`, {
    field: '--partition',
    remedy: 'Leave --partition out, or select assets that have partitions: `spindle list` shows which do.',
  });
}
