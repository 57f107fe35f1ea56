import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clicksFiles, NOW, SCHEMA } from '../../cli/dead-letters/clicks-project.ts';
import { runCommand } from '../../cli/run-command.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { newBucketName } from '../s3/open.ts';
import { startS3, type S3Server } from '../s3/server.ts';
import { startEmulator, type Emulator } from './server.ts';
import { textOf } from './text-of.ts';

const PASSWORD = 'planted-password-4711';

describe('the command line over an external stage of Snowflake, by its emulator and versitygw', () => {
  let emulator: Emulator;
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
    // s3:// without an endpoint is AWS, which this server stands in for
    emulator = await startEmulator({ env: { SF_EMU_S3_ENDPOINT: server.endpoint } });
  });
  afterAll(() => Promise.all([emulator.stop(), server.stop()]));

  /** The project of clicks with its lake in a folder of a bucket, and the database and the stage still to be made. */
  function clicks() {
    const files = clicksFiles({ schema: SCHEMA.narrow, ownTable: true });
    const project = String(files['src/project.ts'])
      .replace('duckDb, embeddedBroker, fileSystemStore,', 'embeddedBroker, minio, snowflake,')
      .replace('duckDb()', 'snowflake()')
      .replace('fileSystemStore()', "minio({ prefix: 'lake' })");
    const { root } = temporaryProject({ ...files, 'src/project.ts': project });
    const bucket = newBucketName();
    const env = {
      ...server.variables,
      SPINDLE_S3_BUCKET: bucket,
      SPINDLE_SNOWFLAKE_ACCOUNT: 'emulator',
      SPINDLE_SNOWFLAKE_USER: 'SPINDLE',
      SPINDLE_SNOWFLAKE_WAREHOUSE: 'SPINDLE',
      SPINDLE_SNOWFLAKE_PASSWORD: PASSWORD,
      SPINDLE_SNOWFLAKE_DATABASE: `E${randomUUID().slice(0, 8).toUpperCase()}`,
      SPINDLE_SNOWFLAKE_URL: emulator.url,
      SPINDLE_SNOWFLAKE_STAGE: '_spindle.lake',
    };
    const said: string[] = [];
    const run = async (exit: number, args: readonly string[], change: Readonly<Record<string, string>> = {}) => {
      const outcome = await runCommand(root, args, { ...env, ...change });
      said.push(outcome.stdout, outcome.stderr);
      expect(outcome.exit, `${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`).toBe(exit);
      return outcome.stdout;
    };
    return { root, said, run, place: { SPINDLE_SNOWFLAKE_STAGE_URL: `s3://${bucket}/lake/` } };
  }
  it('init makes the stage by a key, loads go by it, and the key is in no output, event, log or file', async () => {
    const { root, said, run, place } = clicks();
    const key = { ...place, SPINDLE_SNOWFLAKE_STAGE_KEY_ID: server.accessKey, SPINDLE_SNOWFLAKE_STAGE_SECRET_KEY: server.secretKey };
    await emulator.forget();
    const broken = { ...key, SPINDLE_SNOWFLAKE_STAGE_URL: "s3://it-breaks/it's/" };
    await run(1, ['warehouse', 'init', '--json'], broken);
    await run(1, ['warehouse', 'init'], broken);
    expect(said.join('\n')).toContain('AWS_SECRET_KEY = ');
    await run(0, ['warehouse', 'init', '--dry-run'], key);
    await run(0, ['warehouse', 'init', '--json'], key);
    await run(0, ['warehouse', 'init'], key);
    await run(2, ['warehouse', 'status']);
    expect(said.at(-1)).toMatch(/CONFIG_INVALID.*external stage "E[\dA-F]+"\."_SPINDLE"\."LAKE": .*NoSuchBucket/);
    await run(0, ['lake', 'init']);
    expect(await run(0, ['warehouse', 'status'])).toMatch(/external stage +E[\dA-F]+\._SPINDLE\.LAKE +there/);
    await run(0, ['materialize', '--now', NOW], key);
    await run(0, ['materialize', '--now', NOW, '--force', '--json']);
    expect(JSON.parse(await run(0, ['query', 'select count(*) as n from bronze.clicks', '--json']))).toEqual([{ n: 6 }]);
    await run(1, ['materialize', '--select', 'bronze/clicks', '--now', NOW, '--full-refresh'], {
      ...key,
      SPINDLE_SNOWFLAKE_STAGE: 'public.none',
    });
    expect(said.slice(-2).join()).toContain('CONFIG_INVALID');
    const secrets = [PASSWORD, server.accessKey, server.secretKey];
    const seen = (await emulator.statements()).filter(({ sql }) => !sql.startsWith('CREATE STAGE IF NOT EXISTS "E'));
    const everything = [...said, textOf(root), JSON.stringify(seen)].join('\n');
    expect(said.join('').length).toBeGreaterThan(1_000);
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
    const sent = seen.filter(({ sql, ok }) => ok && /^(PUT|COPY)/.test(sql)).map(({ sql }) => sql);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.filter((sql) => !sql.includes('"_SPINDLE"."LAKE"'))).toEqual([]);
  });

  it('init makes it by a storage integration too', async () => {
    const { run, place } = clicks();
    await emulator.forget();
    await run(0, ['warehouse', 'init'], { ...place, SPINDLE_SNOWFLAKE_STAGE_INTEGRATION: 'lake_integration' });
    const sent = (await emulator.statements()).map(({ sql }) => sql);
    expect(sent).toContain('GRANT USAGE ON INTEGRATION "LAKE_INTEGRATION" TO ROLE SYSADMIN');
    expect(sent.find((sql) => sql.startsWith('CREATE STAGE') && sql.includes('URL'))).toMatch(
      /"LAKE" URL = 's3:\/\/lake-[\da-f]+\/lake\/' STORAGE_INTEGRATION = "LAKE_INTEGRATION"$/,
    );
  });
});
