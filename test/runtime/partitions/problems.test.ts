import { describe, expect, it } from 'vitest';
import { partitions, type Partitions } from '../../../src/runtime/partitions/definition.ts';
import { partitionProblems } from '../../../src/runtime/partitions/problems.ts';

const problems = ({ definition }: Partitions) => partitionProblems(definition).join(' ');

describe('a definition of partitions', () => {
  it.each<[string, Partitions, string]>([
    ['a start that is no date', partitions.daily({ start: 'january' }), 'The start "january" is no date: use an ISO date or instant'],
    ['a start that does not exist', partitions.daily({ start: '2026-02-30' }), 'The start "2026-02-30" is no date'],
    ['a month with a time', partitions.monthly({ start: '2026-01T00:00Z' }), 'The start "2026-01T00:00Z" is no date'],
    ['a start before 1970', partitions.daily({ start: '1969-12-31' }), 'from 1970 on'],
    [
      'an unknown time zone',
      partitions.daily({ start: '2026-01-01', timezone: 'Europe/Atlantis' }),
      '"Europe/Atlantis" is no time zone: use an IANA name',
    ],
    ['an offset in place of a zone', partitions.daily({ start: '2026-01-01', timezone: '+01:00' }), '"+01:00" is no time zone'],
    ['no static keys', partitions.of([]), 'There is no partition key: name at least one.'],
    ['a static key listed twice', partitions.of(['a', 'b', 'a']), 'The partition key "a" is listed twice: remove one.'],
    ['a key with a bar', partitions.of(['a|b']), '"a|b" cannot be a partition key'],
    ['a key with an equals sign', partitions.of(['a=b']), '"a=b" cannot be a partition key'],
    ['an empty key', partitions.of(['']), '"" cannot be a partition key'],
    ['a key with a control character', partitions.of(['a\u0007']), 'cannot be a partition key'],
    ['a key with a space at its end', partitions.of(['a ']), 'cannot be a partition key'],
    ['dynamic keys without a name', partitions.dynamic(''), 'cannot name dynamic partitions'],
    ['a cross without dimensions', partitions.cross({}), 'A cross has no dimension'],
    ['a cross of a cross', partitions.cross({ a: partitions.cross({ b: partitions.of(['x']) }) }), 'The dimension a is a cross itself'],
    ['a dimension with a bar', partitions.cross({ 'a|b': partitions.of(['x']) }), 'cannot name a dimension'],
    ['a wrong dimension', partitions.cross({ region: partitions.of([]) }), 'Of the dimension region: There is no partition key'],
  ])('is refused for %s', (_, of, expected) => {
    expect(problems(of)).toContain(expected);
  });

  it.each<[string, Partitions]>([
    ['a date', partitions.daily({ start: '2026-01-01', timezone: 'europe/berlin' })],
    ['a month', partitions.monthly({ start: '2026-01', timezone: 'Europe/Berlin' })],
    ['an instant', partitions.hourly({ start: '2026-01-01T00:00Z' })],
    ['an instant with an offset', partitions.hourly({ start: '2026-01-01T00:00:00.000+01:00' })],
    ['a wall time', partitions.weekly({ start: '2026-01-01T06:00', timezone: 'America/New_York' })],
    ['keys', partitions.of(['eu', 'north america'])],
    ['a cross', partitions.cross({ day: partitions.daily({ start: '2026-01-01' }), tenant: partitions.dynamic('tenants') })],
  ])('is fine with %s', (_, of) => {
    expect(problems(of)).toBe('');
  });
});
