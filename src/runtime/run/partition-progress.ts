import type { AssetDefinition } from '../declare/definition.ts';
import type { RunContext } from './run-context.ts';

/** Tells how many partitions of an asset are done, as progress of the asset as a whole. */
export interface PartitionProgress {
  expect(total: number): void;
  /** One partition, or all of a range. */
  done(partition: string | undefined): void;
}

export function partitionProgress(run: RunContext, asset: AssetDefinition): PartitionProgress {
  const space = asset.backfill === 'range' ? run.record.space(asset.key) : undefined;
  let [done, total] = [0, 0];
  const tell = (): void => {
    if (total > 1) run.progress({ asset: asset.key, partition: undefined }, done, total);
  };
  return {
    expect(count) {
      total = count;
      tell();
    },
    done(partition) {
      done += partition === undefined ? 1 : (space?.range(partition)?.count() ?? 1);
      tell();
    },
  };
}
