import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { partitions } from '../../../src/runtime/partitions/definition.ts';
import { createPartitionSpaces } from '../../../src/runtime/partitions/space.ts';
import { createRecord, emptyState, type AssetRecord } from '../../../src/runtime/plan/record.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';

const DAYS = Array.from({ length: 12 }, (_, index) => `2026-01-${String(index + 1).padStart(2, '0')}`);
const REGIONS = ['eu', 'us'];
const daily = partitions.daily({ start: '2026-01-01' });
const crossed = partitions.cross({ day: daily, region: partitions.of(REGIONS) });

interface Happening {
  readonly from: number;
  readonly to: number;
  readonly region: string;
  readonly failed: boolean;
}

const happenings = fc.array(
  fc.record({
    from: fc.nat({ max: DAYS.length - 1 }),
    to: fc.nat({ max: DAYS.length - 1 }),
    region: fc.constantFrom(...REGIONS),
    failed: fc.boolean(),
  }),
  { maxLength: 25 },
);

const nameIn = { days: (day: string) => day, crossed: (day: string, region: string) => `day=${day}|region=${region}` };

/** What happened as events, a minute after one another, and what the newest of them says of each partition. */
function tell(list: readonly Happening[], name: (day: string, region: string) => string) {
  const made = new Map<string, number>();
  const failed = new Map<string, number>();
  const events = list.map(({ from, to, region, failed: fails }, index): RunEvent => {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    const partition = name(first === last ? DAYS[first]! : `${DAYS[first]}..${DAYS[last]}`, region);
    for (const day of DAYS.slice(first, last + 1)) {
      const key = name(day, region);
      failed.delete(key);
      if (fails) failed.set(key, index);
      else made.set(key, index);
    }
    const at = new Date(Date.UTC(2026, 1, 1, 0, index)).toISOString();
    const step = { run: 'r', at, asset: 'a', partition, milliseconds: 1 };
    return fails
      ? { ...step, type: 'step.failed', attempt: index, error: { code: 'ASSET_FAILED', message: 'no', transient: false } }
      : {
          ...step,
          type: 'asset.materialized',
          version: `v${index}`,
          codeVersion: String(index),
          configVersion: '',
          inputs: {},
          metadata: {},
        };
  });
  return { made, failed, events };
}

function expectTold(record: AssetRecord, { made, failed }: ReturnType<typeof tell>, keys: readonly string[]): void {
  for (const key of keys) {
    expect(record.materialized('a', key)?.codeVersion).toBe(made.has(key) ? String(made.get(key)) : undefined);
    expect(record.failure('a', key)?.attempt).toBe(failed.get(key));
  }
  expect(record.partitions('a')).toEqual([...made.keys()].toSorted());
  expect([...record.failed('a').keys()].toSorted()).toEqual([...failed.keys()].toSorted());
}

describe('the record of partitions that were made one by one and in ranges', () => {
  it.each([
    ['days', daily.definition, nameIn.days, DAYS],
    ['days by region', crossed.definition, nameIn.crossed, DAYS.flatMap((day) => REGIONS.map((region) => nameIn.crossed(day, region)))],
  ])('tells of each the newest that covers it, live and read again: %s', async (_, definition, name, keys) => {
    const spaces = createPartitionSpaces(() => definition, {});
    await fc.assert(
      fc.asyncProperty(happenings, async (list) => {
        const told = tell(list, name);
        const live = createRecord(emptyState, new Map(), spaces);
        for (const event of told.events) live.apply(event);
        expectTold(live, told, keys);
        const store = createMemoryRunStore();
        await store.append(told.events);
        expectTold(createRecord(await store.state(), new Map(), spaces), told, keys);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives each partition of a range a version of its own', () => {
    const record = createRecord(
      emptyState,
      new Map(),
      createPartitionSpaces(() => daily.definition, {}),
    );
    for (const event of tell([{ from: 0, to: 3, region: 'eu', failed: false }], nameIn.days).events) record.apply(event);
    const versions = DAYS.map((day) => record.version('a', day));
    expect(new Set(versions.slice(0, 4)).size).toBe(4);
    expect(versions.slice(4)).toEqual(DAYS.slice(4).map(() => undefined));
    expect(record.version('a', '2026-01-01..2026-01-04')).toBe('v0');
    expect(record.single('a')).toEqual([]);
  });
});
