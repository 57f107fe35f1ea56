import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { FaultPoint } from '../../../runtime/resource/faults.ts';
import type { LoadFile, WarehouseRow, Warehouse } from '../../../runtime/resource/warehouse.ts';
import { lineJudge } from '../../../runtime/store/line-judge.ts';
import type { Row } from '../../../runtime/store/row.ts';
import type { TestFramework } from '../test-framework.ts';
import {
  deadLetters,
  idsOf,
  landObject,
  loadOf,
  onWarehouse,
  Play,
  play,
  playsTable,
  scanAll,
  type OpenWarehouse,
  putFile,
} from './fixture.ts';

const LOAD_FAULTS: readonly FaultPoint[] = ['load.before-transaction', 'load.after-insert', 'load.before-commit', 'load.after-commit'];

const judgedBy = (schema: Row, { lines, ...file }: LoadFile): LoadFile => ({ ...file, lines: { ...lines, judge: lineJudge(schema) } });

const lettersOf = (warehouse: Warehouse): Promise<WarehouseRow[]> => scanAll(warehouse, { ...deadLetters, key: ['object', 'offset'] });

const placesOf = async (warehouse: Warehouse): Promise<string[]> =>
  (await lettersOf(warehouse)).map((letter) => `${String(letter['object'])}:${String(letter['offset'])}`);

/** Loads of files that something else wrote: each line once, as a row or as a dead letter. */
export function filesContract(
  { describe, it, expect }: TestFramework,
  open: OpenWarehouse,
  { writesBySql }: { readonly writesBySql: boolean },
): void {
  const on = (test: Parameters<typeof onWarehouse>[1]) => onWarehouse(open, test);

  describe('loading files from elsewhere', () => {
    it(
      'loads each good line with its file, and sets a broken one aside with file, line and reason',
      on(async (warehouse, { lake }) => {
        const file = await putFile(lake, 'inbox/plays/a.ndjson', [play('a'), '{oops', play('b'), play('c', { ms: 'long' })]);
        const outcome = await warehouse.load(loadOf(lake, [file]));
        expect(outcome).toMatchObject({ rows: 2, rejected: 2, objects: 1, skippedObjects: 0, bytes: file.size });
        expect(await scanAll(warehouse, playsTable())).toEqual([play('a'), play('b')]);
        expect(await warehouse.query('SELECT DISTINCT _object, _loaded_at FROM bronze.plays')).toEqual([
          { _object: file.key, _loaded_at: '2026-02-01T00:00:00.000Z' },
        ]);
        const letters = await lettersOf(warehouse);
        const [[reason] = [], ...others] = letters.map((letter) => letter['reasons'] as readonly string[]);
        expect(letters.at(0)).toMatchObject({
          topic: 'inbox/plays',
          partition: 0,
          offset: 2,
          recorded_at: '2026-02-01T00:00:00.000Z',
          raw: '{oops',
          raw_base64: null,
          object: file.key,
          for_table: 'bronze.plays',
          loaded_at: '2026-02-01T00:00:00.000Z',
        });
        expect(reason?.startsWith('not JSON: ')).toBe(true);
        expect(others).toEqual([['ms: Invalid input: expected number, received string']]);
        expect(letters.at(1)).toMatchObject({ offset: 4, raw: JSON.stringify(play('c', { ms: 'long' })) });
      }),
    );

    it(
      'reads what programs write: a mark in front, CRLF, blank lines, spaces, no end of the last line, gzip in members',
      on(async (warehouse, { lake }) => {
        const line = (id: string) => JSON.stringify(play(id));
        const text = `\ufeff${line('a')}\r\n\r\n  \n ${line('b')} \nx\r\n${line('c')}`;
        const plain = await putFile(lake, 'inbox/plays/1.json', Buffer.from(text));
        const members = Buffer.concat([gzipSync(`${line('d')}\n${line('e').slice(0, 9)}`), gzipSync(`${line('e').slice(9)}\ny`)]);
        const packed = await putFile(lake, 'inbox/plays/2.jsonl.gz', members);
        const empty = await putFile(lake, 'inbox/plays/3.ndjson', []);
        expect(await warehouse.load(loadOf(lake, [plain, packed, empty]))).toMatchObject({ rows: 5, rejected: 2, objects: 3 });
        expect(await idsOf(warehouse)).toEqual(['a', 'b', 'c', 'd', 'e']);
        expect(await placesOf(warehouse)).toEqual(['inbox/plays/1.json:5', 'inbox/plays/2.jsonl.gz:3']);
        expect((await lettersOf(warehouse)).map(({ raw }) => raw)).toEqual(['x', 'y']);
      }),
    );

    it(
      'keeps a line that is no UTF-8 byte by byte, and none that is too long to keep',
      on(async (warehouse, { lake }) => {
        const noText = Buffer.from([123, 0xff, 34]);
        const body = Buffer.concat([
          noText,
          Buffer.from(`\n${'x'.repeat(2 << 20)}\n${'y'.repeat((16 << 20) + 1)}\n${JSON.stringify(play('a'))}\n`),
        ]);
        const file = await putFile(lake, 'inbox/plays/a.ndjson', body);
        expect(await warehouse.load(loadOf(lake, [file]))).toMatchObject({ rows: 1, rejected: 3 });
        expect((await lettersOf(warehouse)).map(({ offset, raw, raw_base64 }) => ({ offset, raw, raw_base64 }))).toEqual([
          { offset: 1, raw: '{\ufffd"', raw_base64: noText.toString('base64') },
          { offset: 2, raw: null, raw_base64: null },
          { offset: 3, raw: null, raw_base64: null },
        ]);
        const [first, second, third] = (await lettersOf(warehouse)).map(({ reasons }) => reasons as readonly string[]);
        expect([first, second?.at(-1), third]).toEqual([
          ['not UTF-8 text'],
          'the line has 2097152 bytes, and is not kept here',
          ['the line has 16777217 bytes, and no more than 16777216 are taken'],
        ]);
      }),
    );

    it(
      'takes the last of fields of one name, defaults, and texts of any characters',
      on(async (warehouse, { lake }) => {
        const text = `quote " back \\ slash / tab \t line \n nul-free \u2028 ü 😀 'single' {"a":1} [1]`;
        const schema = Play.extend({ ms: z.int().default(7) });
        const { ms: _ms, ...bare } = play('b', { device: { os: text } });
        const twice = `${JSON.stringify(play('a')).slice(0, -1)},"ms":3}`;
        const file = judgedBy(schema, await putFile(lake, 'inbox/plays/a.ndjson', [twice, bare]));
        await warehouse.load(loadOf(lake, [file], { table: playsTable({ schema }) }));
        expect(await scanAll(warehouse, playsTable({ schema }))).toEqual([
          play('a', { ms: 3 }),
          play('b', { ms: 7, device: { os: text } }),
        ]);
      }),
    );

    it(
      'keeps fields that the schema does not know where the table has a column for them',
      on(async (warehouse, { lake }) => {
        const table = playsTable({ schema: Play.extend({ _extra: z.record(z.string(), z.unknown()).optional() }) });
        const file = await putFile(lake, 'inbox/plays/a.ndjson', [play('a', { shuffle: [1], _object: 'x' }), play('b')]);
        await warehouse.load(loadOf(lake, [file], { table }));
        expect((await scanAll(warehouse, table)).map((row) => row['_extra'])).toEqual([{ shuffle: [1], _object: 'x' }, null]);
        const twin = playsTable({ name: 'bronze.twin' });
        await warehouse.load(loadOf(lake, [file], { table: twin }));
        expect(await scanAll(warehouse, twin)).toEqual([play('a'), play('b')]);
      }),
    );

    it(
      'loads a file once, remembers one without a good line, and tells the same version however they came',
      on(async (warehouse, { lake }) => {
        const files = [
          await putFile(lake, 'inbox/plays/1.ndjson', [play('a'), 'x']),
          await putFile(lake, 'inbox/plays/2.ndjson', ['y']),
          await putFile(lake, 'inbox/plays/3.ndjson', []),
        ];
        expect(await warehouse.unloaded(playsTable(), files)).toEqual(files);
        await warehouse.load(loadOf(lake, files.slice(1)));
        expect(await warehouse.unloaded(playsTable(), files)).toEqual(files.slice(0, 1));
        const { version, ...outcome } = await warehouse.load(loadOf(lake, files));
        expect(outcome).toMatchObject({ rows: 1, rejected: 1, objects: 1, skippedObjects: 2 });
        expect(await warehouse.load(loadOf(lake, files))).toMatchObject({ rows: 0, rejected: 0, objects: 0, skippedObjects: 3, version });
        expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a'], 2]);
        const twin = playsTable({ name: 'bronze.twin' });
        expect((await warehouse.load(loadOf(lake, files, { table: twin }))).version).toBe(version);
      }),
    );

    it(
      'loads a file again that was replaced: its earlier rows and dead letters go',
      on(async (warehouse, { lake }) => {
        const other = await putFile(lake, 'inbox/plays/2.ndjson', [play('z'), 'y']);
        await warehouse.load(loadOf(lake, [await putFile(lake, 'inbox/plays/1.ndjson', [play('a'), 'x', play('b')]), other]));
        const mended = await putFile(lake, 'inbox/plays/1.ndjson', [play('a'), play('x')]);
        expect(await warehouse.unloaded(playsTable(), [mended, other])).toEqual([mended]);
        expect(await warehouse.load(loadOf(lake, [mended, other]))).toMatchObject({ rows: 2, rejected: 0, objects: 1, skippedObjects: 1 });
        expect([await idsOf(warehouse), await placesOf(warehouse)]).toEqual([['a', 'x', 'z'], ['inbox/plays/2.ndjson:2']]);
      }),
    );

    it(
      'loads all of them again by a full refresh',
      on(async (warehouse, { lake }) => {
        const files = [await putFile(lake, 'inbox/plays/1.ndjson', [play('a'), 'x'])];
        await warehouse.load(loadOf(lake, files));
        const table = playsTable({ generation: 'g2' });
        await expect(warehouse.load(loadOf(lake, files, { table }))).rejects.toMatchObject({ code: 'TABLE_NEEDS_REBUILD' });
        expect(await warehouse.load(loadOf(lake, files, { table, fullRefresh: true }))).toMatchObject({ rows: 1, rejected: 1, objects: 1 });
        expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a'], 1]);
      }),
    );

    it(
      'names a file that cannot be read to its end, and loads nothing',
      on(async (warehouse, { lake }) => {
        const good = await putFile(lake, 'inbox/plays/0.ndjson', [play('a'), 'x']);
        const whole = gzipSync(Array.from({ length: 5_000 }, (_, n) => `${JSON.stringify(play(`${n}`, { ms: n * 7919 }))}\n`).join(''));
        const torn = await putFile(lake, 'inbox/plays/torn.ndjson.gz', whole.subarray(0, whole.length - 9));
        const noise = await putFile(lake, 'inbox/plays/noise.ndjson.gz', Buffer.from('no gzip'));
        const gone = { ...good, key: 'inbox/plays/gone.ndjson' };
        for (const file of [torn, noise, gone]) {
          const error = await warehouse.load(loadOf(lake, [good, file])).then(
            () => undefined,
            (reason: unknown) => reason as Error & { code: string },
          );
          expect([error?.code, error?.message.startsWith(`file ${file.key} cannot be read: `)]).toEqual(['OBJECT_UNREADABLE', true]);
        }
        expect(await warehouse.load(loadOf(lake, [good]))).toMatchObject({ rows: 1, rejected: 1, objects: 1 });
        expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a'], 1]);
      }),
    );

    for (const fault of LOAD_FAULTS) {
      it(
        `holds each line once after a failure at ${fault} and another load`,
        on(async (warehouse, { lake, setFaults }) => {
          const first = await putFile(lake, 'inbox/plays/1.ndjson', [play('a'), 'x']);
          await warehouse.load(loadOf(lake, [first]));
          const files = [first, await putFile(lake, 'inbox/plays/2.ndjson.gz', [play('b'), 'y'])];
          setFaults((point) => {
            if (point === fault) throw new Error(`injected at ${point}`);
          });
          await expect(warehouse.load(loadOf(lake, files))).rejects.toMatchObject({ message: `injected at ${fault}` });
          expect(await warehouse.count('bronze.plays')).toBe(fault === 'load.after-commit' ? 2 : 1);
          setFaults(() => {});
          await warehouse.load(loadOf(lake, files));
          expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a', 'b'], 2]);
        }),
      );
    }

    it(
      'loads the same files once when two loads race',
      on(async (warehouse, { lake }) => {
        const files = [await putFile(lake, 'inbox/plays/1.ndjson', [play('a'), 'x'])];
        const outcomes = await Promise.all([1, 2, 3].map(() => warehouse.load(loadOf(lake, files))));
        expect(outcomes.map(({ objects }) => objects).toSorted()).toEqual([0, 0, 1]);
        expect([await warehouse.count('bronze.plays'), await warehouse.count('bronze.dead_letters')]).toEqual([1, 1]);
      }),
    );

    it(
      'takes many lines in many files, beside objects of a chain, and counts the slices of time that they touch',
      on(async (warehouse, { lake }) => {
        const object = await landObject(lake, 'plays/1/0/0', { rows: [play('o')], rejected: ['x'] });
        const lines = (file: number) =>
          Array.from({ length: 2_000 }, (_, n) =>
            n % 100 === 7 ? `broken ${n}` : play(`${file}-${n}`, { played_at: `2026-01-0${file + 1}T10:00:00.000Z` }),
          );
        const files = [];
        for (let n = 0; n < 4; n++) files.push(await putFile(lake, `inbox/plays/${n}.ndjson${n % 2 === 0 ? '' : '.gz'}`, lines(n)));
        const progress: (number | undefined)[] = [];
        const outcome = await warehouse.load(
          loadOf(lake, [object, ...files], { touched: { column: 'played_at', unit: 'day' }, progress: (done) => progress.push(done) }),
        );
        expect(outcome).toMatchObject({ rows: 4 * 1_980 + 1, rejected: 4 * 20 + 1, objects: 5 });
        expect([...outcome.touched]).toEqual([
          ['2026-01-01T00:00:00.000Z', 1_981],
          ['2026-01-02T00:00:00.000Z', 1_980],
          ['2026-01-03T00:00:00.000Z', 1_980],
          ['2026-01-04T00:00:00.000Z', 1_980],
        ]);
        expect(progress.length > 0).toBe(true);
        const [counted] = await warehouse.query('SELECT COUNT(DISTINCT id) AS ids, COUNT(DISTINCT _object) AS objects FROM bronze.plays');
        expect(counted).toEqual({ ids: 4 * 1_980 + 1, objects: 5 });
      }),
    );

    it(
      'stops with the reason of an abort, and loads nothing',
      on(async (warehouse, { lake }) => {
        const file = await putFile(lake, 'inbox/plays/1.ndjson', [play('a')]);
        const signal = AbortSignal.abort(new Error('stop'));
        await expect(warehouse.load(loadOf(lake, [file], { signal }))).rejects.toMatchObject({ message: 'stop' });
        expect(await warehouse.unloaded(playsTable(), [file])).toEqual([file]);
      }),
    );

    if (writesBySql)
      it(
        'fills a table again that somebody else emptied, with the dead letters of the files',
        on(async (warehouse, { lake }) => {
          const files = [await putFile(lake, 'inbox/plays/1.ndjson', [play('a'), 'x']), await putFile(lake, 'inbox/plays/2.ndjson', ['y'])];
          const { version } = await warehouse.load(loadOf(lake, files));
          await warehouse.query('DELETE FROM bronze.plays');
          expect(await warehouse.unloaded(playsTable(), files)).toEqual(files);
          expect(await warehouse.load(loadOf(lake, files))).toMatchObject({ rows: 1, rejected: 2, objects: 2, version });
          expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a'], 2]);
        }),
      );
  });
}
