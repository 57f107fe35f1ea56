import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { newAttempt } from '../../../src/drivers/warehouse/snowflake/attempt.ts';
import { landObject, loadOf, play, Play, playsTable } from '../../../src/testing/contract/warehouse/fixture.ts';
import { openFresh } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';

describe('the successors of a table', () => {
  let emulator: Emulator;
  beforeAll(async () => (emulator = await startEmulator()));
  afterAll(() => emulator.stop());

  it('are dropped by the next rebuild where their processes have ended, and those of others and of other tables stay', async () => {
    const warehouse = await openFresh(emulator);
    const lake = createMemoryObjectStore();
    const object = await landObject(lake, 'k/1', { rows: [play('a')] });
    await warehouse.load(loadOf(lake, [object]));
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const left = (table: string, attempt: string) => `"SUCCESSOR OF ${table} ${attempt}"`.toUpperCase();
    const dead = `${ended}+1+${hostname()}+${Date.now()}+aaaaaaaa`;
    const tables = [
      left('BRONZE.PLAYS', dead),
      left('BRONZE.PLAYS', `1+1+another-host+${Date.now() - 90_000_000}+aaaaaaaa`),
      left('BRONZE.PLAYS', newAttempt()),
      left('BRONZE.PLAYS', `1+1+another-host+${Date.now()}+aaaaaaaa`),
      left('BRONZE.PLAYS2', dead),
    ];
    for (const table of tables) await warehouse.query(`CREATE TABLE "_SPINDLE".${table} (N NUMBER)`);
    const other = playsTable({ schema: Play.extend({ ms: z.string() }), generation: 'g2' });
    const text = await landObject(lake, 'k/1', { rows: [play('a', { ms: '1' })] });
    await warehouse.load(loadOf(lake, [text], { table: other, fullRefresh: true }));
    const found = await warehouse.query(
      `SELECT TABLE_NAME AS name FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '_SPINDLE' AND STARTSWITH(TABLE_NAME, 'SUCCESSOR') ORDER BY 1`,
    );
    expect(found.map(({ name }) => `"${String(name)}"`).toSorted()).toEqual(tables.slice(2).toSorted());
    await warehouse.close();
  });
});
