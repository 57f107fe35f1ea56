import { describe, expect, it } from 'vitest';
import { partitions, type Partitions } from 'spindle';
import { mapperOf, type MapperFound } from '../../../src/codegen/airflow/mapper.ts';
import type { Mapping } from '../../../src/runtime/declare/definition.ts';

const time = (unit: 'hourly' | 'daily' | 'weekly' | 'monthly', timezone = 'UTC') => partitions[unit]({ start: '2026-01-01', timezone });
const map = (upstream: Partitions, downstream: Partitions, mapping: Mapping = { kind: 'same' }): MapperFound =>
  mapperOf({ mapping, upstream: upstream.definition, downstream: downstream.definition });
const kindOf = (found: MapperFound) => ('problem' in found ? 'none' : found.mapper.kind);

describe('the mapper between partitions', () => {
  it.each([
    ['hourly', 'hourly', 'identity'],
    ['hourly', 'daily', 'roll-up'],
    ['hourly', 'weekly', 'start-of'],
    ['hourly', 'monthly', 'start-of'],
    ['daily', 'weekly', 'roll-up'],
    ['daily', 'monthly', 'roll-up'],
    ['daily', 'hourly', 'fan-out'],
    ['weekly', 'daily', 'fan-out'],
    ['weekly', 'hourly', 'chain'],
    ['monthly', 'daily', 'fan-out'],
    ['monthly', 'hourly', 'chain'],
    ['weekly', 'monthly', 'none'],
    ['monthly', 'weekly', 'none'],
  ] as const)('from %s to %s is %s', (upstream, downstream, kind) => {
    expect(kindOf(map(time(upstream), time(downstream)))).toBe(kind);
  });

  it('waits for the last of the finer partitions where Airflow has such a window, and says so where it does not', () => {
    expect(map(time('hourly'), time('daily'))).toEqual({
      mapper: {
        kind: 'roll-up',
        of: { kind: 'start-of', unit: 'day', timezone: 'UTC', input: '%Y-%m-%dT%H:%MZ', output: '%Y-%m-%d' },
        window: 'day',
      },
    });
    expect(map(time('hourly'), time('monthly'))).toHaveProperty('emulated');
    expect(map(time('hourly'), time('daily', 'Europe/Berlin'))).toEqual({
      mapper: { kind: 'start-of', unit: 'day', timezone: 'Europe/Berlin', input: '%Y-%m-%dT%H:%M%z', output: '%Y-%m-%d' },
      emulated: expect.any(String) as string,
    });
  });

  it('reads dates without a zone, since they have none', () => {
    const berlin = map(time('daily', 'Europe/Berlin'), time('monthly', 'Europe/Berlin'));
    expect(berlin).toEqual(map(time('daily'), time('monthly')));
  });

  it('has no hours of a day whose clocks change', () => {
    expect(map(time('daily', 'Europe/Berlin'), time('hourly'))).toEqual({ problem: expect.stringContaining('Europe/Berlin') as string });
  });

  it('takes the keys that are declared, and passes on those that are registered', () => {
    expect(map(partitions.of(['a', 'b', 'c']), partitions.of(['a', 'b']))).toEqual({ mapper: { kind: 'allowed', keys: ['a', 'b'] } });
    expect(kindOf(map(partitions.dynamic('customers'), partitions.dynamic('customers')))).toBe('identity');
    expect(kindOf(map(partitions.dynamic('customers'), partitions.dynamic('orders')))).toBe('none');
    expect(kindOf(map(partitions.of(['a']), time('daily')))).toBe('none');
  });

  it('maps each dimension of a cross by itself, in the order of their names', () => {
    const hours = partitions.cross({ region: partitions.of(['eu']), hour: time('hourly') });
    expect(map(hours, partitions.cross({ hour: time('daily'), region: partitions.of(['eu']) }))).toEqual({
      mapper: {
        kind: 'product',
        of: [
          { kind: 'start-of', unit: 'day', timezone: 'UTC', input: 'hour=%Y-%m-%dT%H:%MZ', output: 'hour=%Y-%m-%d' },
          { kind: 'allowed', keys: ['region=eu'] },
        ],
      },
      emulated: expect.any(String) as string,
    });
    const percent = partitions.cross({ '50%d': time('hourly'), n: time('hourly') });
    expect(map(percent, partitions.cross({ '50%d': time('daily'), n: time('hourly') }))).toMatchObject({
      mapper: { of: [{ input: '50%%d=%Y-%m-%dT%H:%MZ' }, { kind: 'identity' }] },
    });
    expect(kindOf(map(hours, partitions.cross({ hour: time('hourly') })))).toBe('none');
    expect(kindOf(map(hours, time('hourly')))).toBe('none');
    const days = partitions.cross({ region: partitions.of(['eu']), hour: time('daily') });
    expect(kindOf(map(days, hours))).toBe('none');
  });

  it('of a window is that of the same key; of every partition and of functions there is none', () => {
    expect(map(time('daily'), time('daily'), { kind: 'window', from: -6, to: 0 })).toMatchObject({
      mapper: { kind: 'identity' },
      emulated: expect.any(String) as string,
    });
    expect(kindOf(map(time('hourly'), time('daily'), { kind: 'window', from: -6, to: 0 }))).toBe('none');
    expect(kindOf(map(time('daily'), time('daily'), { kind: 'every' }))).toBe('none');
    expect(kindOf(map(time('daily'), time('daily'), { kind: 'custom', upstream: () => [], downstream: undefined }))).toBe('none');
  });
});
