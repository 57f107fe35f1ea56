import { cp, readFile, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it, vi } from 'vitest';
import { pythonFile } from '../../src/drivers/transformer/python-environment.ts';
import { generate, rowsOf } from './bronze.ts';
import { build, dir, root, useDbt } from './dbt-project.ts';

const rig = useDbt();

/** A copy of the dbt project with one file rewritten. */
async function projectWith(name: string, file: string, rewrite: (sql: string) => string): Promise<string> {
  const copy = join(rig.directory, name);
  await cp(dir, copy, { recursive: true, filter: (path) => !/[/\\](target|logs)$/.test(path) });
  await writeFile(join(copy, file), rewrite(await readFile(join(copy, file), 'utf8')));
  return copy;
}

/** The direct children of this process that run dbt. */
async function workers(): Promise<number[]> {
  const children = (await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')).split(' ').filter(Boolean);
  const commands = await Promise.all(
    children.map(async (pid) => ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('dbt_worker') ? [Number(pid)] : [])),
  );
  return commands.flat();
}

describe('a dbt build that fails', () => {
  it('reports a broken model with the whole message of the warehouse, skips what stands on it and builds the rest', async () => {
    const path = await rig.warehouse('broken');
    await generate(path, 1000);
    const broken = await projectWith('broken', 'models/gold/device_mix.sql', (sql) => sql.replace('distinct user_id', 'distinct usr_id'));
    const finished = await build(rig.dbt, path, { dir: broken });
    const { status, message } = finished.get('model.spotify.device_mix')!;
    expect(status).toBe('error');
    expect(message).toContain('models/gold/device_mix.sql');
    expect(message).toContain('Referenced column "usr_id" not found');
    expect(message).toMatch(/Candidate bindings: .*"user_id"/);
    expect(message).toMatch(/LINE \d+:/);
    expect(finished.get('test.spotify.gold_counts_the_same_plays')).toMatchObject({ status: 'skipped' });
    expect(finished.get('model.spotify.top_songs')).toMatchObject({ status: 'success' });
  });

  it('reports the rows that a unit test expected and got, and does not build the model it judges', async () => {
    const path = await rig.warehouse('unit');
    await generate(path, 1000);
    const changed = await projectWith('unit', 'models/gold/top_songs.sql', (sql) =>
      sql.replace("event_type = 'play'", "event_type = 'like'"),
    );
    const finished = await build(rig.dbt, path, { dir: changed });
    const unit = finished.get('unit_test.spotify.top_songs.top_songs_counts_each_kind_of_event')!;
    expect(unit).toMatchObject({ status: 'fail', message: expect.stringContaining('actual differs from expected') });
    expect(unit.message).toContain('2→1');
    expect(finished.get('model.spotify.top_songs')).toMatchObject({ status: 'skipped' });
  });

  it('reports how many rows a test found wrong', async () => {
    const path = await rig.warehouse('negative');
    await generate(path, 1000);
    const changed = await projectWith('negative', 'models/silver/silver.yml', (yaml) =>
      yaml.replace('minimum: -180, maximum: 180', 'minimum: -180, maximum: 0'),
    );
    const finished = await build(rig.dbt, path, { dir: changed, select: ['spotify.staging', 'spotify.silver'] });
    const failed = [...finished.values()].filter(({ status }) => status === 'fail');
    expect(failed).toMatchObject([{ failures: 980, message: expect.stringContaining('Got 980 results') }]);
  });

  it('fails as a whole where the project does not parse', async () => {
    const path = await rig.warehouse('unparsed');
    const broken = await projectWith('unparsed', 'models/gold/top_songs.sql', (sql) =>
      sql.replace("ref('listening_events')", "ref('listening_evnts')"),
    );
    await expect(build(rig.dbt, path, { dir: broken })).rejects.toMatchObject({
      code: 'DBT_FAILED',
      message: expect.stringMatching(/dbt build in .* failed: [\s\S]*top_songs[\s\S]*'listening_evnts' which was not found/),
    });
  });

  it('names the selected nodes that the project does not have', async () => {
    const path = await rig.warehouse('unknown');
    const building = build(rig.dbt, path, { select: ['spotify.staging', 'spotify.gold.top_song'] });
    await expect(building).rejects.toMatchObject({
      code: 'DBT_FAILED',
      message: expect.stringContaining('has nothing named spotify.gold.top_song.'),
    });
  });

  it('says that another process holds the warehouse', async () => {
    const path = await rig.warehouse('held');
    const holder = await DuckDBInstance.create(path);
    const building = build(rig.dbt, path, { select: ['spotify.staging'] });
    await expect(building).rejects.toMatchObject({
      code: 'WAREHOUSE_LOCKED',
      transient: true,
      message: expect.stringContaining('Conflicting lock is held'),
    });
    holder.closeSync();
  });
});

describe('the dbt process', () => {
  it('is missed when it is killed in the middle of a build, and the next build starts another', async () => {
    const path = await rig.warehouse('killed');
    await generate(path, 1000);
    const before = await workers();
    const dbt = rig.open((point) => {
      if (point !== 'transform.first-model') return;
      points.push(point);
      if (points.length === 1) process.kill(killed!, 'SIGKILL');
    });
    const points: string[] = [];
    await dbt.prepare();
    const [killed] = (await workers()).filter((pid) => !before.includes(pid));
    await expect(build(dbt, path)).rejects.toMatchObject({
      code: 'DBT_FAILED',
      transient: true,
      message: expect.stringContaining('killed by SIGKILL'),
    });
    const finished = await build(dbt, path);
    const built = [...finished.values()].filter(({ node }) => !node.startsWith('exposure.'));
    expect(built.filter(({ status }) => status !== 'success' && status !== 'pass')).toEqual([]);
    expect(points).toHaveLength(2);
  });

  it('ends when the build is canceled, leaving a warehouse that opens and can be built at once', async () => {
    const path = await rig.warehouse('canceled');
    await generate(path, 1000);
    const controller = new AbortController();
    const target = { dialect: 'duckdb', path, memoryLimit: '256MB' } as const;
    const building = rig.dbt.build({ dir, select: ['spotify'], target, signal: controller.signal }, () => controller.abort());
    await expect(building).rejects.toMatchObject({ code: 'CANCELED' });
    expect(await rowsOf(path, 'select count(*) as rows from bronze.listening_events')).toEqual([{ rows: '1000' }]);
    expect((await build(rig.dbt, path)).get('model.spotify.top_songs')).toMatchObject({ status: 'success' });
  });

  it('passes each fault point on, and a fault leaves no half-done build behind', async () => {
    const path = await rig.warehouse('faults');
    await generate(path, 1000);
    const points: string[] = [];
    const fault = vi.fn<() => void>();
    const dbt = rig.open((point) => {
      points.push(point);
      if (point === 'transform.first-model') fault();
    });
    fault.mockImplementationOnce(() => {
      throw new Error('injected');
    });
    await expect(build(dbt, path)).rejects.toThrow('injected');
    await build(dbt, path);
    expect(points).toEqual([
      'transform.before-build',
      'transform.first-model',
      'transform.before-build',
      'transform.first-model',
      'transform.after-build',
    ]);
    expect(await rowsOf(path, 'select count(*) as rows from silver.listening_events')).toEqual([{ rows: '980' }]);
  });

  it('ends in the middle of its work when the one who started it is gone', async () => {
    const path = await rig.warehouse('orphaned');
    await generate(path, 1000);
    const worker = spawn(join(root, '.spindle/python/bin/python'), [pythonFile('dbt_worker.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
    const closed = once(worker, 'close');
    const place = [
      '--project-dir',
      dir,
      '--profiles-dir',
      dir,
      '--target-path',
      join(rig.directory, 'orphan'),
      '--log-path',
      join(rig.directory, 'orphan'),
    ];
    const seen: string[] = [];
    for await (const line of createInterface({ input: worker.stdout })) {
      const { type } = JSON.parse(line) as { type: string };
      seen.push(type);
      if (type === 'ready')
        worker.stdin.write(`${JSON.stringify({ args: ['--log-level', 'none', 'build', ...place], env: { SPINDLE_DUCKDB_PATH: path } })}\n`);
      if (type === 'started') worker.stdin.end();
    }
    expect(await closed).toEqual([0, null]);
    expect(seen).not.toContain('done');
    expect(await rowsOf(path, 'select count(*) as rows from bronze.listening_events')).toEqual([{ rows: '1000' }]);
  });
});
