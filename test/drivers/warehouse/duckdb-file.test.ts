import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { openDuckDbWarehouse, type DuckDbWarehouseOptions } from '../../../src/drivers/warehouse/duckdb.ts';
import { duckDbError } from '../../../src/drivers/warehouse/duckdb/duckdb-error.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { idsOf, landObject, loadOf, play, playsTable } from '../../../src/testing/contract/warehouse/fixture.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function open(folder: string, change: Partial<DuckDbWarehouseOptions> = {}) {
  const warehouse = await openDuckDbWarehouse({
    path: join(folder, 'warehouse.duckdb'),
    memoryLimit: '256MB',
    threads: 1,
    holder: 'test',
    ...change,
  });
  onTestFinished(() => warehouse.close());
  return warehouse;
}

describe('a DuckDB warehouse', () => {
  it('says that the disk is full and keeps nothing of the load', async () => {
    const lake = createMemoryObjectStore();
    let full = true;
    const warehouse = await open(await temporaryFolder(), {
      faults: (point) => {
        if (full && point === 'load.after-insert') throw Object.assign(new Error('write failed'), { code: 'ENOSPC' });
      },
    });
    const object = await landObject(lake, 'k/1', { rows: [play('a')] });
    await expect(warehouse.load(loadOf(lake, [object]))).rejects.toMatchObject({
      code: 'DISK_FULL',
      remedy: expect.stringContaining('Free some space'),
    });
    full = false;
    expect(await warehouse.load(loadOf(lake, [object]))).toMatchObject({ rows: 1 });
  });

  it('has no version of a table that somebody dropped, and loads it again from its start', async () => {
    const lake = createMemoryObjectStore();
    const warehouse = await open(await temporaryFolder());
    const object = await landObject(lake, 'k/1', { rows: [play('a')] });
    const { version } = await warehouse.load(loadOf(lake, [object]));
    await warehouse.query(`DROP TABLE ${playsTable().name}`);
    expect(await warehouse.version(playsTable().name)).toBeUndefined();
    expect(await warehouse.load(loadOf(lake, [object]))).toMatchObject({ rows: 1, version });
  });

  it("recognizes DuckDB's own words for a full disk, a damaged file and memory that does not suffice", () => {
    const code = (message: string) => duckDbError(new Error(message), 'w.duckdb');
    expect(code('IO Error: Could not write all bytes to file "w.duckdb": wanted=4096 wrote=0: No space left on device')).toMatchObject({
      code: 'DISK_FULL',
    });
    expect(code('Serialization Error: Failed to deserialize: field id mismatch, Corrupt database file')).toMatchObject({
      code: 'STORE_CORRUPT',
    });
    expect(code('Out of Memory Error: could not allocate block of size 256.0 KiB')).toMatchObject({
      code: 'QUERY_FAILED',
      remedy: "Raise the warehouse's memory limit.",
    });
    const other = new Error('not of DuckDB');
    expect(duckDbError(other, 'w.duckdb')).toBe(other);
  });

  it('refuses a file that is no database', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'warehouse.duckdb'), 'x'.repeat(20_000));
    await expect((await open(folder)).tables()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('loads from and writes to folders whose names look like patterns', async () => {
    const folder = join(await temporaryFolder(), "it's [a-z]*{1}");
    await mkdir(folder);
    const lake = await openFileSystemStore({ directory: join(folder, 'lake'), faults: noFaults });
    const warehouse = await open(folder);
    await warehouse.load(loadOf(lake, [await landObject(lake, 'day=1/k', { rows: [play('a')] })]));
    const copy = playsTable({ name: 'silver.copy' });
    await warehouse.write({ table: copy, mode: 'replace', rows: [play('b')], identity: 'w' });
    expect([await idsOf(warehouse), await idsOf(warehouse, copy)]).toEqual([['a'], ['b']]);
  });

  it('leaves no files beside the database when it is idle', async () => {
    const folder = await temporaryFolder();
    const warehouse = await open(folder);
    await warehouse.write({ table: playsTable(), mode: 'replace', rows: [play('a')], identity: 'w' });
    expect(await readdir(folder)).toEqual(['warehouse.duckdb', 'warehouse.duckdb.stage']);
    expect(await readdir(join(folder, 'warehouse.duckdb.stage'))).toEqual([]);
  });

  it('closes behind what was asked for before and waited for the file, and answers nothing after', async () => {
    const folder = await temporaryFolder();
    const [holder, other] = [await open(folder), await open(folder)];
    let release: (() => void) | undefined;
    const lent = holder.lend('a test', () => new Promise<void>((resolve) => (release = resolve)));
    await vi.waitFor(() => expect(release).toBeDefined());
    const answers = [1, 2].map((n) => other.query(`SELECT ${n} AS n`));
    const closed = Promise.all([other.close(), other.close()]);
    release?.();
    await lent;
    expect(await Promise.all(answers)).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    await closed;
    await expect(other.query('SELECT 1')).rejects.toThrow('is closed');
  });

  it('interrupts a statement when it is aborted', async () => {
    const warehouse = await open(await temporaryFolder());
    await warehouse.tables();
    const stop = new AbortController();
    const query = warehouse.query('SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE hash(a.range, b.range) = 1', [], {
      signal: stop.signal,
    });
    queueMicrotask(() => stop.abort(new Error('stop')));
    await expect(query).rejects.toThrow('stop');
    expect(await warehouse.query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('gives values of every other type as JSON can carry them', async () => {
    const warehouse = await open(await temporaryFolder());
    const [row] = await warehouse.query(
      `SELECT TIMESTAMPTZ '2026-01-01 00:00:00+02' AS tz, TIMESTAMP_NS '1969-12-31 23:59:59.9995' AS ns, TIMESTAMP_S '2026-01-01 00:00:00' AS s,
              TIMESTAMP_MS '2026-01-01 00:00:00.5' AS ms, 'infinity'::TIMESTAMP AS never, 'nan'::DOUBLE AS nan, MAP {'k': NULL} AS map, '\\xFF'::BLOB AS blob,
              INTERVAL 1 DAY AS interval, TIME '10:00' AS time, 12345678901234567.89::DECIMAL(38, 2) AS long, [NULL, '{"a":1}'::JSON] AS list, NULL AS nothing,
              'a'::ENUM ('a') AS enum, 170141183460469231731687303715884105727::HUGEINT AS huge`,
    );
    expect(row).toEqual({
      tz: '2025-12-31T22:00:00.000Z',
      ns: '1969-12-31T23:59:59.999500Z',
      s: '2026-01-01T00:00:00.000Z',
      ms: '2026-01-01T00:00:00.500Z',
      never: 'infinity',
      nan: 'NaN',
      map: { k: null },
      blob: '/w==',
      interval: '1 day',
      time: '10:00:00',
      long: '12345678901234567.89',
      list: [null, { a: 1 }],
      nothing: null,
      enum: 'a',
      huge: '170141183460469231731687303715884105727',
    });
  });
});
