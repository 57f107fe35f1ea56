import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSpindleError } from '../../../src/runtime/errors.ts';
import { partitions, type Partitions } from '../../../src/runtime/partitions/definition.ts';
import { parsePartition } from '../../../src/runtime/partitions/key.ts';

const parse = ({ definition }: Partitions, key: string) =>
  parsePartition(definition, key, { asset: 'gold/digest', dynamicKeys: { tenants: ['acme'] } });
const refusal = (of: Partitions, key: string) => {
  try {
    parse(of, key);
  } catch (error) {
    if (isSpindleError(error)) return { code: error.code, place: error.place, text: `${error.message} ${error.remedy}` };
    throw error;
  }
  throw new Error(`${key} was taken`);
};

const daily = partitions.daily({ start: '2026-01-01', timezone: 'Europe/Berlin' });
const regional = partitions.cross({ region: partitions.of(['eu', 'us']), day: daily });

describe('a partition key', () => {
  it('of a time partition stands for its window', () => {
    expect(parse(daily, '2026-03-29')).toEqual({
      key: '2026-03-29',
      value: { key: '2026-03-29', start: new Date('2026-03-28T23:00:00Z'), end: new Date('2026-03-29T22:00:00Z') },
      slice: { kind: 'time', ranges: [{ from: Date.UTC(2026, 2, 28, 23), to: Date.UTC(2026, 2, 29, 22) }] },
    });
  });

  it('of several dimensions is read in any order and written in alphabetical order', () => {
    const partition = parse(regional, 'region=eu|day=2026-01-02');
    expect(partition.key).toBe('day=2026-01-02|region=eu');
    expect(partition).toEqual(parse(regional, 'day=2026-01-02|region=eu'));
    expect(partition.value).toMatchObject({ region: 'eu', day: { key: '2026-01-02' } });
    expect(partition.slice).toMatchObject({ kind: 'cross', dimensions: { region: { kind: 'keys', keys: ['eu'] }, day: { kind: 'time' } } });
  });

  it('of dynamic partitions is any well-formed text where the keys are not known', () => {
    const { definition } = partitions.dynamic('tenants');
    expect(parsePartition(definition, 'new', { asset: 'a' }).value).toBe('new');
    expect(() => parsePartition(definition, 'a|b', { asset: 'a' })).toThrow('"a|b" is no partition of a');
  });

  it('that is wrong is refused with the asset, the form and the nearest key', () => {
    const { code, place, text } = refusal(daily, '2026-1-7');
    expect({ code, place }).toEqual({ code: 'PARTITION_UNKNOWN', place: { asset: 'gold/digest', partition: '2026-1-7' } });
    expect(text).toBe('"2026-1-7" is no partition of gold/digest: expected a day such as 2026-01-01. Did you mean 2026-01-07?');
  });

  it.each<[string, Partitions, string, string]>([
    ['before the start', daily, '2025-12-31', 'its partitions start at 2026-01-01. Use 2026-01-01 or a later one.'],
    ['no date at all', daily, 'yesterday', 'The first partition is 2026-01-01.'],
    ['a date that does not exist', daily, '2026-02-30', 'The first partition is 2026-01-01.'],
    ['an instant for a day', daily, '2026-01-05T10:00:00Z', 'Did you mean 2026-01-05?'],
    ['a Sunday', partitions.weekly({ start: '2026-01-05' }), '2026-01-11', 'Did you mean 2026-01-05?'],
    ['not a Monday', partitions.weekly({ start: '2026-01-05' }), '2026-01-07', 'Did you mean 2026-01-05?'],
    [
      'a day for a month',
      partitions.monthly({ start: '2026-01-01' }),
      '2026-03-07',
      'expected a month such as 2026-01. Did you mean 2026-03?',
    ],
    ['an hour without its minutes', partitions.hourly({ start: '2026-01-01' }), '2026-01-02T03', 'Did you mean 2026-01-02T03:00Z?'],
    ['a misspelled static key', partitions.of(['europe', 'america']), 'eurpoe', 'expected one of europe, america. Did you mean europe?'],
    ['no such static key', partitions.of(['eu', 'us']), 'antarctica', 'Use one of them, such as eu.'],
    ['no such dynamic key', partitions.dynamic('tenants'), 'acmee', 'Did you mean acme?'],
    [
      'of dynamic partitions without keys',
      partitions.dynamic('shops'),
      'x',
      'no key of shops is registered. Register it: spindle partitions add shops x',
    ],
    ['without its dimensions', regional, '2026-01-01', '"2026-01-01" is not of the form dimension=key. Write day=…|region=….'],
    ['missing a dimension', regional, 'region=eu', 'day is missing. Write day=…|region=….'],
    [
      'of an unknown dimension',
      regional,
      'regoin=eu|day=2026-01-01',
      'it has no dimension "regoin". Write day=…|region=…. Did you mean region?',
    ],
    ['giving a dimension twice', regional, 'region=eu|region=us', 'region is given twice.'],
    ['wrong in one dimension', regional, 'region=uss|day=2026-01-01', 'of region, expected one of eu, us. Did you mean us?'],
    [
      'a skipped day',
      partitions.daily({ start: '2011-01-01', timezone: 'Pacific/Apia' }),
      '2011-12-30',
      'The first partition is 2011-01-01.',
    ],
  ])('that is %s is refused with what to do', (_, of, key, expected) => {
    expect(refusal(of, key).text).toContain(expected);
  });

  it('that is any text is either taken as it stands or refused as unknown', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[\dTZ:|=a-z-]{0,24}$/)),
        fc.constantFrom<Partitions>(daily, regional, partitions.of(['a', 'b'])),
        (key, of) => {
          try {
            expect(parse(of, key).key.split('|').toSorted()).toEqual(key.split('|').toSorted());
          } catch (error) {
            if (!isSpindleError(error)) throw error;
            expect(error.code).toBe('PARTITION_UNKNOWN');
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
