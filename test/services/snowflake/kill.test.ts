import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openSnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import type { SnowflakeSettings } from '../../../src/drivers/warehouse/snowflake/settings.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { ObjectStore } from '../../../src/runtime/resource/object-store.ts';
import type { LoadObject } from '../../../src/runtime/resource/warehouse.ts';
import { seededRandom } from '../../../src/runtime/run/random.ts';
import { bundledChild } from '../../drivers/bundled-child.ts';
import { fillLake, loadInto, problemsOf } from './loading.ts';
import { createDatabase, settingsFor } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';

const KILLS = 15;
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
    settings = settingsFor(emulator, await createDatabase(emulator));
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
    await once(child, 'message');
    return child;
  };

  it(`holds each record once after ${KILLS} kills at random moments, each followed by another load, and leaves nothing on the stage`, async () => {
    const random = seededRandom(SEED, 'kill', '');
    const begun = performance.now();
    const undisturbed = await start('bronze.whole');
    await once(undisturbed, 'exit');
    const length = performance.now() - begun;
    const warehouse = await openSnowflakeWarehouse({ settings, directory: join(folder, 'files'), tag: 'test' });
    const problems: string[] = [];
    let killed = 0;
    for (let n = 0; n < KILLS; n++) {
      const table = `bronze.t${n}`;
      const child = await start(table);
      await sleep(random() * length);
      child.kill('SIGKILL');
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (signal === 'SIGKILL') killed++;
      await warehouse.load(loadInto(table, lake, objects));
      for (const problem of await problemsOf(warehouse, table, objects)) problems.push(`${table}: ${problem}`);
    }
    await warehouse.close();
    expect(problems).toEqual([]);
    expect(killed).toBeGreaterThan(KILLS / 2);
  });
});
