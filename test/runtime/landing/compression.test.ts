import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { asset, landed, landing, materialize, table, topic } from 'spindle';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { describeChain } from '../../../src/runtime/landing/describe-chain.ts';
import { readFlagged } from '../../../src/runtime/landing/flagged.ts';
import { beginNextIncarnation, newestIncarnation } from '../../../src/runtime/landing/incarnation.ts';
import type { Compression } from '../../../src/runtime/store/compression.ts';
import { readNdjson } from '../../../src/runtime/store/ndjson.ts';
import { chainKeys, goodPlays, Play, PREFIX, TOPIC } from './plays.ts';

const hasZstd = 'createZstdCompress' in zlib;

/** A topic that grows, its landing, and a table in DuckDB. */
async function scene() {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-compression-'));
  const warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.db'), memoryLimit: '256MB', holder: 'a test' });
  onTestFinished(async () => {
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const [broker, lake] = [createMemoryBroker(), createMemoryObjectStore()];
  const texts: string[] = [];
  const plays = asset('stream/plays', { store: topic(TOPIC, Play) }).run(() => ({
    generator: 'g',
    start: (resume) => ({
      state: '',
      records: texts.map((raw, sequence) => ({ sequence, raw })).slice((resume?.sequence ?? -1) + 1),
    }),
  }));
  return {
    lake,
    warehouse,
    /** Produces these too, lands them with the setting, and loads them. */
    async run(compression: Compression, ...more: readonly string[]) {
      texts.push(...more);
      const raw = asset('lake/plays', { store: landing(PREFIX, Play, { compression, rotate: { records: 300 } }), deps: { plays } }).run(
        ({ plays: given }) => given,
      );
      const bronze = asset('bronze/plays', { store: table('bronze.plays', landed(Play), { write: 'append' }), deps: { raw } }).run(
        ({ raw: given }) => given,
      );
      const run = await materialize([plays, raw, bronze], { resources: { broker, lake, warehouse } });
      const handle = run.ok ? await run.output(raw) : undefined;
      return { error: run.events.find(({ type }) => type === 'step.failed'), rows: (await handle?.all()) ?? [] };
    },
    suffixes: async () => (await chainKeys(lake)).map((key) => key.slice(key.lastIndexOf('.') + 1)),
    counts: async () => [await warehouse.count('bronze.plays'), await warehouse.count('bronze.dead_letters')],
    newest: () => newestIncarnation(lake, PREFIX, TOPIC),
    restart: (compression: Compression) => beginNextIncarnation({ lake, prefix: PREFIX, topic: TOPIC, compression }),
  };
}

describe('a landing that compresses with gzip', () => {
  it('is read, and loaded by DuckDB with its dead letters', async () => {
    const { run, counts, suffixes } = await scene();
    const { rows } = await run('gzip', ...goodPlays(700), 'no JSON');
    expect(rows.length).toBe(700);
    expect([await counts(), await suffixes()]).toEqual([
      [700, 1],
      ['gz', 'gz', 'gz'],
    ]);
  });
});

// Node has zstd from version 22.15 on: test/services/node-24 runs this file there, where the second part is left out.
describe.runIf(hasZstd)('a landing that compresses with zstd', () => {
  it('is read, whole and in parts, and loaded by DuckDB with its dead letters', async () => {
    const { run, lake, counts, suffixes } = await scene();
    const { rows, error } = await run('zstd', 'no JSON', ...goodPlays(700), '{}');
    expect(error).toBe(undefined);
    expect(rows.length).toBe(700);
    expect([await counts(), await suffixes()]).toEqual([
      [700, 2],
      ['zst', 'zst', 'zst'],
    ]);
    const [first = ''] = await chainKeys(lake);
    const described = await describeChain(lake, [{ key: first, size: 0, etag: '' }], new AbortController().signal);
    expect(described).toMatchObject([{ compression: 'zstd', rows: 299, rejected: 1 }]);
    expect((await readNdjson(await lake.get(first), 'zstd')).length).toBe(300); // two members
    expect(await readFlagged(lake, first)).toMatchObject([{ record: { offset: 0 } }]);
  });

  it('does not fork a chain that was begun with gzip: the next incarnation takes the setting up, and both are loaded at once', async () => {
    const { run, counts, suffixes, newest, restart } = await scene();
    await run('gzip', ...goodPlays(10));
    await run('zstd', ...goodPlays(10));
    expect([await newest(), await suffixes()]).toEqual([expect.objectContaining({ incarnation: 1, compression: 'gzip' }), ['gz', 'gz']]);
    await restart('zstd');
    const { rows } = await run('zstd', ...goodPlays(10), 'no JSON');
    expect(await suffixes()).toEqual(['gz', 'gz', 'zst']);
    expect(rows.length).toBe(50);
    expect(await counts()).toEqual([50, 1]);
    await run('gzip', ...goodPlays(5));
    expect(await suffixes()).toEqual(['gz', 'gz', 'zst', 'zst']);
  });
});

describe.runIf(!hasZstd)('a landing that compresses with zstd, where Node has none', () => {
  it('is refused before anything is begun, with what to do', async () => {
    const { run, newest, suffixes, restart } = await scene();
    const { error } = await run('zstd', ...goodPlays(3));
    expect(error).toMatchObject({
      asset: 'lake/plays',
      error: {
        code: 'CONFIG_INVALID',
        message: 'This version of Node has no zstd.',
        remedy: 'Run Node 22.15 or newer, or compress with gzip.',
      },
    });
    expect([await newest(), await suffixes()]).toEqual([undefined, []]);
    await run('gzip');
    expect(await suffixes()).toEqual(['gz']);
    await expect(restart('zstd')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect((await newest())?.incarnation).toBe(1);
  });

  it('goes on with the gzip that its chain was begun with', async () => {
    const { run, suffixes } = await scene();
    await run('gzip', ...goodPlays(3));
    expect((await run('zstd', ...goodPlays(3))).rows.length).toBe(6);
    expect(await suffixes()).toEqual(['gz', 'gz']);
  });
});
