import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { printManifest, trimManifest } from '../../src/dbt/manifest.ts';
import { hashProjectFiles } from '../../src/dbt/project-files.ts';
import { readManifest } from '../../src/dbt/read-manifest.ts';
import type { TransformEvent } from '../../src/runtime/resource/transformer.ts';
import { generate, rowsOf } from './bronze.ts';
import { build, dir, useDbt } from './dbt-project.ts';

const rig = useDbt();

describe('the dbt project', () => {
  let path: string;
  const events: TransformEvent[] = [];

  beforeAll(async () => {
    path = await rig.warehouse('whole');
    await generate(path, 20_000);
    await rig.dbt.build({ dir, select: ['spotify'], target: { dialect: 'duckdb', path, memoryLimit: '256MB' } }, (event) =>
      events.push(event),
    );
  });

  it('builds every model and passes every test', async () => {
    const graph = readManifest(JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')));
    // There is nothing to do for an exposure.
    const finished = events.filter((event) => event.type === 'finished').filter(({ node }) => !node.startsWith('exposure.'));
    expect(finished.filter((event) => event.status !== 'success' && event.status !== 'pass')).toEqual([]);
    expect(finished.map((event) => event.node).toSorted()).toEqual(
      [...graph.nodes, ...graph.tests].map((node) => node.uniqueId).toSorted(),
    );
  });

  it('reports each node as started before it is finished', () => {
    const started = new Set<string>();
    for (const event of events) {
      if (event.type === 'started') started.add(event.node);
      else expect(started).toContain(event.node);
    }
  });

  it('has each event once in silver', async () => {
    const [counts] = await rowsOf(
      path,
      `select (select count(*) from silver.listening_events) as rows, (select count(distinct event_id) from silver.listening_events) as events,
        (select count(distinct event_id) from bronze.listening_events) as sent, (select count(*) from bronze.listening_events) as arrived`,
    );
    expect(counts).toEqual({ rows: '19600', events: '19600', sent: '19600', arrived: '20000' });
  });

  it('counts plays, skips and completes of songs as bronze has them', async () => {
    const expected = await rowsOf(
      path,
      `select song_id, any_value(song_name) as song_name, any_value(artist_name) as artist_name, count(distinct event_id) filter (event_type = 'play') as plays,
        count(distinct event_id) filter (event_type = 'skip') as skips, count(distinct event_id) filter (event_type = 'complete') as completes
      from bronze.listening_events group by song_id order by song_id`,
    );
    expect(expected).toHaveLength(300);
    expect(
      await rowsOf(path, 'select song_id, song_name, artist_name, plays, skips, completes from gold.top_songs order by song_id'),
    ).toEqual(expected);
  });

  it('changes nothing when it is built again without new rows', async () => {
    const digest = (table: string) =>
      rowsOf(path, `select '${table}' as name, count(*) as rows, bit_xor(hash(each)) as digest from ${table} as each`);
    const tables = ['silver.listening_events', 'silver.user_activity', 'gold.top_songs', 'gold.user_engagement', 'gold.session_summary'];
    const before = await Promise.all(tables.map(digest));
    await build(rig.dbt, path);
    expect(await Promise.all(tables.map(digest))).toEqual(before);
  });

  it('has a committed manifest that a fresh parse repeats to the byte', async () => {
    const manifest = trimManifest(await rig.dbt.parse(dir), await hashProjectFiles(dir));
    expect(printManifest(manifest)).toBe(await readFile(join(dir, 'manifest.json'), 'utf8'));
  });
});
