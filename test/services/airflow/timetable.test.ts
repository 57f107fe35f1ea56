import { describe, expect, it } from 'vitest';
import { fixture } from './fixture.ts';
import { partitionMappings, scheduledRuns } from './timetable.ts';

const file = fixture('3.3/partitions.py');
const of = (name: string) => ({ name: `shop.${name}`, uri: `spindle://shop/${name}` });
const range = (count: number, key: (index: number) => string) => Array.from({ length: count }, (_, index) => key(index));
const two = (value: number) => String(value).padStart(2, '0');

describe('scheduledRuns', () => {
  it.each([
    ['3.3', '3.3/orders.py', 'orders'],
    ['2.9', '2.9/shop.py', 'shop'],
  ] as const)('lists the data intervals of a cron on Airflow %s', async (airflow, path, dagId) => {
    const [runs] = await scheduledRuns(airflow, [{ file: fixture(path), dagId, from: '2026-01-01T00:00Z', to: '2026-01-01T02:00Z' }]);
    expect(runs).toMatchObject([
      { runAfter: '2026-01-01T01:00:00Z', start: '2026-01-01T00:00:00Z', end: '2026-01-01T01:00:00Z', partitionKey: null },
      { runAfter: '2026-01-01T02:00:00Z', start: '2026-01-01T01:00:00Z', end: '2026-01-01T02:00:00Z', partitionKey: null },
    ]);
  });

  it('lists the partitions of a cron, of which the first ends where the DAG starts', async () => {
    const [hours, days] = await scheduledRuns('3.3', [
      { file, dagId: 'hours', from: '2026-01-01T01:00Z', to: '2026-01-01T02:00Z' },
      { file, dagId: 'days_from_cron_berlin', from: '2026-03-28T23:00Z', to: '2026-03-30T00:00Z' },
    ]);
    expect(hours).toMatchObject([
      { runAfter: '2026-01-01T01:00:00Z', partitionKey: '2026-01-01T00:00Z', start: null },
      { runAfter: '2026-01-01T02:00:00Z', partitionKey: '2026-01-01T01:00Z', start: null },
    ]);
    expect(days!.map((run) => [run.runAfter, run.partitionKey])).toEqual([
      ['2026-03-28T23:00:00Z', '2026-03-28'],
      ['2026-03-29T22:00:00Z', '2026-03-29'],
    ]);
  });

  it('lists the ticks of a schedule that assets trigger too', async () => {
    const [runs] = await scheduledRuns('3.3', [{ file, dagId: 'asset_or_time', from: '2026-01-01T00:00Z', to: '2026-01-01T01:00Z' }]);
    expect(runs).toMatchObject([{ runAfter: '2026-01-01T01:00:00Z', start: '2026-01-01T00:00:00Z' }]);
  });

  it('fails for a DAG that the file does not have', async () => {
    await expect(scheduledRuns('3.3', [{ file, dagId: 'nothing', from: '2026-01-01', to: '2026-01-02' }])).rejects.toThrow(
      'has no DAG nothing',
    );
  });
});

describe('partitionMappings', () => {
  it('rolls hours up to days, days to weeks and months, and a list to one', async () => {
    const hours = range(24, (hour) => `2026-01-01T${two(hour)}:00Z`);
    const [days, weeks, months, all] = await partitionMappings([
      { file, dagId: 'days', asset: of('hourly'), upstream: hours.slice(22), downstream: ['2026-01-01'] },
      { file, dagId: 'weeks', asset: of('daily'), upstream: ['2026-01-11'], downstream: ['2026-01-05'] },
      { file, dagId: 'months', asset: of('daily'), upstream: ['2026-02-28'], downstream: ['2026-02'] },
      { file, dagId: 'all_regions', asset: of('regional'), upstream: ['eu'], downstream: ['all'] },
    ]);
    expect(days).toEqual({
      mapper: 'RollupMapper',
      toDownstream: { '2026-01-01T22:00Z': ['2026-01-01'], '2026-01-01T23:00Z': ['2026-01-01'] },
      toUpstream: { '2026-01-01': hours },
      partitionDate: { '2026-01-01': '2026-01-01T00:00:00Z' },
    });
    expect(weeks!.toDownstream).toEqual({ '2026-01-11': ['2026-01-05'] });
    expect(weeks!.toUpstream).toEqual({ '2026-01-05': range(7, (day) => `2026-01-${two(day + 5)}`) });
    expect(months!.toDownstream).toEqual({ '2026-02-28': ['2026-02'] });
    expect(months!.toUpstream).toEqual({ '2026-02': range(28, (day) => `2026-02-${two(day + 1)}`) });
    expect(all!.toUpstream).toEqual({ all: ['eu', 'us'] });
  });

  it('fans days out to hours and weeks and months to days', async () => {
    const [hours, daysOfWeek, daysOfMonth] = await partitionMappings([
      { file, dagId: 'hours_of_days', asset: of('daily'), upstream: ['2026-01-01'] },
      { file, dagId: 'days_of_weeks', asset: of('weekly'), upstream: ['2026-01-05'] },
      { file, dagId: 'days_of_months', asset: of('monthly'), upstream: ['2026-02'] },
    ]);
    expect(hours!.toDownstream).toEqual({ '2026-01-01': range(24, (hour) => `2026-01-01T${two(hour)}:00Z`) });
    expect(daysOfWeek!.toDownstream).toEqual({ '2026-01-05': range(7, (day) => `2026-01-${two(day + 5)}`) });
    expect(daysOfMonth!.toDownstream).toEqual({ '2026-02': range(28, (day) => `2026-02-${two(day + 1)}`) });
  });

  it('tells of a key that a mapper refuses', async () => {
    const [regions, product] = await partitionMappings([
      { file, dagId: 'regions', asset: of('regional'), upstream: ['eu', 'asia'] },
      {
        file,
        dagId: 'product',
        asset: of('crossed'),
        upstream: ['hour=2026-01-01T00:00Z|region=eu', 'hour=2026-01-01T00:00Z|region=asia'],
      },
    ]);
    expect(regions!.toDownstream).toEqual({ eu: ['eu'], asia: "ValueError: Key 'asia' not in allowed keys ['eu', 'us']" });
    expect(product!.toDownstream).toMatchObject({
      'hour=2026-01-01T00:00Z|region=eu': ['hour=2026-01-01T00:00Z|region=eu'],
      'hour=2026-01-01T00:00Z|region=asia': expect.stringContaining('not in allowed keys') as string,
    });
  });
});
