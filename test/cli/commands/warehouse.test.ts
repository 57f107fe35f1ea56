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

  it.each([
    [
      {
        SPINDLE_SNOWFLAKE_STAGE: '_spindle.lake',
        SPINDLE_SNOWFLAKE_STAGE_URL: 's3://my-lake/deep/',
        SPINDLE_SNOWFLAKE_STAGE_INTEGRATION: 'lake_integration',
      },
      [
        'GRANT USAGE ON INTEGRATION "LAKE_INTEGRATION" TO ROLE SYSADMIN',
        `CREATE STAGE IF NOT EXISTS "SPOTIFY_DB"."_SPINDLE"."LAKE" URL = 's3://my-lake/deep/' STORAGE_INTEGRATION = "LAKE_INTEGRATION"`,
        'GRANT USAGE ON STAGE "SPOTIFY_DB"."_SPINDLE"."LAKE" TO ROLE "SPOTIFY_DB_LOADER"',
      ],
    ],
    [
      {
        SPINDLE_SNOWFLAKE_STAGE: 'other."of mine".lake',
        SPINDLE_SNOWFLAKE_STAGE_URL: 's3compat://my-lake/',
        SPINDLE_SNOWFLAKE_STAGE_ENDPOINT: 's3.example.com',
        SPINDLE_SNOWFLAKE_STAGE_KEY_ID: 'hunter2-id',
        SPINDLE_SNOWFLAKE_STAGE_SECRET_KEY: 'hunter2-key',
      },
      [
        `CREATE STAGE IF NOT EXISTS "OTHER"."of mine"."LAKE" URL = 's3compat://my-lake/' ENDPOINT = 's3.example.com' CREDENTIALS = (AWS_KEY_ID = '<SPINDLE_SNOWFLAKE_STAGE_KEY_ID>' AWS_SECRET_KEY = '<SPINDLE_SNOWFLAKE_STAGE_SECRET_KEY>')`,
        'GRANT USAGE ON DATABASE "OTHER" TO ROLE "SPOTIFY_DB_LOADER"',
        'GRANT USAGE ON SCHEMA "OTHER"."of mine" TO ROLE "SPOTIFY_DB_LOADER"',
      ],
    ],
  ])('init --dry-run makes an external stage, a key by the names of its variables: %j', async (stage, expected) => {
    const { exit, stdout } = await run(['init', '--dry-run'], { ...ACCOUNT, ...stage });
    expect(exit).toBe(0);
    for (const sql of expected) expect(stdout).toContain(`\n${sql};`);
    const json = await run(['init', '--dry-run', '--json'], { ...ACCOUNT, ...stage });
    const { statements } = JSON.parse(json.stdout) as { readonly statements: readonly { readonly sql: string }[] };
    expect(statements.map(({ sql }) => sql)).toEqual(expect.arrayContaining(expected));
    expect(stdout + json.stdout).not.toContain('hunter2');
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
