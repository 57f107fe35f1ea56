import { asset, given, landed, landing, materialize, table, topic } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { completeTopic } from '../../../src/assets/checks/complete-topic.ts';
import { landObject, loadOf, playsTable } from '../../../src/testing/contract/warehouse/fixture.ts';
import { beginNextIncarnation } from '../../../src/runtime/landing/incarnation.ts';

const Play = z.object({ id: z.int() });
const plays = asset('stream/plays', { store: topic('plays', Play) }).run(() => []);
const lake = asset('lake/plays', { store: landing('raw', Play), deps: { plays } }).run(({ plays }) => plays);
const bronze = asset('bronze/plays', { store: table('bronze.plays', landed(Play), { write: 'append' }), deps: { lake } }).run(
  ({ lake }) => lake,
);
const rows = [{ id: 1 }, { id: 'two' as unknown as number }, { id: 3 }];

async function setUp() {
  const kit = ephemeral();
  const run = async () => {
    const checks = [completeTopic(bronze, 'plays')];
    const { events } = await materialize([lake, bronze], { ...kit, checks, given: [given(plays, rows)] });
    return events.flatMap((event) => (event.type === 'check.finished' ? [event.passed] : []));
  };
  return { kit, run };
}

describe('the check that a topic is complete', () => {
  it('passes where rows and dead letters are all of its records, in each of its incarnations', async () => {
    const { kit, run } = await setUp();
    expect(await run()).toEqual([true]);
    await beginNextIncarnation({ lake: kit.resources.lake, prefix: 'raw', topic: 'plays', compression: 'gzip' });
    expect(await run()).toEqual([true]);
    expect(await kit.resources.warehouse.count('bronze.plays')).toBe(4);
  });

  it('fails where a record is there twice', async () => {
    for (const flagged of [1, 5]) {
      const { kit, run } = await setUp();
      await run();
      const { lake: store, warehouse } = kit.resources;
      // another table's load: its letters have the offsets from 0 on
      const extra = await landObject(store, 'raw/plays/i0001/p000/extra', {
        rows: [],
        rejected: Array.from({ length: flagged }, () => 'x'),
      });
      await warehouse.load(loadOf(store, [extra], { table: playsTable({ name: 'bronze.others' }) }));
      expect(await run()).toEqual([false]);
    }
  });
});
