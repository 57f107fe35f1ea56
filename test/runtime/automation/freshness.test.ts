import { describe, expect, it } from 'vitest';
import { freshnessOf, freshnessText } from '../../../src/runtime/automation/freshness.ts';
import type { AssetDefinition } from '../../../src/runtime/declare/definition.ts';
import type { AssetRecord } from '../../../src/runtime/plan/record.ts';
import type { MaterializedEvent } from '../../../src/runtime/resource/run-store.ts';
import { issuesOf, one } from '../graph/parts.ts';

/** A record of materializations alone, by partition ('' for the whole). */
const record = (times: Readonly<Record<string, string>>): AssetRecord =>
  ({
    materialized: (_asset: string, partition = '') => (partition in times ? ({ at: times[partition] } as MaterializedEvent) : undefined),
    partitions: () => Object.keys(times).filter((name) => name !== ''),
  }) as unknown as AssetRecord;

const hourly = one('a', { freshness: '1h' });
const now = new Date('2026-01-05T11:00:00Z');

describe('the freshness of an asset', () => {
  it.each<[string, AssetDefinition, Readonly<Record<string, string>>, string]>([
    ['materialized within it', hourly, { '': '2026-01-05T10:00:00Z' }, 'is on time until 2026-01-05T11:00:00.000Z (within 1h)'],
    ['materialized before it', hourly, { '': '2026-01-05T09:59:59Z' }, 'is overdue since 2026-01-05T10:59:59.000Z (within 1h)'],
    ['never materialized', hourly, {}, 'was never materialized, and is to be no older than 1h'],
    [
      'with partitions, of which the newest counts',
      one('a', { freshness: '1h', partitions: { kind: 'static', keys: ['x', 'y', 'z'] } }),
      { x: '2026-01-05T10:30:00Z', y: '2026-01-05T10:45:00Z', z: '2026-01-01T00:00:00Z' },
      'is on time until 2026-01-05T11:45:00.000Z (within 1h)',
    ],
  ])('that was %s is told', (_, asset, times, text) => {
    expect(freshnessText(freshnessOf(asset, record(times), now)!, '1h')).toBe(text);
  });

  it('is not asked where any age will do', () => {
    expect(freshnessOf(one('a'), record({}), now)).toBeUndefined();
  });

  it('has to be given where a condition waits for its end', () => {
    const automation = { kind: 'not', condition: { kind: 'overdue' } } as const;
    expect(issuesOf([one('a', { automation })])).toEqual([
      'AUTOMATION_WITHOUT_FRESHNESS: a is to run when it is overdue, and never is: give it freshness: { within: … }.',
    ]);
    expect(issuesOf([one('a', { automation, freshness: '1h' })])).toEqual([]);
  });
});
