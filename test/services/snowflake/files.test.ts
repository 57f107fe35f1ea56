import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import type { LoadFile } from '../../../src/runtime/resource/warehouse.ts';
import { deadLetters, idsOf, loadOf, play, playsTable, putFile, scanAll } from '../../../src/testing/contract/warehouse/fixture.ts';
import { openFresh } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';

describe('files from elsewhere in Snowflake', () => {
  let emulator: Emulator;
  beforeAll(async () => (emulator = await startEmulator()));
  afterAll(() => emulator.stop());

  /** The file, judged by somebody who takes the line `odd` for a row. */
  const withOdd = (file: LoadFile): LoadFile => ({
    ...file,
    lines: {
      ...file.lines,
      judge: (line) => (Buffer.from(line).toString() === 'odd' ? { row: '{"id": odd}' } : file.lines.judge(line)),
    },
  });

  it('sets a line aside that passed its schema and that TRY_PARSE_JSON does not take, as it came, beside the others', async () => {
    const warehouse = await openFresh(emulator);
    const lake = createMemoryObjectStore();
    const files = [
      withOdd(await putFile(lake, 'inbox/plays/a.ndjson.gz', [play('a'), 'odd', 'broken', play('b')])),
      withOdd(await putFile(lake, 'inbox/plays/b.ndjson', ['odd'])),
      withOdd(await putFile(lake, 'inbox/plays/c.ndjson', [play('c')])),
    ];
    expect(await warehouse.load(loadOf(lake, files))).toMatchObject({ rows: 3, rejected: 3, objects: 3 });
    expect(await idsOf(warehouse)).toEqual(['a', 'b', 'c']);
    const letters = await scanAll(warehouse, { ...deadLetters, key: ['object', 'offset'] });
    expect(letters.map(({ object, offset, raw }) => [object, offset, raw])).toEqual([
      ['inbox/plays/a.ndjson.gz', 2, 'odd'],
      ['inbox/plays/a.ndjson.gz', 3, 'broken'],
      ['inbox/plays/b.ndjson', 1, 'odd'],
    ]);
    expect([letters[0]?.['reasons'], letters[2]?.['reasons']]).toEqual([
      ['TRY_PARSE_JSON of Snowflake does not take it'],
      ['TRY_PARSE_JSON of Snowflake does not take it'],
    ]);
    expect(await warehouse.query('SELECT object_key, loaded, rejected FROM _spindle.loads ORDER BY 1')).toEqual([
      { object_key: 'inbox/plays/a.ndjson.gz', loaded: 2, rejected: 2 },
      { object_key: 'inbox/plays/b.ndjson', loaded: 0, rejected: 1 },
      { object_key: 'inbox/plays/c.ndjson', loaded: 1, rejected: 0 },
    ]);
    expect(await warehouse.load(loadOf(lake, files))).toMatchObject({ rows: 0, objects: 0, skippedObjects: 3 });
    await warehouse.close();
  });

  it('sets a row aside that is too long for a VARIANT as a text', async () => {
    const warehouse = await openFresh(emulator);
    const lake = createMemoryObjectStore();
    const long = play('long', { device: { os: '"'.repeat((4 << 20) + 100) } });
    const file = await putFile(lake, 'inbox/plays/a.ndjson', [play('a'), long]);
    expect(await warehouse.load(loadOf(lake, [file]))).toMatchObject({ rows: 1, rejected: 1 });
    const [letter] = await scanAll(warehouse, deadLetters);
    expect(letter).toMatchObject({ object: file.key, offset: 2, raw: null });
    expect(letter?.['reasons']).toEqual([
      'as a text it is longer than the 16 MiB that Snowflake takes',
      expect.stringContaining('is not kept here'),
    ]);
    await warehouse.close();
  });

  it('sends many dead letters by the stage, and leaves nothing there', async () => {
    const warehouse = await openFresh(emulator);
    const lake = createMemoryObjectStore();
    const file = await putFile(
      lake,
      'inbox/plays/a.ndjson',
      Array.from({ length: 8_000 }, (_, n) => (n === 0 ? play('a') : `"broken" \\ ${n} ü`)),
    );
    await emulator.forget();
    expect(await warehouse.load(loadOf(lake, [file]))).toMatchObject({ rows: 1, rejected: 7_999 });
    const copies = (await emulator.statements()).filter(({ sql }) => sql.startsWith('COPY INTO'));
    expect(copies.length).toBe(2);
    const [counted] = await warehouse.query(
      'SELECT COUNT(DISTINCT "offset") AS n, MIN("offset") AS first, MAX(raw) AS last FROM bronze.dead_letters'.replaceAll(
        '"offset"',
        '"OFFSET"',
      ),
    );
    expect(counted).toEqual({ n: 7_999, first: 2, last: '"broken" \\ 999 ü' });
    expect(await warehouse.query(`LIST '@"_SPINDLE"."STAGE"/${playsTable().name}/'`)).toEqual([]);
    await warehouse.close();
  });

  it('removes what it staged where a later file cannot be read', async () => {
    const warehouse = await openFresh(emulator);
    const lake = createMemoryObjectStore();
    const good = await putFile(lake, 'inbox/plays/a.ndjson', [play('a')]);
    const noise = await putFile(lake, 'inbox/plays/b.ndjson.gz', Buffer.from('noise'));
    await expect(warehouse.load(loadOf(lake, [good, noise]))).rejects.toMatchObject({ code: 'OBJECT_UNREADABLE' });
    expect(await warehouse.query(`LIST '@"_SPINDLE"."STAGE"/bronze.plays/'`)).toEqual([]);
    await warehouse.close();
  });
});
