import { describe, expect, it } from 'vitest';
import { asset, materialize, partitions, table, value } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { z } from 'zod';

const Hour = z.object({ hour: z.iso.datetime(), n: z.int() });
const hours = asset('hours', {
  store: table('silver.hours', Hour, { partitionBy: 'hour' }),
  partitions: partitions.hourly({ start: '2026-01-01T00:00Z' }),
}).run((_, { partition }) => [{ hour: partition.start.toISOString(), n: 1 }]);
const days = asset('days', { store: value(z.int()), partitions: partitions.daily({ start: '2026-01-01' }), deps: { hours } }).run(
  ({ hours }) => hours.count(),
);
const regions = asset('regions', { store: value(z.string()), partitions: partitions.of(['eu', 'us']) }).run(
  (_, { partition }) => partition,
);
const now = '2026-01-05T00:00:00Z';

describe('a partition that is asked for', () => {
  it('means, for assets of a finer unit, the partitions within it', async () => {
    const run = await materialize([hours, days], { ...ephemeral({ now }), partition: '2026-01-02' });
    expect(run.ok).toBe(true);
    expect(run.events.filter((event) => event.type === 'asset.materialized' && event.asset === 'hours')).toHaveLength(24);
    expect(await run.output(days, { partition: '2026-01-02' })).toBe(24);
  });

  it('means, for assets of a coarser unit, the partition around it', async () => {
    const run = await materialize([hours, days], { ...ephemeral({ now }), partition: '2026-01-02T05:00Z' });
    const made = run.events.flatMap((event) => (event.type === 'asset.materialized' ? [`${event.asset} ${event.partition}`] : []));
    expect(made).toEqual(['hours 2026-01-02T05:00Z', 'days 2026-01-02']);
  });

  it('is refused where an asset of another kind has no such partition', async () => {
    await expect(materialize([days, regions], { ...ephemeral({ now }), partition: '2026-01-02' })).rejects.toMatchObject({
      code: 'PARTITION_UNKNOWN',
      place: { asset: 'regions' },
    });
  });
});
