import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { FaultPoint } from '../../../runtime/resource/faults.ts';
import type { ObjectStore } from '../../../runtime/resource/object-store.ts';
import type { LoadObject, Warehouse } from '../../../runtime/resource/warehouse.ts';
import type { TestFramework } from '../test-framework.ts';
import { deadLetters, landObject, loadOf, onWarehouse, play, Play, playsTable, scanAll, type OpenWarehouse } from './fixture.ts';

const LOAD_FAULTS: readonly FaultPoint[] = ['load.before-transaction', 'load.after-insert', 'load.before-commit', 'load.after-commit'];

const Landed = Play.extend({ _topic: z.string(), _partition: z.int(), _offset: z.int() });
/** The table that the objects below are loaded into. */
export const replayedTable = playsTable({ schema: Landed });

interface Place {
  readonly topic?: string;
  readonly partition?: number;
  readonly offset: number;
}

/** Puts a replay of some dead letters, as it lies beside the chain whose keys begin with `resolves`. */
export async function putReplay(lake: ObjectStore, key: string, { resolves, places }: { resolves: string; places: readonly Place[] }) {
  const lines = places.map(({ topic = 'plays', partition = 0, offset }) =>
    JSON.stringify({ ...play(`replayed ${topic}/${partition}/${offset}`), _topic: topic, _partition: partition, _offset: offset }),
  );
  const body = gzipSync(lines.map((line) => `${line}\n`).join(''));
  const { etag, size } = await lake.put(key, body, {});
  return { key, etag, size, rows: places.length, rejected: 0, rejectedFrom: size, resolves } satisfies LoadObject;
}

/** An object of a chain, its first records flagged. */
export const landed = (lake: ObjectStore, key: string, { good = 0, flagged }: { good?: number; flagged: number }) =>
  landObject(lake, key, {
    rows: Array.from({ length: good }, (_, index) => ({
      ...play(`${key} ${flagged + index}`),
      _topic: 'plays',
      _partition: 0,
      _offset: flagged + index,
    })),
    rejected: Array.from({ length: flagged }, () => '{oops'),
  });

/** What is there of each record: `offset object` of the rows and of the dead letters. */
export async function accounts(warehouse: Warehouse): Promise<{ readonly rows: readonly string[]; readonly letters: readonly string[] }> {
  const rows = await warehouse.query('SELECT _offset AS "offset", _object AS object FROM bronze.plays');
  const letters = await scanAll(warehouse, { ...deadLetters, key: ['offset'] });
  const names = (found: readonly Readonly<Record<string, unknown>>[]) =>
    found.map(({ offset, object }) => `${Number(offset)} ${String(object)}`).toSorted();
  return { rows: names(rows), letters: names(letters) };
}

/** The code of the error and the object that it names. */
async function refusal(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason as Error & { readonly code: string },
  );
  return `${error?.code} ${/^the object (\S+) replays/.exec(error?.message ?? '')?.[1]}`;
}

/** Replays of dead letters: each row of one takes the place of exactly one dead letter, in the transaction of its load. */
export function replayContract({ describe, it, expect }: TestFramework, open: OpenWarehouse): void {
  const on = (test: Parameters<typeof onWarehouse>[1]) => onWarehouse(open, test);
  const table = replayedTable;
  const load = (warehouse: Warehouse, lake: ObjectStore, objects: readonly LoadObject[]) =>
    warehouse.load(loadOf(lake, objects, { table }));
  const rebuild = (warehouse: Warehouse, lake: ObjectStore, objects: readonly LoadObject[]) =>
    warehouse.load(loadOf(lake, objects, { table: { ...table, generation: 'g2' }, fullRefresh: true }));

  describe('replaying dead letters', () => {
    it(
      'turns them into rows, and leaves the others',
      on(async (warehouse, { lake }) => {
        const chain = await landed(lake, 'c/i1/p0/0', { good: 1, flagged: 3 });
        const before = await load(warehouse, lake, [chain]);
        const replay = await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 0 }, { offset: 2 }] });
        expect(await warehouse.unloaded(table, [chain, replay])).toEqual([replay]);
        const outcome = await load(warehouse, lake, [chain, replay]);
        expect(outcome).toMatchObject({ rows: 2, rejected: 0, resolved: 2, objects: 1, skippedObjects: 1, bytes: replay.size });
        expect(outcome.version === before.version).toBe(false);
        expect(await accounts(warehouse)).toEqual({
          rows: ['0 c/i1/replays/1', '2 c/i1/replays/1', '3 c/i1/p0/0'],
          letters: ['1 c/i1/p0/0'],
        });
      }),
    );

    it(
      'loads a replay once, also when several loads race',
      on(async (warehouse, { lake }) => {
        const chain = await landed(lake, 'c/i1/p0/0', { flagged: 2 });
        const replay = await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 1 }] });
        const outcomes = await Promise.all([1, 2, 3].map(() => load(warehouse, lake, [chain, replay])));
        expect(outcomes.map(({ objects }) => objects).toSorted()).toEqual([0, 0, 2]);
        expect(await load(warehouse, lake, [chain, replay])).toMatchObject({ rows: 0, objects: 0, skippedObjects: 2 });
        expect(await accounts(warehouse)).toEqual({ rows: ['1 c/i1/replays/1'], letters: ['0 c/i1/p0/0'] });
      }),
    );

    it(
      'has the version of the set of loaded objects, however they were grouped',
      on(async (warehouse, { lake }) => {
        const chain = await landed(lake, 'c/i1/p0/0', { good: 1, flagged: 2 });
        const replays = [
          await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 1 }] }),
          await putReplay(lake, 'c/i1/replays/2', { resolves: 'c/i1/', places: [{ offset: 0 }] }),
        ];
        for (const object of [chain, ...replays]) await load(warehouse, lake, [object]);
        const version = await warehouse.version(table.name);
        expect((await warehouse.load(loadOf(lake, [chain, ...replays], { table, fullRefresh: true }))).version).toBe(version);
        expect((await accounts(warehouse)).letters).toEqual([]);
      }),
    );

    for (const fault of LOAD_FAULTS) {
      it(
        `holds each record once, as a row or as a dead letter, after a failure at ${fault} and another load`,
        on(async (warehouse, { lake, setFaults }) => {
          const chain = await landed(lake, 'c/i1/p0/0', { good: 1, flagged: 2 });
          await load(warehouse, lake, [chain]);
          const before = await accounts(warehouse);
          const replay = await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 0 }] });
          const hits: string[] = [];
          setFaults((point) => {
            hits.push(point);
            if (point === fault) throw new Error(`injected at ${point}`);
          });
          await expect(load(warehouse, lake, [chain, replay])).rejects.toMatchObject({ message: `injected at ${fault}` });
          expect(hits.at(-1)).toBe(fault);
          const after = { rows: ['0 c/i1/replays/1', '2 c/i1/p0/0'], letters: ['1 c/i1/p0/0'] };
          expect(await accounts(warehouse)).toEqual(fault === 'load.after-commit' ? after : before);
          setFaults(() => {});
          await load(warehouse, lake, [chain, replay]);
          expect(await accounts(warehouse)).toEqual(after);
        }),
      );
    }

    it(
      'resolves them again by a full refresh, which flags them again, in one transaction',
      on(async (warehouse, { lake, setFaults }) => {
        const chain = await landed(lake, 'c/i1/p0/0', { good: 1, flagged: 2 });
        const replay = await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 0 }] });
        await load(warehouse, lake, [chain, replay]);
        const before = await accounts(warehouse);
        setFaults((point) => {
          if (point === 'load.before-commit') throw new Error('killed');
        });
        await expect(rebuild(warehouse, lake, [chain, replay])).rejects.toMatchObject({ message: 'killed' });
        expect(await accounts(warehouse)).toEqual(before);
        setFaults(() => {});
        expect(await rebuild(warehouse, lake, [chain, replay])).toMatchObject({ rows: 2, rejected: 2, resolved: 1, objects: 2 });
        expect(await accounts(warehouse)).toEqual(before);
      }),
    );

    it(
      'takes those of its own chain alone: not of another incarnation, landing, topic or partition with the same offset',
      on(async (warehouse, { lake }) => {
        const chains = [
          await landed(lake, 'c/i1/p0/0', { flagged: 1 }),
          await landed(lake, 'c/i2/p0/0', { flagged: 1 }),
          await landed(lake, 'd/i1/p0/0', { flagged: 1 }),
        ];
        await load(warehouse, lake, chains);
        const replay = await putReplay(lake, 'c/i2/replays/1', { resolves: 'c/i2/', places: [{ offset: 0 }] });
        await load(warehouse, lake, [replay]);
        expect(await accounts(warehouse)).toEqual({ rows: ['0 c/i2/replays/1'], letters: ['0 c/i1/p0/0', '0 d/i1/p0/0'] });
        for (const place of [
          { topic: 'other', offset: 0 },
          { partition: 1, offset: 0 },
        ]) {
          const stray = await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [place] });
          await expect(load(warehouse, lake, [stray])).rejects.toMatchObject({ code: 'REPLAY_MISMATCH' });
        }
      }),
    );

    it(
      'names a replay of a record that is no dead letter, not any more, or twice, and loads nothing',
      on(async (warehouse, { lake }) => {
        const chain = await landed(lake, 'c/i1/p0/0', { good: 1, flagged: 2 });
        const first = await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 0 }] });
        await load(warehouse, lake, [chain, first]);
        const before = await accounts(warehouse);
        const version = await warehouse.version(table.name);
        const more = await landed(lake, 'c/i1/p0/3', { good: 1, flagged: 0 });
        for (const places of [
          [{ offset: 1 }, { offset: 2 }],
          [{ offset: 0 }, { offset: 1 }],
          [{ offset: 1 }, { offset: 1 }],
        ]) {
          const second = await putReplay(lake, 'c/i1/replays/2', { resolves: 'c/i1/', places });
          expect(await refusal(load(warehouse, lake, [chain, more, first, second]))).toBe(`REPLAY_MISMATCH ${second.key}`);
          expect([await accounts(warehouse), await warehouse.version(table.name)]).toEqual([before, version]);
        }
        const twins = [
          await putReplay(lake, 'c/i1/replays/2', { resolves: 'c/i1/', places: [{ offset: 1 }] }),
          await putReplay(lake, 'c/i1/replays/3', { resolves: 'c/i1/', places: [{ offset: 1 }] }),
        ];
        expect(await refusal(load(warehouse, lake, twins))).toBe('REPLAY_MISMATCH c/i1/replays/3');
        expect(await accounts(warehouse)).toEqual(before);
      }),
    );

    it(
      'resolves them again where the object that carried them is loaded again with another content',
      on(async (warehouse, { lake }) => {
        const chain = await landed(lake, 'c/i1/p0/0', { good: 1, flagged: 2 });
        const other = await landed(lake, 'c/i2/p0/0', { flagged: 1 });
        const replays = [
          await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 0 }] }),
          await putReplay(lake, 'c/i2/replays/1', { resolves: 'c/i2/', places: [{ offset: 0 }] }),
        ];
        await load(warehouse, lake, [chain, other, ...replays]);
        const before = await accounts(warehouse);
        const changed = { ...(await landed(lake, 'c/i1/p0/0', { good: 2, flagged: 2 })) };
        const [first] = replays;
        const listed = [changed, other, ...replays];
        expect(await warehouse.unloaded(table, listed)).toEqual([changed, first]);
        const outcome = await load(warehouse, lake, listed);
        expect(outcome).toMatchObject({ objects: 2, skippedObjects: 2, rows: 3, rejected: 2, resolved: 1 });
        expect(await accounts(warehouse)).toEqual({ ...before, rows: [...before.rows, '3 c/i1/p0/0'].toSorted() });
        expect((await warehouse.load(loadOf(lake, listed, { table, fullRefresh: true }))).version).toBe(outcome.version);
      }),
    );

    it(
      'serves two tables of one schema, whose dead letters lie in one table',
      on(async (warehouse, { lake }) => {
        const chain = await landed(lake, 'c/i1/p0/0', { flagged: 2 });
        const replay = await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 0 }] });
        const twin = { ...table, name: 'bronze.twin' };
        await load(warehouse, lake, [chain]);
        await warehouse.load(loadOf(lake, [chain], { table: twin }));
        await load(warehouse, lake, [chain, replay]);
        expect((await accounts(warehouse)).letters.length).toBe(3);
        await warehouse.load(loadOf(lake, [chain, replay], { table: twin }));
        expect((await accounts(warehouse)).letters).toEqual(['1 c/i1/p0/0', '1 c/i1/p0/0']);
        expect(await warehouse.count('bronze.twin')).toBe(1);
      }),
    );

    it(
      'leaves the dead letters of another table of the schema when one is rebuilt',
      on(async (warehouse, { lake }) => {
        const chain = await landed(lake, 'c/i1/p0/0', { flagged: 2 });
        const replay = await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 0 }] });
        const twin = { ...table, name: 'bronze.twin' };
        await warehouse.load(loadOf(lake, [chain], { table: twin }));
        await load(warehouse, lake, [chain, replay]);
        await rebuild(warehouse, lake, [chain, replay]);
        const letters = (await scanAll(warehouse, { ...deadLetters, key: ['for_table', 'offset'] })).map((row) => [
          row['for_table'],
          row['offset'],
        ]);
        expect(letters).toEqual([
          ['bronze.plays', 1],
          ['bronze.twin', 0],
          ['bronze.twin', 1],
        ]);
      }),
    );
  });
}
