import { describe, expect, it } from 'vitest';
import { asset, configure, materialize, partitions, table, value, type Row } from 'spindle';
import { z } from 'zod';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { createMemoryWarehouse } from '../../../src/drivers/warehouse/memory.ts';
import { explain } from '../../../src/runtime/plan/explain.ts';
import type { PlannedAsset, PlannedStep } from '../../../src/runtime/plan/plan.ts';

const resources = () => ({ lake: createMemoryObjectStore(), warehouse: createMemoryWarehouse() });
const Play = z.object({ id: z.string(), plays: z.int(), country: z.enum(['de', 'fr']) });
const config = z.object({ size: z.int().default(1), names: z.array(z.string()).default([]) });

/** Any store; what it is told to keep is an empty list. */
type Stored = ReturnType<typeof value>;

/** What a run says after the store's schema changed from one to another, its code's version with it. */
async function saidAfter(stores: readonly Stored[]): Promise<string> {
  const runStore = createMemoryRunStore();
  const shared = resources();
  const plays = stores.map((store, index) => asset('plays', { store, codeVersion: `v${index}` }).run(() => []));
  let said = '';
  for (const each of plays) said = (await materialize([each], { resources: shared as never, runStore })).explain(each);
  return said;
}

const tables = (...schemas: readonly [Row, Row]) => schemas.map((schema) => table('x.plays', schema)) as never;
const values = (...schemas: readonly [z.ZodType, z.ZodType]) => schemas.map((schema) => value(schema)) as never;

describe('the reason of a changed schema', () => {
  const title = z.string();
  it.each([
    ['a column that was added', tables(Play, Play.extend({ title })), 'title added (string)'],
    ['a column that was removed', tables(Play, Play.omit({ plays: true })), 'plays removed'],
    ['a column of another type', tables(Play, Play.extend({ id: z.int() })), 'id string → integer'],
    ['a column that may be null now', tables(Play, Play.extend({ id: z.string().nullish() })), 'id string → string or null'],
    ['other bounds', tables(Play, Play.extend({ plays: z.int().min(0) })), 'plays integer → integer from 0'],
    ['another allowed value', tables(Play, Play.extend({ country: z.enum(['de', 'it']) })), 'country "de" | "fr" → "de" | "it"'],
    [
      'a column that was renamed',
      tables(Play, z.object({ key: title, plays: z.int(), country: Play.shape.country })),
      'id removed, key added (string)',
    ],
    ['the objects of a list', values(z.array(Play), z.array(Play.omit({ id: true }))), 'id removed'],
    ['many changes', tables(Play, z.object({ a: title, b: title })), 'id removed, plays removed, country removed, 2 more'],
  ])('names %s', async (_, stores, change) => {
    expect(await saidAfter(stores)).toBe(`plays ran because its code changed (v0 → v1), and its schema with it: ${change}.`);
  });

  it.each([
    ['where it is the same', tables(Play, Play)],
    ['where the values have no fields', values(z.array(z.int()), z.array(z.string()))],
  ])('says nothing of the schema %s', async (_, stores) => {
    expect(await saidAfter(stores)).toBe('plays ran because its code changed (v0 → v1).');
  });
});

describe('the reason of a changed config', () => {
  const run = async (changed: z.ZodObject, given: Record<string, unknown>) => {
    const runStore = createMemoryRunStore();
    const shared = resources();
    const make = (schema: z.ZodObject) => asset('sized', { store: value(), config: schema }).run((_, context) => context.config);
    await materialize([make(config)], { resources: shared, runStore });
    const sized = make(changed);
    const result = await materialize([sized], { resources: shared, runStore, config: [configure(sized, given)] });
    return result.explain(sized);
  };
  it.each([
    ['a value that was given', config, { size: 2 }, 'size 1 → 2'],
    ['a default that changed', config.extend({ size: z.int().default(3) }), {}, 'size 1 → 3'],
    ['a field that was added', config.extend({ seed: z.int().default(7) }), {}, 'seed added (7)'],
    ['a field that was removed', z.object({ size: config.shape.size }), {}, 'names removed'],
    ['a long value by its beginning', config, { names: ['a'.repeat(99)] }, /^names \[\] → \["a{28}… \([0-9a-f]{8}\)$/],
  ])('names %s', async (_, changed, given, change) => {
    const said = await run(changed, given);
    expect(said).toMatch(/^sized ran because its config changed: .*\.$/);
    const [, changes] = /changed: (.*)\.$/.exec(said) ?? [];
    if (typeof change === 'string') expect(changes).toBe(change);
    else expect(changes).toMatch(change);
  });
});

describe('an explanation', () => {
  const plannedOf = (steps: readonly PlannedStep[], unlisted = 0): PlannedAsset => ({
    asset: asset('days', { partitions: partitions.daily({ start: '2026-01-01' }) }).run(() => 1).definition,
    action: 'run',
    steps,
    unlisted,
    fresh: 0,
    waitsFor: [],
    blockedBy: undefined,
  });
  const missing = (partition: string): PlannedStep => ({ partition, reasons: [{ kind: 'missing' }] });

  it('says a reason once, with the partitions that have it', () => {
    const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map(missing);
    const gone: PlannedStep = {
      partition: '2026-01-05',
      reasons: [{ kind: 'gone' }, { kind: 'input', asset: 'up', from: '1', to: undefined }],
    };
    expect(explain({} as never, plannedOf([...days, gone], 1000))).toEqual([
      'days runs in 4 partitions (2026-01-01 … 2026-01-04) because it was never materialized.',
      'days [2026-01-05] runs because what was materialized is gone from its store.',
      'days [2026-01-05] runs because what it read of up is gone.',
      'days runs in 1000 more partitions because they were never materialized.',
    ]);
    expect(explain({} as never, plannedOf(days.slice(0, 2)))).toEqual([
      'days [2026-01-01, 2026-01-02] runs because it was never materialized.',
    ]);
  });
});
