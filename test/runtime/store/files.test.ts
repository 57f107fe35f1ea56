import { gzipSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import { asset, files, given, materialize, objects, source, table, value, type ObjectStore } from 'spindle';
import { createMemoryRunStore, ephemeral } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { issuesOf, one } from '../graph/parts.ts';

const Play = z.object({ id: z.string(), at: z.iso.datetime(), rating: z.int().nullable() });
const play = (id: string) => ({ id, at: '2026-01-01T10:00:00.000Z', rating: 1 });
const line = (row: object) => `${JSON.stringify(row)}\n`;

const ZSTD = [
  'KLUv/SA2sQEAeyJpZCI6ImEiLCJhdCI6IjIwMjYtMDEtMDFUMTA6MDA6MDAuMDAwWiIsInJhdGluZyI6MX0K',
  'KLUv/SA2sQEAeyJpZCI6ImIiLCJhdCI6IjIwMjYtMDEtMDFUMTA6MDA6MDAuMDAwWiIsInJhdGluZyI6MX0K',
];

const inbox = source('inbox/plays', { store: files('inbox/plays', Play) });
const legacy = asset('bronze/legacy_plays', { deps: { inbox }, store: table('bronze.legacy_plays', Play, { write: 'append' }) }).run(
  ({ inbox }) => inbox,
);
const ids = asset('ids', { store: value(z.array(z.string())), deps: { inbox } }).run(async ({ inbox }) =>
  (await inbox.all()).map(({ id }) => id),
);

function world() {
  const kit = { ...ephemeral(), runStore: createMemoryRunStore() };
  const { lake } = kit.resources;
  const put = (key: string, text: string | Uint8Array) => lake.put(key, Buffer.from(text), {});
  const idsIn = async () => {
    const rows = await kit.resources.warehouse.query('select id from bronze.legacy_plays order by id');
    return rows.map(({ id }) => id);
  };
  return { kit, put, lake, idsIn };
}

describe('files from elsewhere', () => {
  it('are loaded into a table, and a broken line goes to the dead letters with its file, row and reason', async () => {
    const { kit, put, idsIn } = world();
    await put('inbox/plays/2026/a.ndjson', `${line(play('a'))}{"id":\n${line({ ...play('c'), rating: 'five' })}`);
    await put('inbox/plays/b.jsonl.gz', gzipSync(line(play('b'))));
    const run = await materialize([legacy], kit);
    expect(run.ok).toBe(true);
    expect(run.events.find(({ type }) => type === 'asset.materialized')).toMatchObject({
      rows: 2,
      metadata: { rejected: 2, objects: 2, skippedObjects: 0 },
    });
    expect(await idsIn()).toEqual(['a', 'b']);
    const letters = await kit.resources.warehouse.query(
      'select topic, object, "offset", raw, reasons, for_table from bronze.dead_letters order by 3',
    );
    const common = { topic: 'inbox/plays', object: 'inbox/plays/2026/a.ndjson', for_table: 'bronze.legacy_plays' };
    expect(letters).toEqual([
      { ...common, offset: 2, raw: '{"id":', reasons: [expect.stringMatching(/^not JSON: /)] },
      {
        ...common,
        offset: 3,
        raw: JSON.stringify({ ...play('c'), rating: 'five' }),
        reasons: ['rating: Invalid input: expected number, received string'],
      },
    ]);
  });

  it('are loaded once: a run takes those that came, and those whose content is another', async () => {
    const { kit, put, idsIn } = world();
    await put('inbox/plays/a.ndjson', `${line(play('a'))}oops\n`);
    await materialize([legacy], kit);
    expect((await materialize([legacy], kit)).ran).toEqual([]);
    await put('inbox/plays/b.ndjson', line(play('b')));
    const second = await materialize([legacy], kit);
    expect(second.explain(legacy)).toMatch(/ran because inbox\/plays changed/);
    expect(second.events.find(({ type }) => type === 'asset.materialized')).toMatchObject({ metadata: { objects: 1, skippedObjects: 1 } });
    await put('inbox/plays/a.ndjson', line(play('a')) + line(play('c')));
    await materialize([legacy], kit);
    expect(await idsIn()).toEqual(['a', 'b', 'c']);
    expect(await kit.resources.warehouse.count('bronze.dead_letters')).toBe(0);
  });

  it('are those with the names of such files; others, and what programs keep for themselves, are passed over', async () => {
    const { kit, put, idsIn } = world();
    for (const name of ['a.ndjson', 'b.jsonl', 'c.json', 'd.JSON', 'day=1/e.json.gz', 'f.v2.ndjson.gz']) {
      const text = line(play(name.split('.')[0]!.at(-1)!));
      await put(`inbox/plays/${name}`, name.endsWith('.gz') ? gzipSync(text) : text);
    }
    for (const name of ['_SUCCESS', 'x.csv', 'x.json.bak', 'json', '_temporary/0/x.json', '.x.json', 'day=1/_x.json'])
      await put(`inbox/plays/${name}`, 'not ours\n');
    await put('inbox/plays.json', 'beside it\n');
    await put('inbox/plays2/x.json', 'not below it\n');
    await materialize([legacy], kit);
    expect(await idsIn()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(await kit.resources.warehouse.count('bronze.dead_letters')).toBe(0);
  });

  it('fail the load by name where one of them cannot be read, and nothing of it stays', async () => {
    const { kit, put, idsIn } = world();
    await put('inbox/plays/a.ndjson', line(play('a')));
    const whole = gzipSync(line(play('b')));
    await put('inbox/plays/b.ndjson.gz', whole.subarray(0, whole.length - 1));
    const failed = await materialize([legacy], kit);
    expect(failed.events.find(({ type }) => type === 'step.failed')).toMatchObject({
      error: { code: 'OBJECT_UNREADABLE', message: 'file inbox/plays/b.ndjson.gz cannot be read: unexpected end of file' },
    });
    expect((await kit.resources.warehouse.tables()).map(({ name }) => name)).not.toContain('bronze.legacy_plays');
    await put('inbox/plays/b.ndjson.gz', whole);
    await materialize([legacy], kit);
    expect(await idsIn()).toEqual(['a', 'b']);
  });

  // Node has zstd from version 22.15 on: test/services/node-24 runs this file there.
  it('may be zstd, and say which version of Node they need where it has none', async () => {
    const { kit, put, idsIn } = world();
    // two frames, as Node 24 makes them
    await put('inbox/plays/a.ndjson.zst', Buffer.concat(ZSTD.map((frame) => Buffer.from(frame, 'base64'))));
    const run = await materialize([legacy], kit);
    if ('createZstdDecompress' in zlib) expect(await idsIn()).toEqual(['a', 'b']);
    else
      expect(run.events.find(({ type }) => type === 'step.failed')).toMatchObject({
        error: { code: 'CONFIG_INVALID', message: 'This version of Node has no zstd.' },
      });
  });

  it('are read row by row, decoded, in the order of their keys', async () => {
    const { kit, put } = world();
    const Dated = z.object({
      id: z.string(),
      at: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }),
    });
    const dated = source('inbox/dated', { store: files('inbox/dated', Dated) });
    const years = asset('years', { store: value(z.array(z.string())), deps: { dated } }).run(async ({ dated }) => [
      `${await dated.count()}`,
      ...(await dated.all()).map(({ id, at }) => `${id} ${at.getUTCFullYear()}`),
    ]);
    await put('inbox/dated/2.ndjson', `\n${line({ id: 'b', at: '2025-01-01T00:00:00Z' })}`);
    await put('inbox/dated/1.ndjson.gz', gzipSync(line({ id: 'a', at: '2026-01-01T00:00:00Z' })));
    expect(await (await materialize([years], kit)).output(years)).toEqual(['2', 'a 2026', 'b 2025']);
  });

  it('say where a line is that breaks the schema, to whom reads them row by row', async () => {
    const { kit, put } = world();
    await put('inbox/plays/a.ndjson', `${line(play('a'))}\n${line({ ...play('b'), at: 'noon' })}`);
    const run = await materialize([ids], kit);
    expect(run.events.find(({ type }) => type === 'step.failed')).toMatchObject({
      error: { code: 'ROWS_INVALID', message: 'line 3 of the file inbox/plays/a.ndjson does not fit its schema: at: Invalid ISO datetime' },
    });
  });

  it('hold nothing yet where there is none', async () => {
    const { kit, put } = world();
    await put('inbox/plays/_SUCCESS', '');
    const run = await materialize([legacy], kit);
    expect(run.events.find(({ type }) => type === 'step.failed')).toMatchObject({ error: { code: 'UPSTREAM_MISSING' } });
  });

  it('have another version where a file came, went or was replaced, and the same where nothing did', async () => {
    const { lake, put } = world();
    const { version } = inbox.definition.store!.spec;
    const now = () => version({ resources: { lake }, signal: new AbortController().signal } as never);
    const seen = [await now()];
    await put('inbox/plays/a.ndjson', 'a');
    seen.push(await now());
    await put('inbox/plays/x.csv', 'a');
    expect(await now()).toBe(seen.at(-1));
    await put('inbox/plays/b.ndjson', 'a');
    seen.push(await now());
    await put('inbox/plays/b.ndjson', 'b');
    seen.push(await now());
    await lake.delete('inbox/plays/a.ndjson');
    seen.push(await now());
    expect(seen[0]).toBeUndefined();
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('may be stood in for by rows in a test', async () => {
    const { kit, idsIn } = world();
    const run = await materialize([legacy, ids], { ...kit, given: [given(inbox, [play('x'), play('y')])] });
    expect(run.ok).toBe(true);
    expect(await idsIn()).toEqual(['x', 'y']);
    expect(await run.output(ids)).toEqual(['x', 'y']);
  });

  it('leave the lake as it is', async () => {
    const { kit, put, lake } = world();
    await put('inbox/plays/a.ndjson', `${line(play('a'))}oops\n`);
    await materialize([legacy], kit);
    expect(await keysOf(lake)).toEqual(['inbox/plays/a.ndjson']);
  });

  it('are of a source alone, below a prefix that is a path, and keep a column of their own', () => {
    const { definition } = source('inbox', { store: files('inbox', Play) });
    expect(issuesOf([{ ...definition, run: () => 1 }])).toEqual([
      'STORE_READ_ONLY: inbox writes what its store, files, only reads: declare it with source(…), or give it another store.',
    ]);
    expect(issuesOf([definition])).toEqual([]);
    const wrong = source('wrong', { store: files('inbox/', Play.extend({ _extra: z.string() })) });
    expect(issuesOf([wrong.definition])).toEqual([
      expect.stringContaining('STORE: wrong: its prefix "inbox/" is no path'),
      expect.stringContaining('STORE: wrong: its schema has the column "_extra"'),
    ]);
  });

  it('lie apart from what the project writes', () => {
    const store = (prefix: string) => ({ store: objects(prefix, Play), run: () => [] });
    expect(
      issuesOf([inbox.definition, one('a', store('inbox/plays/done')), one('b', store('inbox/plays-2')), one('c', store('inbox'))]),
    ).toEqual([
      'PREFIX_CLASH: a writes below inbox/plays/done/, and inbox/plays reads below inbox/plays/ what something else writes: give one another prefix.',
      'PREFIX_CLASH: c writes below inbox/, and inbox/plays reads below inbox/plays/ what something else writes: give one another prefix.',
    ]);
  });
});

async function keysOf(lake: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of lake.list('')) keys.push(key);
  return keys;
}
