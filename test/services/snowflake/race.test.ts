import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openSnowflakeWarehouse, type SnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import { stateTable } from '../../../src/drivers/warehouse/snowflake/ledger.ts';
import type { SnowflakeSettings } from '../../../src/drivers/warehouse/snowflake/settings.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { ObjectStore } from '../../../src/runtime/resource/object-store.ts';
import type { LoadObject } from '../../../src/runtime/resource/warehouse.ts';
import { Play, playsTable } from '../../../src/testing/contract/warehouse/fixture.ts';
import { bundledChild } from '../../drivers/bundled-child.ts';
import { fillLake, loadInto, problemsOf } from './loading.ts';
import { createDatabase, settingsFor } from './open.ts';
import { startEmulator, type Emulator, type SeenStatement } from './server.ts';

const RACES = 3;
/** Pairs of loads, of which one has to show that they run beside each other. */
const ATTEMPTS = 5;

const file = bundledChild(new URL('load-child.ts', import.meta.url));

/** From when on a transaction held a table's state, and when it began to end. */
interface Turn {
  readonly held: number;
  readonly ending: number;
}

/** The committed turn of a table's only writer. */
function turnOf(statements: readonly SeenStatement[], table: string): Turn {
  const done = statements.filter(({ ok }) => ok);
  const lock = done.findLastIndex(({ sql }) => sql.startsWith(`UPDATE ${stateTable(table)} SET "SEQUENCE"`));
  const taken = done[lock];
  const commit = done.slice(lock).find(({ sql, session }) => sql === 'COMMIT' && session === taken?.session);
  if (taken === undefined || commit === undefined) throw new Error(`no load of ${table} was committed`);
  return { held: taken.time + (taken.ms ?? 0) / 1000, ending: commit.time };
}

describe('loads at the same time', () => {
  let emulator: Emulator;
  let settings: SnowflakeSettings;
  let folder: string;
  let lake: ObjectStore;
  let objects: readonly LoadObject[];
  let warehouse: SnowflakeWarehouse;

  beforeAll(async () => {
    emulator = await startEmulator();
    settings = settingsFor(emulator, 'RACES');
    await createDatabase(emulator, 'RACES');
    folder = mkdtempSync(join(tmpdir(), 'spindle-test-'));
    mkdirSync(join(folder, 'lake'));
    objects = await fillLake(join(folder, 'lake'));
    lake = await openFileSystemStore({ directory: join(folder, 'lake'), faults: noFaults });
    warehouse = await openSnowflakeWarehouse({ settings, directory: join(folder, 'files') });
  });
  afterAll(async () => {
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
    await emulator.stop();
  });

  /** Loads in a process of its own; what it said at its end, and its exit code. */
  const loadElsewhere = async (table: string) => {
    const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const told: unknown[] = [];
    child.on('message', (message) => told.push(message));
    child.send({ settings, folder, table, objects });
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, told: told.at(-1) };
  };

  it('brings each object once where two processes load the same ones, and one of them reports the rows', async () => {
    const rows = objects.reduce((total, object) => total + object.rows, 0);
    for (let n = 0; n < RACES; n++) {
      const table = `bronze.race${n}`;
      const ended = await Promise.all([loadElsewhere(table), loadElsewhere(table)]);
      expect(ended).toHaveLength(2);
      expect(ended).toEqual(expect.arrayContaining([0, rows].map((reported) => ({ code: 0, told: { rows: reported } }))));
      expect(await problemsOf(warehouse, table, objects)).toEqual([]);
    }
  });

  it('adds a column once where several find it missing at once', async () => {
    const name = 'bronze.grown';
    const grown = playsTable({ name, schema: Play.extend({ note: z.string().optional() }), generation: 'g2' });
    await warehouse.load(loadInto(name, lake, objects.slice(0, 1)));
    const loads = Array.from({ length: 4 }, () => warehouse.load({ ...loadInto(name, lake, objects.slice(0, 3)), table: grown }));
    expect((await Promise.all(loads)).map((outcome) => outcome.objects).toSorted()).toEqual([0, 0, 0, 2]);
    expect(await problemsOf(warehouse, name, objects.slice(0, 3))).toEqual([]);
    expect(await warehouse.query(`SELECT COUNT(*) AS n FROM ${name} WHERE note IS NULL`)).toEqual([{ n: 300 }]);
  });

  it('does not serialize loads of different tables, in one process', async () => {
    const turns: (readonly [Turn, Turn])[] = [];
    const areBeside = ([one, other]: readonly [Turn, Turn]) => one.held < other.ending && other.held < one.ending;
    while (turns.length < ATTEMPTS && !turns.some(areBeside)) {
      const [one, other] = [`bronze.left${turns.length}`, `bronze.right${turns.length}`];
      await emulator.forget();
      await Promise.all([one, other].map((table) => warehouse.load(loadInto(table, lake, objects))));
      const statements = await emulator.statements();
      turns.push([turnOf(statements, one), turnOf(statements, other)]);
      for (const table of [one, other]) expect(await problemsOf(warehouse, table, objects)).toEqual([]);
    }
    expect(turns.some(areBeside), JSON.stringify(turns)).toBe(true);
  });
});
