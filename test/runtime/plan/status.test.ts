import { describe, expect, it } from 'vitest';
import { asset, partitions, value } from 'spindle';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { createPartitionSpaces } from '../../../src/runtime/partitions/space.ts';
import { createRecord, emptyState } from '../../../src/runtime/plan/record.ts';
import { statusesOf } from '../../../src/runtime/plan/status.ts';

describe('the status of a partitioned asset', () => {
  it('is failed where a partition failed that was never materialized', () => {
    const days = asset('days', { store: value(), partitions: partitions.daily({ start: '2026-01-01' }) }).run(() => 1);
    const graph = buildGraph({ assets: [days.definition], checks: [], jobs: [] });
    const record = createRecord(
      emptyState,
      new Map(),
      createPartitionSpaces((key) => graph.get(key).partitions, {}),
    );
    const statuses = () => {
      const planned = {
        asset: days.definition,
        action: 'skip',
        steps: [],
        unlisted: 0,
        fresh: 0,
        waitsFor: [],
        blockedBy: undefined,
      } as const;
      return [...statusesOf({ record, now: new Date('2026-01-03') }, { assets: [planned], checks: [] })('days')];
    };
    expect(statuses()).toEqual([]);
    const error = { code: 'ASSET_FAILED', message: 'no', transient: false } as const;
    const at = '2026-01-03T00:00:00Z';
    record.apply({ type: 'step.failed', run: 'r', at, asset: 'days', partition: '2026-01-02', attempt: 1, error, milliseconds: 1 });
    expect(statuses()).toEqual(['failed']);
  });
});
