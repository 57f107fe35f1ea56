import { freshnessOf } from '../automation/freshness.ts';
import type { AssetStatus } from '../graph/selection/ast.ts';
import type { Plan } from './plan.ts';
import type { AssetRecord } from './record.ts';

export interface StatusSource {
  readonly record: AssetRecord;
  readonly now: Date;
}

/** The status atoms of the selection language, answered from a plan of everything. */
export function statusesOf({ record, now }: StatusSource, { assets }: Plan): (key: string) => ReadonlySet<AssetStatus> {
  const statuses = new Map(
    assets.map(({ asset, action, steps }) => {
      const found = new Set<AssetStatus>();
      if (action === 'run' || action === 'perhaps' || action === 'blocked') found.add('stale');
      if (steps.some(({ reasons }) => reasons.some(({ kind }) => kind === 'missing' || kind === 'gone'))) found.add('missing');
      const failed = asset.partitions === undefined ? record.failure(asset.key) !== undefined : !record.failed(asset.key).isEmpty;
      if (failed) found.add('failed');
      const freshness = freshnessOf(asset, record, now);
      if (freshness !== undefined && freshness.status !== 'on-time') found.add('overdue');
      return [asset.key, found] as const;
    }),
  );
  return (key) => statuses.get(key) ?? new Set();
}
