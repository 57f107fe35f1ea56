import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { newAttempt } from '../../../src/drivers/warehouse/snowflake/attempt.ts';
import { currentState } from '../../../src/drivers/warehouse/snowflake/in-turn.ts';
import { stateTable } from '../../../src/drivers/warehouse/snowflake/ledger.ts';
import { Sessions } from '../../../src/drivers/warehouse/snowflake/sessions.ts';
import { nameSuccessor } from '../../../src/drivers/warehouse/snowflake/succession.ts';
import { landObject, loadOf, play, Play, playsTable } from '../../../src/testing/contract/warehouse/fixture.ts';
import { createDatabase, openFresh, settingsFor } from './open.ts';
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

  it('are not dropped where a rebuild committed whose process has ended', async () => {
    await createDatabase(emulator, 'COMMITTED');
    const sessions = new Sessions(settingsFor(emulator, 'COMMITTED'), 'test');
    const left = (random: string) =>
      `successor of bronze.plays ${spawnSync(process.execPath, ['-e', '']).pid}+1+${hostname()}+${Date.now()}+${random}`;
    const [committed, lost] = [left('aaaaaaaa'), left('bbbbbbbb')];
    await sessions.write(async (session) => {
      await currentState(session, 'bronze.plays', 'g1');
      for (const name of [committed, lost]) await session.run(`CREATE TABLE "_SPINDLE"."${name.toUpperCase()}" (N NUMBER)`);
      await session.change(`UPDATE ${stateTable('bronze.plays')} SET "SUCCESSOR" = ?`, [`_spindle.${committed}`]);
      await nameSuccessor(session, 'bronze.plays');
      const rows = await session.select(
        `SELECT TABLE_NAME AS "NAME" FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '_SPINDLE' AND STARTSWITH(TABLE_NAME, 'SUCCESSOR')`,
      );
      expect(rows.map(({ name }) => name)).toEqual([committed.toUpperCase()]);
    });
    await sessions.close();
  });
});
