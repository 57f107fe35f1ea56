import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW } from '../../cli/dead-letters/clicks-project.ts';
import { runCommand } from '../../cli/run-command.ts';
import { clicksInSnowflake } from './clicks.ts';
import { createDatabase } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';
import { textOf } from './text-of.ts';

const PASSPHRASE = 'planted-passphrase-4711';
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE },
});

/** Each way to log in, and the secrets that it plants. */
const LOGINS = {
  password: { variables: { SPINDLE_SNOWFLAKE_PASSWORD: 'planted-password-4711' }, secrets: ['planted-password-4711'] },
  'access token': { variables: { SPINDLE_SNOWFLAKE_TOKEN: 'planted-token-4711' }, secrets: ['planted-token-4711'] },
  OAuth: { variables: { SPINDLE_SNOWFLAKE_OAUTH_TOKEN: 'planted-oauth-4711' }, secrets: ['planted-oauth-4711'] },
  'key pair': {
    variables: { SPINDLE_SNOWFLAKE_PRIVATE_KEY: privateKey, SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: PASSPHRASE },
    secrets: [PASSPHRASE, ...privateKey.split('\n').filter((line) => line.length === 64)],
  },
} as const;

describe('secrets of a login to Snowflake', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ env: { SF_EMU_PUBLIC_KEY: publicKey } });
    await createDatabase(emulator, 'SECRETS');
  });
  afterAll(() => emulator.stop());

  it.each(Object.entries(LOGINS))(
    'by %s are in no output, event, log or file, whether a command ends well or not',
    async (_way, { variables, secrets }) => {
      const { root, env: place } = clicksInSnowflake(emulator, 'SECRETS');
      const env = { ...place, SPINDLE_SNOWFLAKE_WAREHOUSE: 'SPINDLE', ...variables };
      const said: string[] = [];
      const run = async (exit: number, args: readonly string[], change: Readonly<Record<string, string>> = {}) => {
        const outcome = await runCommand(root, args, { ...env, ...change });
        said.push(outcome.stdout, outcome.stderr);
        expect(outcome.exit, `${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`).toBe(exit);
      };
      await run(0, ['materialize', '--now', NOW]);
      await run(0, ['materialize', '--now', NOW, '--force', '--json']);
      for (const command of [
        ['plan', '--json'],
        ['runs', '--json'],
        ['query', 'bronze.clicks', '--json'],
        ['warehouse', 'status', '--json'],
        ['list', '--json'],
      ])
        await run(0, command);
      await run(1, ['query', 'select nothing from nowhere', '--json']);
      await run(1, ['materialize', '--force', '--now', NOW], { SPINDLE_SNOWFLAKE_DATABASE: 'NONE_SUCH' });
      await run(1, ['query', 'bronze.clicks'], { SPINDLE_SNOWFLAKE_URL: 'http://127.0.0.1:1' });
      await run(2, ['query', 'bronze.clicks'], { SPINDLE_SNOWFLAKE_URL: 'no url' });
      const everything = [...said, textOf(root), JSON.stringify(await emulator.statements())].join('\n');
      expect(said.join('').length).toBeGreaterThan(1_000);
      expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
    },
  );
});
