import { describe, expect, it } from 'vitest';
import { outletEvents } from '../../../../src/cli/airflow/native/outlet-events.ts';

const outlet = (key: string) => ({ key, name: `shop/${key}`, uri: `spindle://shop/${key}` });
const keyOf = (key: string) => ({ name: `shop/${key}`, uri: `spindle://shop/${key}` });
const eventsOf = (line: object, ...keys: readonly string[]) =>
  outletEvents(JSON.stringify({ materialized: [], assets: {}, ...line }), { arguments: [], outlets: keys.map(outlet) });

describe('the events of outlets', () => {
  it('tell of each partition what was made of it', () => {
    const line = {
      materialized: [
        { asset: 'sales', partition: 'eu', rows: 3, version: 'v', metadata: { source: 'a' } },
        { asset: 'sales', partition: 'us', rows: 5, version: 'v' },
        { asset: 'other', partition: 'us', rows: 9, version: 'v' },
      ],
      assets: { sales: { run: 'r', rows: 8, partitions: ['eu', 'us'] } },
    };
    expect(eventsOf(line, 'sales')).toEqual([
      {
        dest_asset_key: keyOf('sales'),
        extra: { run: 'r', rows: 3, metadata: { source: 'a' }, partitions: ['eu'] },
        partition_key: 'eu',
      },
      { dest_asset_key: keyOf('sales'), extra: { run: 'r', rows: 5, partitions: ['us'] }, partition_key: 'us' },
    ]);
  });

  it('have the counts of all where another task made the partitions, or a range of them', () => {
    const line = { assets: { sales: { rows: 8, partitions: ['eu', 'us'] } } };
    expect(eventsOf(line, 'sales').map(({ extra, partition_key }) => ({ extra, partition_key }))).toEqual([
      { extra: { rows: 8, partitions: ['eu'] }, partition_key: 'eu' },
      { extra: { rows: 8, partitions: ['us'] }, partition_key: 'us' },
    ]);
  });

  it('are one without a key where nothing is partitioned, and none of what the task did not make', () => {
    const line = { assets: { rates: { run: 'r', rows: 8 }, other: { run: 'r' } } };
    expect(eventsOf(line, 'rates', 'fresh')).toEqual([{ dest_asset_key: keyOf('rates'), extra: { run: 'r', rows: 8 } }]);
  });

  it.each(['', ' ', 'x'.repeat(251)])('are refused with the partition key %j, which Airflow does not take', (key) => {
    expect(() => eventsOf({ assets: { sales: { partitions: [key] } } }, 'sales')).toThrow(
      expect.objectContaining({ code: 'PARTITION_UNSUPPORTED', place: { asset: 'sales' } }),
    );
  });
});
