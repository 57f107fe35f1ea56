import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import { runCommand } from '../../cli/run-command.ts';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';
import { startEmulator, type Emulator } from './server.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('spindle warehouse', () => {
  let emulator: Emulator;
  beforeAll(async () => (emulator = await startEmulator()));
  afterAll(() => emulator.stop());

  /** Runs the command on a server of this test, in a session as whoever logs in; the roles that it takes are recorded there and not checked. */
  const run = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    await emulator.forget();
    const outcome = await runCommand(ROOT, ['warehouse', ...args], {
      SPINDLE_ENV: 'compose-snowflake',
      SPINDLE_STATE: join(await temporaryFolder(), 'state'),
      SPINDLE_SNOWFLAKE_ACCOUNT: 'org-emulator',
      SPINDLE_SNOWFLAKE_USER: 'ADMIN',
      SPINDLE_SNOWFLAKE_PASSWORD: 'any',
      SPINDLE_SNOWFLAKE_URL: emulator.url,
      ...more,
    });
    return { ...outcome, statements: (await emulator.statements()).filter(({ sql }) => !sql.startsWith('ALTER SESSION')) };
  };
  const json = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout) as Record<string, unknown>;

  it('init --dry-run prints a script, and asks nothing of the server', async () => {
    const planned = await run(['init', '--dry-run'], { SPINDLE_SNOWFLAKE_URL: 'http://127.0.0.1:1' });
    expect([planned.exit, planned.stderr]).toEqual([0, '']);
    expect(planned.stdout).toContain('CREATE SCHEMA IF NOT EXISTS "SPOTIFY_DB"."BRONZE";');
    for (const schema of ['_SPINDLE', 'BRONZE', 'SILVER', 'GOLD']) expect(planned.stdout).toContain(`"SPOTIFY_DB"."${schema}";`);
    expect(planned.statements).toEqual([]);
  });

  it('status says what is missing, init makes it, once and again, and then nothing is', async () => {
    const before = await run(['status', '--json']);
    expect(before.exit).toBe(1);
    expect(json(before)['parts']).toContainEqual({ part: 'schema', name: 'BRONZE', exists: false });

    for (const time of ['first', 'second']) {
      const made = await run(['init', '--json']);
      expect([made.exit, made.stderr], time).toEqual([0, '']);
      const { statements } = json(made) as { readonly statements: readonly { readonly sql: string }[] };
      expect(made.statements.map(({ sql, ok }) => [sql, ok])).toEqual(statements.map(({ sql }) => [sql, true]));
      expect(new Set(made.statements.map(({ tag }) => tag))).toEqual(new Set(['spindle warehouse init']));
    }

    const after = await run(['status'], { SPINDLE_SNOWFLAKE_ROLE: 'SPOTIFY_DB_LOADER', SPINDLE_SNOWFLAKE_WAREHOUSE: 'SPOTIFY_DB_WH' });
    expect(after.stdout).not.toContain('missing');
    expect(after.exit).toBe(0);
    for (const name of ['SPOTIFY_DB_LOADER', 'SPOTIFY_DB_WH', 'SPOTIFY_DB', '_SPINDLE.STAGE']) expect(after.stdout).toContain(name);
  });

  it('what init makes is what the driver then finds: it loads into it', async () => {
    await run(['init']);
    const settings = {
      account: 'emulator',
      user: 'LOADER',
      login: { kind: 'password', password: 'any' },
      url: emulator.url,
      role: 'SPOTIFY_DB_LOADER',
      warehouse: 'SPOTIFY_DB_WH',
      database: 'SPOTIFY_DB',
    } as const;
    const warehouse = await openSnowflakeWarehouse({ settings, directory: join(await temporaryFolder(), 'stage') });
    try {
      const table = {
        name: 'bronze.words',
        columns: [{ name: 'word', type: 'string', nullable: false }],
        key: [],
        generation: 'g1',
      } as const;
      await warehouse.write({ table, mode: 'append', rows: [{ word: 'one' }], identity: 'w1' });
      expect(await warehouse.count('bronze.words')).toBe(1);
      expect(await warehouse.setUp?.state({ tables: ['bronze'], models: [] })).toContainEqual({
        part: 'schema',
        name: 'BRONZE',
        exists: true,
      });
    } finally {
      await warehouse.close();
    }
  });

  it('says that there is nothing to set up where the warehouse is a file', async () => {
    const { exit, stdout, stderr } = await run(['init'], { SPINDLE_ENV: 'local' });
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain('there is nothing to set up');
    expect(json(await run(['--json'], { SPINDLE_ENV: 'local' }))).toEqual({ warehouse: null });
  });
});
