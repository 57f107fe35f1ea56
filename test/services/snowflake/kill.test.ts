import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openSnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import type { SnowflakeSettings } from '../../../src/drivers/warehouse/snowflake/settings.ts';
import { isSpindleError } from '../../../src/runtime/errors.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { ObjectStore } from '../../../src/runtime/resource/object-store.ts';
import type { LoadObject } from '../../../src/runtime/resource/warehouse.ts';
import { seededRandom } from '../../../src/runtime/run/random.ts';
import { startProxy } from '../kafka/proxy.ts';
import { bundledChild } from '../../drivers/bundled-child.ts';
import { fillLake, loadInto, problemsOf } from './loading.ts';
import { createDatabase, settingsFor } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';

const KILLS = 15;
const CUTS = 15;
/** Milliseconds that a load takes here, more or less. */
const LENGTH = 2_000;
const SEED = Number(process.env['SPINDLE_SNOWFLAKE_SEED'] ?? Date.now() % 1_000_000);

const file = bundledChild(new URL('load-child.ts', import.meta.url));

describe(`a load that is killed (seed ${SEED})`, () => {
  let emulator: Emulator;
  let settings: SnowflakeSettings;
  let folder: string;
  let lake: ObjectStore;
  let objects: readonly LoadObject[];

  beforeAll(async () => {
    // a transaction that a dead process left open holds nobody up for longer
    emulator = await startEmulator({ env: { SF_EMU_IDLE_SECONDS: '0.5' } });
    settings = settingsFor(emulator, 'KILLS');
    await createDatabase(emulator, 'KILLS');
    folder = mkdtempSync(join(tmpdir(), 'spindle-test-'));
    mkdirSync(join(folder, 'lake'));
    objects = await fillLake(join(folder, 'lake'));
    lake = await openFileSystemStore({ directory: join(folder, 'lake'), faults: noFaults });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await emulator.stop();
  });

  const start = async (table: string) => {
    const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.send({ settings, folder, table, objects });
    const exit = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
    await once(child, 'message');
    return { child, exit };
  };

  it(`holds each record once after ${KILLS} kills at random moments, each followed by another load, and leaves nothing on the stage`, async () => {
    const random = seededRandom(SEED, 'kill', '');
    const begun = performance.now();
    const undisturbed = await start('bronze.whole');
    expect(await undisturbed.exit).toEqual([0, null]);
    const length = performance.now() - begun;
    const warehouse = await openSnowflakeWarehouse({ settings, directory: join(folder, 'files') });
    const problems: string[] = [];
    let killed = 0;
    for (let n = 0; n < KILLS; n++) {
      const table = `bronze.t${n}`;
      const { child, exit } = await start(table);
      await sleep(random() * length);
      child.kill('SIGKILL');
      if ((await exit)[1] === 'SIGKILL') killed++;
      await warehouse.load(loadInto(table, lake, objects));
      for (const problem of await problemsOf(warehouse, table, objects)) problems.push(`${table}: ${problem}`);
    }
    await warehouse.close();
    expect(problems).toEqual([]);
    expect(killed).toBeGreaterThan(KILLS / 2);
  });

  it('holds each record once where the connection is cut at random moments, be it while the answer to COMMIT is on its way', async () => {
    const random = seededRandom(SEED, 'cut', '');
    const proxy = await startProxy();
    proxy.leadTo(Number(new URL(emulator.url).port));
    onTestFinished(() => proxy.close());
    const through = { ...settings, url: `http://127.0.0.1:${proxy.port}` };
    const problems: string[] = [];
    for (let n = 0; n < CUTS; n++) {
      const table = `bronze.c${n}`;
      const warehouse = await openSnowflakeWarehouse({ settings: through, directory: join(folder, 'files') });
      const cut = sleep(random() * LENGTH).then(() => void proxy.loseAnswer(() => true));
      const error = await warehouse.load(loadInto(table, lake, objects)).then(
        () => undefined,
        (reason: unknown) => reason as Error,
      );
      await cut;
      if (error !== undefined && !(isSpindleError(error) && error.transient)) problems.push(`${table}: ${error.message}`);
      await warehouse.load(loadInto(table, lake, objects));
      for (const problem of await problemsOf(warehouse, table, objects)) problems.push(`${table}: ${problem}`);
      await warehouse.close();
    }
    expect(problems).toEqual([]);
  });

  it('lets a process that stood still until others had its turn write nothing any more', async () => {
    const table = 'bronze.zombie';
    const { child, exit } = await start(table);
    const inTransaction = async () =>
      (await emulator.statements()).some(
        ({ sql, tag }) => tag?.includes(`"asset":"${table}"`) === true && sql.startsWith('INSERT INTO "BRONZE"'),
      );
    await vi.waitFor(async () => expect(await inTransaction()).toBe(true), { timeout: 60_000, interval: 5 });
    child.kill('SIGSTOP');
    await sleep(1_000);
    const warehouse = await openSnowflakeWarehouse({ settings, directory: join(folder, 'files') });
    await warehouse.load(loadInto(table, lake, objects));
    const loaded = await warehouse.version(table);
    child.kill('SIGCONT');
    expect(await exit).toEqual([0, null]);
    expect(await problemsOf(warehouse, table, objects)).toEqual([]);
    expect(await warehouse.version(table)).toBe(loaded);
    await warehouse.close();
  });
});
