import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openDuckDbWarehouse, type DuckDbWarehouseOptions } from '../../../src/drivers/warehouse/duckdb.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { idsOf, landObject, loadOf, play, playsTable } from '../../../src/testing/contract/warehouse/fixture.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const bundle = fileURLToPath(new URL(`../../../node_modules/.cache/spindle-test/warehouse-${process.pid}/child.mjs`, import.meta.url));
beforeAll(async () => {
  const input = fileURLToPath(new URL('holder-child.ts', import.meta.url));
  await build({
    input,
    platform: 'node',
    external: [/^@duckdb\//, 'zod'],
    logLevel: 'silent',
    output: { file: bundle, format: 'esm', codeSplitting: false },
  });
});
afterAll(() => rm(join(bundle, '..'), { recursive: true, force: true }));

async function child(kind: 'lend' | 'scan' | 'shell', folder: string): Promise<ChildProcess> {
  const process_ = spawn(process.execPath, [bundle, kind, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void process_.kill('SIGKILL'));
  await once(process_.stdout, 'data');
  return process_;
}

async function open(folder: string, change: Partial<DuckDbWarehouseOptions> = {}) {
  const warehouse = await openDuckDbWarehouse({
    path: join(folder, 'warehouse.duckdb'),
    memoryLimit: '256MB',
    threads: 1,
    holder: 'this run',
    ...change,
  });
  onTestFinished(() => warehouse.close());
  return warehouse;
}

async function written(folder: string) {
  const warehouse = await open(folder);
  await warehouse.write({ table: playsTable(), mode: 'replace', rows: [play('a'), play('b')], identity: 'w' });
  return warehouse;
}

describe('a warehouse file among processes', () => {
  it.each(['lend', 'scan'] as const)('is refused to a second process while the first one is at its %s, by holder and pid', async (kind) => {
    const folder = await temporaryFolder();
    await written(folder);
    const holder = await child(kind, folder);
    const warehouse = await open(folder, { patience: 0 });
    await expect(warehouse.count('bronze.plays')).rejects.toMatchObject({
      code: 'WAREHOUSE_LOCKED',
      transient: true,
      message: expect.stringMatching(
        new RegExp(`warehouse\\.duckdb is held by the other run${kind === 'lend' ? ', lent to dbt' : ''} \\(process ${holder.pid} on `),
      ),
      remedy: expect.stringContaining(`stop process ${holder.pid}`),
    });
  });

  it('waits for the other process, says for whom, and goes on when it is done', async () => {
    const folder = await temporaryFolder();
    await written(folder);
    const holder = await child('lend', folder);
    const notices: string[] = [];
    const warehouse = await open(folder, {
      notify(message) {
        notices.push(message);
        holder.stdin?.end();
      },
    });
    expect(await warehouse.count('bronze.plays')).toBe(2);
    expect(notices).toEqual([
      expect.stringMatching(/^Waiting for the warehouse .* which the other run, lent to dbt \(process \d+ on .*\) holds\.$/),
    ]);
  });

  it('takes the lease of a process that was killed', async () => {
    const folder = await temporaryFolder();
    const warehouse = await written(folder);
    const holder = await child('scan', folder);
    holder.kill('SIGKILL');
    await once(holder, 'close');
    expect(JSON.parse(await readFile(join(folder, 'warehouse.duckdb.lease'), 'utf8'))).toMatchObject({
      pid: holder.pid,
      holder: 'the other run',
    });
    expect(await warehouse.count('bronze.plays')).toBe(2);
    await expect(stat(join(folder, 'warehouse.duckdb.lease'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes the lease of another host that fell silent, and respects one that did not', async () => {
    const folder = await temporaryFolder();
    const warehouse = await open(folder, { patience: 0 });
    const lease = join(folder, 'warehouse.duckdb.lease');
    await writeFile(lease, JSON.stringify({ pid: 1, host: 'elsewhere', started: '0', holder: 'a run', token: 't' }));
    await expect(warehouse.tables()).rejects.toMatchObject({
      code: 'WAREHOUSE_LOCKED',
      message: expect.stringContaining('a run (process 1 on elsewhere)'),
    });
    await utimes(lease, new Date(0), new Date(0));
    expect(await warehouse.tables()).toEqual([]);
  });

  it('names a program that holds the file without a lease', async () => {
    const folder = await temporaryFolder();
    const warehouse = await open(folder, { patience: 0 });
    const shell = await child('shell', folder);
    await expect(warehouse.tables()).rejects.toMatchObject({
      code: 'WAREHOUSE_LOCKED',
      message: expect.stringContaining(`process ${shell.pid}`),
    });
    shell.stdin?.end();
    await once(shell, 'close');
    expect(await warehouse.tables()).toEqual([]);
  });

  it('is free between operations, and for whom it is lent to', async () => {
    const folder = await temporaryFolder();
    const warehouse = await written(folder);
    const use = async () => {
      const shell = await child('shell', folder);
      shell.stdin?.end();
      await once(shell, 'close');
      return shell.exitCode;
    };
    expect(await use()).toBe(0);
    expect(
      await warehouse.lend('dbt', (target) =>
        target.dialect === 'duckdb' && target.path === join(folder, 'warehouse.duckdb') ? use() : Promise.reject(new Error('no target')),
      ),
    ).toBe(0);
  });

  it.each(['load.before-transaction', 'load.after-insert', 'load.before-commit', 'load.after-commit'])(
    'holds each record once after kill -9 at %s and another load',
    async (fault) => {
      const folder = await temporaryFolder();
      const lake = await openFileSystemStore({ directory: join(folder, 'lake'), faults: noFaults });
      const objects = [
        await landObject(lake, 'k/1', { rows: [play('a')], rejected: ['x'] }),
        await landObject(lake, 'k/2', { rows: [play('b')] }),
      ];
      const killed = spawn(process.execPath, [bundle, 'load', folder, fault, JSON.stringify(objects)], { stdio: 'inherit' });
      expect(await once(killed, 'close')).toEqual([null, 'SIGKILL']);
      const warehouse = await open(folder);
      expect((await warehouse.load(loadOf(lake, objects))).objects).toBe(fault === 'load.after-commit' ? 0 : 2);
      expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a', 'b'], 1]);
    },
  );
});
