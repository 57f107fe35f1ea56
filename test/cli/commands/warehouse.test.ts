import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';
import { runCommand } from '../run-command.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ACCOUNT = {
  SPINDLE_ENV: 'compose-snowflake',
  SPINDLE_SNOWFLAKE_ACCOUNT: 'org-acc',
  SPINDLE_SNOWFLAKE_USER: 'LOADER',
  SPINDLE_SNOWFLAKE_PASSWORD: 'hunter2hunter2',
};
const run = async (args: readonly string[], env: Readonly<Record<string, string>>) =>
  runCommand(ROOT, ['warehouse', ...args], { SPINDLE_STATE: join(await temporaryFolder(), 'state'), ...env });

describe('spindle warehouse', () => {
  it.each([[[]], [['status']], [['init']], [['init', '--dry-run']]])(
    'has nothing to set up where the warehouse is a file: %j',
    async (args) => {
      expect(await run(args, { SPINDLE_ENV: 'local' })).toEqual({
        exit: 0,
        stdout: 'The warehouse of the environment "local" is made by its first table: there is nothing to set up.\n',
        stderr: '',
      });
      expect(JSON.parse((await run([...args, '--json'], { SPINDLE_ENV: 'local' })).stdout)).toEqual({ warehouse: null });
    },
  );

  it('init --dry-run prints the script for the tables and models of the project, without a server and without secrets', async () => {
    const { exit, stdout, stderr } = await run(['init', '--dry-run'], ACCOUNT);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^-- Sets up SPOTIFY_DB at https:\/\/org-acc\.snowflakecomputing\.com\./);
    for (const schema of ['_SPINDLE', 'BRONZE', 'STAGING', 'SILVER', 'GOLD'])
      expect(stdout).toContain(`CREATE SCHEMA IF NOT EXISTS "SPOTIFY_DB"."${schema}";`);
    expect(stdout).not.toContain('hunter2');
    const json = JSON.parse((await run(['init', '--dry-run', '--json'], ACCOUNT)).stdout) as {
      readonly statements: readonly { readonly sql: string }[];
    };
    expect(json).toMatchObject({ applied: false });
    expect(stdout.split('\n').filter((line) => line.endsWith(';'))).toEqual(json.statements.map(({ sql }) => `${sql};`));
  });

  it('says what is missing, all of it, with what it is', async () => {
    const { exit, stderr } = await run(['status'], { SPINDLE_ENV: 'compose-snowflake' });
    expect(exit).toBe(2);
    for (const line of [
      'SPINDLE_SNOWFLAKE_ACCOUNT (warehouse) is missing: the account',
      'SPINDLE_SNOWFLAKE_USER',
      'SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE (warehouse) is missing: the file',
    ])
      expect(stderr).toContain(line);
  });

  it('names the file of a key that is not there, which is no secret', async () => {
    const { SPINDLE_SNOWFLAKE_PASSWORD: _, ...rest } = ACCOUNT;
    const { exit, stderr } = await run(['status'], { ...rest, SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE: '/no/such/key.p8' });
    expect(exit).toBe(2);
    expect(stderr).toContain('/no/such/key.p8');
  });
});
