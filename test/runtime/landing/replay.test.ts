import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ObjectStore, Warehouse } from 'spindle';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryWarehouse } from '../../../src/drivers/warehouse/memory.ts';
import { chainVersion } from '../../../src/runtime/landing/chain-version.ts';
import { parseReplayKey } from '../../../src/runtime/landing/replay-object.ts';
import { noFaults, type Faults } from '../../../src/runtime/resource/faults.ts';
import type { Row } from '../../../src/runtime/store/row.ts';
import {
  TOPIC,
  PREFIX,
  Narrow,
  Wide,
  table,
  landTopic,
  restart,
  objectsOf,
  load,
  lettersOf,
  replayLetters,
  incarnationOf,
  account,
  text,
  setUp,
  keysOf,
} from './replay-rig.ts';

const crashAt =
  (fault: string | null | undefined): Faults =>
  (point) => {
    if (point === fault) throw new Error('crash');
  };

const unlessCrash = (error: Error): void => {
  if (error.message !== 'crash') throw error;
};

describe('a replay', () => {
  it('writes the dead letters that pass now beside the chains, as they would have landed; the next load makes rows of them', async () => {
    const { lake, warehouse } = await setUp([
      [text(1), text(10), '{oops'],
      [text(20), text(100)],
    ]);
    const replayed = await replayLetters({ lake, letters: await lettersOf(warehouse) });
    expect(replayed).toMatchObject({
      passing: 2,
      waiting: 0,
      failing: 2,
      replays: [`${PREFIX}/${TOPIC}/i0001/replays/00000001.ndjson.gz`],
    });
    expect([...replayed.reasons]).toEqual([
      ['not JSON', 1],
      [expect.stringContaining('id: '), 1],
    ]);
    expect(await load(warehouse, lake)).toMatchObject({ rows: 2, resolved: 2, objects: 1 });

    const right = createMemoryObjectStore();
    const expected = createMemoryWarehouse();
    await landTopic(
      right,
      [
        [text(1), text(10), '{oops'],
        [text(20), text(100)],
      ],
      Wide,
    );
    await load(expected, right);
    const rows = async (warehouse: Warehouse) => {
      const found: unknown[] = [];
      for await (const row of warehouse.scan(table)) found.push(row);
      return found;
    };
    expect(await rows(warehouse)).toEqual(await rows(expected));
    expect(await account(warehouse)).toEqual(await account(expected));
  });

  it('counts and writes nothing where it only tries', async () => {
    const { lake, warehouse } = await setUp([[text(10), 'x']]);
    const before = await keysOf(lake, '');
    expect(await replayLetters({ lake, letters: await lettersOf(warehouse), dryRun: true })).toMatchObject({
      passing: 1,
      failing: 1,
      replays: [],
    });
    expect(await keysOf(lake, '')).toEqual(before);
  });

  it('replays a record once, whatever lies in a replay that is not loaded yet', async () => {
    const { lake, warehouse } = await setUp([[text(10), text(11), text(12)]]);
    const letters = await lettersOf(warehouse);
    expect(await replayLetters({ lake, letters: letters.slice(0, 1) })).toMatchObject({ passing: 1, waiting: 0 });
    const second = await replayLetters({ lake, letters });
    expect(second).toMatchObject({ passing: 2, waiting: 1 });
    expect(second.replays.map((key) => parseReplayKey(key)?.number)).toEqual([1, 2]);
    expect(await replayLetters({ lake, letters: [...letters, ...letters] })).toMatchObject({
      passing: 0,
      waiting: 3,
      replays: second.replays,
    });
    expect(await load(warehouse, lake)).toMatchObject({ rows: 3, resolved: 3, objects: 2 });
  });

  it('leaves out what somebody else replayed meanwhile, and gives the rest the next number', async () => {
    const { lake, warehouse } = await setUp([[text(10), text(11), text(12)]]);
    const letters = await lettersOf(warehouse);
    let raced: Promise<unknown> | undefined;
    const overtaken: ObjectStore = {
      ...lake,
      putIfAbsent: async (...put) => {
        await (raced ??= replayLetters({ lake, letters: letters.slice(0, 2) }));
        return lake.putIfAbsent(...put);
      },
    };
    const replayed = await replayLetters({ lake: overtaken, letters: letters.slice(1) });
    expect(replayed.replays.map((key) => parseReplayKey(key)?.number)).toEqual([1, 2]);
    expect((await objectsOf(lake)).filter(({ resolves }) => resolves !== undefined).map(({ rows }) => rows)).toEqual([2, 1]);
    expect(await load(warehouse, lake)).toMatchObject({ rows: 3, resolved: 3 });
    expect(await lettersOf(warehouse)).toEqual([]);
  });

  it('changes the version of what is landed, so that its tables are stale', async () => {
    const { lake, warehouse } = await setUp([[text(10), text(11)]]);
    const letters = await lettersOf(warehouse);
    const versions = [await chainVersion(lake, PREFIX)];
    for (const letter of letters) {
      await replayLetters({ lake, letters: [letter] });
      versions.push(await chainVersion(lake, PREFIX));
    }
    expect(new Set(versions).size).toBe(3);
  });

  it('works on the bytes of the record, also where they are no text, and keeps its time', async () => {
    const values = [Buffer.from([0xff, 0xfe]), '\ufeff{"id":10}', '{"id":10,"more":"\u0000\u2028\\u0000"}', '', null, '{"id":"\\ud800"}'];
    const Free = z.object({ id: z.int() });
    const { lake, warehouse } = await setUp([values]);
    const letters = await lettersOf(warehouse);
    expect(letters.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await replayLetters({ lake, letters, schema: Free })).toMatchObject({ passing: 0, failing: 6 });
  });

  it('takes the records whose validation passes by the code of now: a refinement, or a codec', async () => {
    const { lake, warehouse } = await setUp([[text(10), text(25)]]);
    const letters = await lettersOf(warehouse);
    const allowed = new Set<number>();
    const Refined = z.object({ id: z.int().refine((id) => allowed.has(id), 'unknown') });
    expect(await replayLetters({ lake, letters, schema: Refined, dryRun: true })).toMatchObject({ passing: 0, failing: 2 });
    allowed.add(25);
    expect(await replayLetters({ lake, letters, schema: Refined, dryRun: true })).toMatchObject({ passing: 1, failing: 1 });
    const Coded = (most: number) =>
      z.object({
        id: z.codec(z.int(), z.string(), {
          decode(id, context) {
            if (id > most) context.issues.push({ code: 'custom', message: 'too many', input: id });
            return '#'.repeat(id);
          },
          encode: (marks) => marks.length,
        }),
      });
    expect(await replayLetters({ lake, letters, schema: Coded(9), dryRun: true })).toMatchObject({ passing: 0 });
    expect(await replayLetters({ lake, letters, schema: Coded(10) })).toMatchObject({ passing: 1, failing: 1 });
    expect(await load(warehouse, lake)).toMatchObject({ rows: 1, resolved: 1 });
    expect(await account(warehouse)).toEqual(['i0001/0/0 row 10', 'i0001/0/1 letter {"id":25}']);
  });

  it('keeps records of several incarnations apart that have the same partition and offset', async () => {
    const lake = createMemoryObjectStore();
    const warehouse = createMemoryWarehouse();
    await landTopic(lake, [[text(1), text(11), text(12)]]);
    await restart(lake);
    await landTopic(lake, [['{oops', text(21), text(2)]]);
    await load(warehouse, lake);
    const letters = await lettersOf(warehouse);
    const second = letters.filter(({ object }) => incarnationOf(object) === 'i0002');
    expect(await replayLetters({ lake, letters: second })).toMatchObject({
      passing: 1,
      failing: 1,
      replays: [expect.stringContaining('/i0002/replays/')],
    });
    await load(warehouse, lake);
    const after = [
      'i0001/0/0 row 1',
      'i0001/0/1 letter {"id":11}',
      'i0001/0/2 letter {"id":12}',
      'i0002/0/0 letter {oops',
      'i0002/0/1 row 21',
      'i0002/0/2 row 2',
    ];
    expect(await account(warehouse)).toEqual(after);
    expect(await replayLetters({ lake, letters: await lettersOf(warehouse) })).toMatchObject({
      passing: 2,
      failing: 1,
      replays: [expect.stringContaining('/i0001/replays/')],
    });
    await load(warehouse, lake);
    const end = after.map((line) => line.replace(/letter \{"id":(\d+)\}/, 'row $1'));
    expect(await account(warehouse)).toEqual(end);
    await load(warehouse, lake, true);
    expect(await account(warehouse)).toEqual(end);
  });

  it('names an object that does not hold what was set aside in it any more', async () => {
    const { lake, warehouse } = await setUp([[text(10)]]);
    const letters = await lettersOf(warehouse);
    await expect(replayLetters({ lake, letters: [{ ...letters[0]!, offset: 7 }] })).rejects.toMatchObject({ code: 'OBJECT_UNREADABLE' });
    await lake.delete(letters[0]!.object);
    await expect(replayLetters({ lake, letters })).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  });

  it('does not take the line of a file from elsewhere, and says how that is mended', async () => {
    const { lake } = await setUp([[text(1)]]);
    const letters = [{ object: 'inbox/plays/2025.ndjson', partition: 0, offset: 2 }];
    await expect(replayLetters({ lake, letters })).rejects.toMatchObject({
      code: 'OBJECT_UNREADABLE',
      message: expect.stringContaining('inbox/plays/2025.ndjson'),
      remedy: expect.stringContaining('put a corrected one in its place, and the next load replaces what it brought'),
    });
  });

  it('makes one row of each record, whoever replays at once, with whatever in mind, and wherever calls break off', async () => {
    const value = fc.oneof({ weight: 3, arbitrary: fc.nat(120).map(text) }, { weight: 1, arbitrary: fc.constant('{oops') });
    const attempt = fc.record({
      schema: fc.constantFrom<Row>(Narrow, Wide, z.object({ id: z.int() })),
      /** Which letters: every so many-th. */
      every: fc.integer({ min: 1, max: 3 }),
      fault: fc.option(
        fc.constantFrom('replay.before-put', 'replay.after-put', 'load.after-insert', 'load.before-commit', 'load.after-commit'),
      ),
      load: fc.constantFrom('none', 'load', 'rebuild'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 20 }),
        fc.array(fc.array(attempt, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
        async (values, rounds) => {
          const { lake, warehouse, setFaults } = await setUp([values, values.toReversed()]);
          const records = 2 * values.length;
          for (const round of rounds) {
            const letters = await lettersOf(warehouse);
            setFaults(crashAt(round[0]?.fault));
            await Promise.all(
              round.map(async ({ schema, every, fault, load: loading }) => {
                const faults = crashAt(fault);
                await replayLetters({ lake, letters: letters.filter((_, index) => index % every === 0), schema, faults }).catch(
                  unlessCrash,
                );
                if (loading !== 'none') await load(warehouse, lake, loading === 'rebuild').catch(unlessCrash);
              }),
            );
            const places = (await account(warehouse)).map((line) => line.split(' ')[0]);
            expect(places).toHaveLength(records);
            expect(new Set(places).size).toBe(records);
          }
          setFaults(noFaults);
          await replayLetters({ lake, letters: await lettersOf(warehouse), schema: z.object({ id: z.int() }) });
          await load(warehouse, lake);
          const expected = [values, values.toReversed()].flatMap((list, partition) =>
            list.map(
              (raw, offset) =>
                `i0001/${partition}/${offset} ${raw === '{oops' ? `letter ${raw}` : `row ${(JSON.parse(raw) as { id: number }).id}`}`,
            ),
          );
          expect(await account(warehouse)).toEqual(expected.toSorted());
          const version = await warehouse.version(table.name);
          expect((await load(warehouse, lake, true)).version).toBe(version);
          expect(await account(warehouse)).toEqual(expected.toSorted());
        },
      ),
      { numRuns: 150 },
    );
  });
});
