import { SpindleError } from '../../runtime/errors.ts';
import type { Pipeline } from '../pipeline.ts';

/** Those of the assets that have partitions and are made here; PARTITION_UNSUPPORTED where there are none. */
export function partitionedOf({ session: { graph }, selection }: Pipeline, keys: readonly string[]): readonly string[] {
  const found = keys.filter((key) => {
    const { partitions, run } = graph.get(key);
    return partitions !== undefined && run !== undefined;
  });
  if (found.length > 0 || keys.length === 0) return found;
  throw new SpindleError('PARTITION_UNSUPPORTED', `No asset of "${selection}" has partitions: there is nothing to backfill.`, {
    field: '--select',
    remedy: 'Use `spindle materialize`, or select assets that have partitions: `spindle list` shows which do.',
  });
}
