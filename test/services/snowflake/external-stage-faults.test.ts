import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openSnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import { landObject, loadOf, play } from '../../../src/testing/contract/warehouse/fixture.ts';
import { bundledChild } from '../../drivers/bundled-child.ts';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';
import { startProxy, type Fault } from '../s3/proxy.ts';
import { startS3, type S3Server } from '../s3/server.ts';
import { fillStore, loadInto, problemsOf } from './loading.ts';
import { startEmulator, type Emulator } from './server.ts';
import { openStagedLake, type StagedLakeOptions } from './staged-lake.ts';

/** One more than a COPY names. */
const MANY = 1_001;

const file = bundledChild(new URL('load-child.ts', import.meta.url));

/** A frame of one raw block (RFC 8878 3.1.1) of less than 64 KiB: Node 20 has no zstd. */
function zstdFrame(text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(10);
  header.writeUInt32LE(0xfd2fb528, 0);
  header.writeUInt8(0b110_0000, 4); // a single segment, whose size takes two bytes, less 256
  header.writeUInt16LE(content.length - 256, 5);
  header.writeUIntLE((content.length << 3) | 1, 7, 3);
  return Buffer.concat([header, content]);
}

describe('an external stage of Snowflake, by its emulator and versitygw', () => {
  let emulator: Emulator;
  let server: S3Server;
  beforeAll(async () => ([emulator, server] = await Promise.all([startEmulator(), startS3()])));
  afterAll(() => Promise.all([emulator.stop(), server.stop()]));

  const open = async (options?: StagedLakeOptions) => {
    const staged = await openStagedLake(emulator, server, options);
    onTestFinished(() => staged.close());
    return staged;
  };
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error as Error,
    );

  it('takes a thousand objects with one COPY, and those of another compression with the next', async () => {
    const { warehouse, lake } = await open();
    const numbers = Array.from({ length: MANY }, (_, number) => number);
    const objects = await Promise.all(numbers.map((n) => landObject(lake, `k/${n}`, { rows: [play(`${n}`)] })));
    const body = zstdFrame(`${JSON.stringify(play('z', { device: { os: 'x'.repeat(256) } }))}\n`);
    const { etag } = await lake.put('k/zstd', body, {});
    const { length: size } = body;
    const other = { key: 'k/zstd', etag, size, rows: 1, rejected: 0, rejectedFrom: size, compression: 'zstd' } as const;
    await emulator.forget();
    const progress: (readonly (number | undefined)[])[] = [];
    const outcome = await warehouse.load(loadOf(lake, [...objects, other], { progress: (...step) => progress.push(step) }));
    expect(outcome).toMatchObject({ rows: MANY + 1, objects: MANY + 1 });
    const [row] = await warehouse.query(
      'SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS ids, COUNT(DISTINCT _object) AS objects FROM bronze.plays',
    );
    expect(row).toEqual({ n: MANY + 1, ids: MANY + 1, objects: MANY + 1 });
    const copies = (await emulator.statements()).map(({ sql }) => sql).filter((sql) => sql.startsWith('COPY INTO'));
    expect(copies.map((sql) => [sql.split("'k/").length - 1, /COMPRESSION = (\w+)/.exec(sql)?.[1]])).toEqual([
      [1_000, 'GZIP'],
      [1, 'GZIP'],
      [1, 'ZSTD'],
    ]);
    expect(progress).toEqual([1_000, 1_001, 1_002].map((done) => [done, MANY + 1]));
  });

  it('tells objects whose keys end in one another, and takes quotes and spaces in a key', async () => {
    const { warehouse, lake } = await open({ prefix: 'on it/a' });
    const objects = [
      await landObject(lake, 'k/1', { rows: [play('a')], rejected: ['x'] }),
      await landObject(lake, 'a/k/1', { rows: [play('b'), play('c')] }),
      await landObject(lake, 'a/on it/a/k/1', { rows: [play('d'), play('e'), play('f')] }),
      await landObject(lake, "it's/k/1", { rows: ['g', 'h', 'i', 'j'].map((id) => play(id)) }),
    ];
    await warehouse.load(loadOf(lake, objects));
    expect(await warehouse.query('SELECT _object AS o, COUNT(*) AS n FROM bronze.plays GROUP BY 1 ORDER BY 2')).toEqual(
      objects.map(({ key, rows }) => ({ o: key, n: rows })),
    );
  });

  it('names the stage and the object where it lies over another folder, and loads nothing', async () => {
    const { warehouse, lake } = await open({ prefix: 'lake', stagePrefix: 'elsewhere' });
    const object = await landObject(lake, 'k/1', { rows: [play('a')] });
    const error = await failureOf(warehouse.load(loadOf(lake, [object])));
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      place: { field: 'SPINDLE_SNOWFLAKE_STAGE' },
      transient: false,
      message: expect.stringMatching(/object k\/1 of the lake by the external stage "X[\dA-F]+"\."PUBLIC"\."LAKE": /) as string,
      remedy: expect.stringContaining('DESC STAGE "X') as string,
    });
    expect(await warehouse.count('bronze.plays')).toBe(0);
  });

  it('says so where there is no such stage, and where the bucket does not know the key', async () => {
    const { settings, stage, lake } = await open();
    if (stage === undefined) throw new Error('there is a stage');
    const object = await landObject(lake, 'k/1', { rows: [play('a')] });
    const other = { ...stage, name: stage.name.replace('LAKE', 'NONE') };
    const warehouse = await openSnowflakeWarehouse({ settings, stage: other, directory: await temporaryFolder() });
    onTestFinished(() => warehouse.close());
    expect(await failureOf(warehouse.load(loadOf(lake, [object])))).toMatchObject({ code: 'CONFIG_INVALID', transient: false });
    expect(await warehouse.setUp?.state({ tables: [], models: [] })).toContainEqual(
      expect.objectContaining({ part: 'external stage', exists: false }),
    );
    const refused: Fault = { kind: 'answer', status: 403, code: 'InvalidAccessKeyId', message: 'The access key is not known.' };
    const proxy = await startProxy(server, () => refused);
    const closed = await open({ endpoint: proxy.endpoint });
    const own = await landObject(closed.lake, 'k/1', { rows: [play('a')] });
    expect(await failureOf(closed.warehouse.load(loadOf(closed.lake, [own])))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('k/1') as string,
    });
  });

  it('leaves nothing of a load whose COPY lost the bucket, which may be tried again', async () => {
    let isCut = true;
    const proxy = await startProxy(server, ({ method, url }) =>
      isCut && method === 'GET' && url.includes('k/020') ? { kind: 'cut-within', bytes: 10 } : undefined,
    );
    const { warehouse, lake } = await open({ endpoint: proxy.endpoint });
    const objects = await fillStore(lake);
    const load = () => warehouse.load(loadInto('bronze.cut', lake, objects));
    expect(await failureOf(load())).toMatchObject({ code: 'LAKE_UNREACHABLE', transient: true });
    expect(await warehouse.count('bronze.cut')).toBe(0);
    isCut = false;
    await load();
    expect(await problemsOf(warehouse, 'bronze.cut', objects)).toEqual([]);
  });

  it.each(['killed', 'aborted'])('leaves nothing of a load that was %s in its COPY', async (how) => {
    let stalled = 0;
    const proxy = await startProxy(server, ({ method, url }) => {
      if (method !== 'GET' || !url.includes('k/020') || stalled > 0) return undefined;
      stalled++;
      return { kind: 'stall' };
    });
    const { warehouse, lake, lakeOptions, settings, stage } = await open({ endpoint: proxy.endpoint });
    const objects = await fillStore(lake);
    const inCopy = () => vi.waitFor(() => expect(stalled).toBe(1), { timeout: 60_000, interval: 10 });
    if (how === 'killed') {
      const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      child.send({
        settings,
        folder: join(await temporaryFolder(), 'child'),
        table: 'bronze.plays',
        objects,
        staged: { stage, lakeOptions },
      });
      const exit = once(child, 'exit');
      await inCopy();
      child.kill('SIGKILL');
      await exit;
    } else {
      const aborting = new AbortController();
      const load = warehouse.load({ ...loadInto('bronze.plays', lake, objects), signal: aborting.signal });
      const ended = failureOf(load);
      await inCopy();
      aborting.abort(new Error('enough'));
      expect(await ended).toMatchObject({ message: 'enough' });
    }
    expect(await warehouse.count('bronze.plays')).toBe(0);
    await warehouse.load(loadInto('bronze.plays', lake, objects));
    expect(await problemsOf(warehouse, 'bronze.plays', objects)).toEqual([]);
  });
});
