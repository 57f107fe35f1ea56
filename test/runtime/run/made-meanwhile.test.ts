import { expect, it } from 'vitest';
import { asset, partitions } from 'spindle';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { createPartitionSpaces } from '../../../src/runtime/partitions/space.ts';
import { createTimeZones } from '../../../src/runtime/partitions/time-zone.ts';
import { createRecord, emptyState } from '../../../src/runtime/plan/record.ts';
import { readAgain } from '../../../src/runtime/run/made-meanwhile.ts';
import type { RunContext } from '../../../src/runtime/run/run-context.ts';

it('reads again that a range mended the failure of one of its partitions', async () => {
  const { definition } = asset('days', { partitions: partitions.daily({ start: '2026-01-01' }) }).run(() => 1);
  const options = { zones: createTimeZones(), dynamicKeys: {} };
  const record = createRecord(
    emptyState,
    new Map(),
    createPartitionSpaces(() => definition.partitions, options),
  );
  const runStore = createMemoryRunStore();
  const error = { code: 'ASSET_FAILED' as const, message: 'no', transient: false };
  const made = { version: 'v', codeVersion: 'c', configVersion: 'c', inputs: {}, milliseconds: 1, metadata: {} };
  await runStore.append([
    {
      type: 'step.failed',
      run: 'a',
      at: '2026-01-05T01:00:00.000Z',
      asset: 'days',
      partition: '2026-01-02',
      attempt: 1,
      error,
      milliseconds: 1,
    },
    { type: 'asset.materialized', run: 'b', at: '2026-01-05T02:00:00.000Z', asset: 'days', partition: '2026-01-01..2026-01-03', ...made },
    {
      type: 'step.failed',
      run: 'c',
      at: '2026-01-05T03:00:00.000Z',
      asset: 'days',
      partition: '2026-01-03',
      attempt: 1,
      error,
      milliseconds: 1,
    },
  ]);
  await readAgain({ runStore, record, emit: async () => {} } as unknown as RunContext, ['days']); // all of a run that is asked for
  expect([...record.failed('days').keys()]).toEqual(['2026-01-03']);
  expect(record.failure('days', '2026-01-02')).toBeUndefined();
});
