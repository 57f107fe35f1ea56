import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { resolveSettings } from '../../../src/drivers/warehouse/snowflake/resolve-settings.ts';
import { Sessions } from '../../../src/drivers/warehouse/snowflake/sessions.ts';
import type { SnowflakeVariables } from '../../../src/drivers/warehouse/snowflake/variables.ts';
import { runCli } from '../../cli/run-cli.ts';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';
import { makeKeyPair } from '../../drivers/warehouse/snowflake/keys.ts';
import { startEmulator, type Emulator } from './server.ts';

const PASSWORD = 'correct horse battery staple';
const TOKEN = 'ver:1-token-of-the-test';
const keys = makeKeyPair();
const ROOT = join(import.meta.dirname, '../../..');

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({
    env: { SF_EMU_USER: 'LOADER', SF_EMU_PASSWORD: PASSWORD, SF_EMU_TOKEN: TOKEN, SF_EMU_PUBLIC_KEY: keys.publicKey },
  });
});
afterAll(() => emulator.stop());

const variables = (more: SnowflakeVariables): SnowflakeVariables => ({
  SPINDLE_SNOWFLAKE_ACCOUNT: 'org-emulator',
  SPINDLE_SNOWFLAKE_USER: 'LOADER',
  SPINDLE_SNOWFLAKE_DATABASE: 'SPOTIFY_DB',
  SPINDLE_SNOWFLAKE_URL: emulator.url,
  ...more,
});

/** Who the server says that this is, with these variables. */
async function logIn(more: SnowflakeVariables): Promise<string | null | undefined> {
  const sessions = new Sessions(await resolveSettings(variables(more), undefined), 'test');
  try {
    const [row] = await sessions.use((session) => session.select('SELECT CURRENT_USER() AS U'));
    return row?.['u'];
  } finally {
    await sessions.close();
  }
}

/** What a login fails with, and after how many milliseconds. */
async function refusal(more: SnowflakeVariables): Promise<{ readonly error: unknown; readonly after: number }> {
  const start = performance.now();
  const error = await logIn(more).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, after: performance.now() - start };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const encrypt = (pem: string, passphrase: string) =>
  createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });

describe('a login', () => {
  it('is by a key pair, its key plain or encrypted, as text or in a file', async () => {
    expect(await logIn({ SPINDLE_SNOWFLAKE_PRIVATE_KEY: keys.privateKey })).toBe('LOADER');
    const file = join(await temporaryFolder(), 'key.p8');
    await writeFile(file, encrypt(keys.privateKey, 'sesame'));
    expect(await logIn({ SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE: file, SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'sesame' })).toBe('LOADER');
  });

  it('is by a programmatic access token, OAuth or a password', async () => {
    expect(await logIn({ SPINDLE_SNOWFLAKE_TOKEN: TOKEN })).toBe('LOADER');
    expect(await logIn({ SPINDLE_SNOWFLAKE_OAUTH_TOKEN: TOKEN })).toBe('LOADER');
    expect(await logIn({ SPINDLE_SNOWFLAKE_PASSWORD: PASSWORD })).toBe('LOADER');
  });

  it('is what a section of connections.toml says', async () => {
    const home = await temporaryFolder();
    await writeFile(
      join(home, 'connections.toml'),
      `[emulator]\naccount = "org-other"\nuser = "LOADER"\npassword = "${PASSWORD}"\ndatabase = "D"\n`,
    );
    expect(await logIn({ SNOWFLAKE_HOME: home, SPINDLE_SNOWFLAKE_CONNECTION: 'emulator' })).toBe('LOADER');
  });

  it('goes by way of the proxy', async () => {
    let asked = 0;
    // The client sends plain HTTP to a proxy without naming the host: only TLS goes by CONNECT.
    const proxy = createHttpServer((incoming, outgoing) => {
      asked++;
      const forwarded = request(
        new URL(incoming.url ?? '', emulator.url),
        { method: incoming.method, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(forwarded);
    });
    const address = (await listening(proxy)).replace('http://', 'http://me:secret@');
    expect(await logIn({ SPINDLE_SNOWFLAKE_PASSWORD: PASSWORD, SPINDLE_SNOWFLAKE_PROXY: address })).toBe('LOADER');
    expect(asked).toBeGreaterThan(2);
  });

  it('gives the session the parameters of the project', async () => {
    const settings = await resolveSettings(variables({ SPINDLE_SNOWFLAKE_PASSWORD: PASSWORD }), undefined);
    const sessions = new Sessions({ ...settings, parameters: { STATEMENT_TIMEOUT_IN_SECONDS: 77 } }, 'test');
    await emulator.forget();
    await sessions.use((session) => session.select('SELECT 1'));
    await sessions.close();
    expect((await emulator.statements()).map(({ sql }) => sql).join('\n')).toContain('STATEMENT_TIMEOUT_IN_SECONDS = 77');
  });
});

describe('a login that fails', () => {
  it.each<[string, SnowflakeVariables, string]>([
    ['a wrong password', { SPINDLE_SNOWFLAKE_PASSWORD: 'a wrong password' }, 'Check user and password'],
    ['another key', { SPINDLE_SNOWFLAKE_PRIVATE_KEY: makeKeyPair().privateKey }, 'RSA_PUBLIC_KEY_FP'],
    ['another user', { SPINDLE_SNOWFLAKE_PRIVATE_KEY: keys.privateKey, SPINDLE_SNOWFLAKE_USER: 'NOBODY' }, 'DESC USER NOBODY'],
    ['a wrong token', { SPINDLE_SNOWFLAKE_TOKEN: 'ver:1-another-token' }, 'PROGRAMMATIC ACCESS TOKEN'],
    ['an expired token of OAuth', { SPINDLE_SNOWFLAKE_OAUTH_TOKEN: 'expired-token' }, 'security integration'],
  ])('is refused in seconds, with a remedy and without the secret: %s', async (_, more, remedy) => {
    const { error, after } = await refusal(more);
    expect(error).toMatchObject({ code: 'WAREHOUSE_REFUSED', remedy: expect.stringContaining(remedy) as string, transient: false });
    expect(after).toBeLessThan(10_000);
    const { message, remedy: told } = error as { readonly message: string; readonly remedy: string };
    for (const value of [more.SPINDLE_SNOWFLAKE_PASSWORD, more.SPINDLE_SNOWFLAKE_TOKEN, more.SPINDLE_SNOWFLAKE_OAUTH_TOKEN])
      if (value !== undefined) expect(message + told).not.toContain(value);
  });

  it('is WAREHOUSE_UNREACHABLE in seconds: no such host, a dead server, one that never answers', async () => {
    const password = { SPINDLE_SNOWFLAKE_PASSWORD: PASSWORD };
    const unknown = await refusal({ ...password, SPINDLE_SNOWFLAKE_URL: 'https://no-such-account.invalid' });
    expect(unknown.error).toMatchObject({ code: 'WAREHOUSE_UNREACHABLE', remedy: expect.stringContaining('no such host') as string });
    const dead = await refusal({ ...password, SPINDLE_SNOWFLAKE_URL: 'http://127.0.0.1:1' });
    expect(dead.error).toMatchObject({ code: 'WAREHOUSE_UNREACHABLE', transient: true });
    const silent = await refusal({
      ...password,
      SPINDLE_SNOWFLAKE_URL: await listening(createServer((socket) => socket.on('error', () => {}).resume())),
    });
    expect(silent.error).toMatchObject({
      code: 'WAREHOUSE_UNREACHABLE',
      message: expect.stringContaining('no answer in 10 seconds') as string,
      transient: true,
    });
    expect([unknown, dead, silent].map(({ after }) => Math.floor(after / 15_000))).toEqual([0, 0, 0]);
  });
});

describe('the command line', () => {
  const environment = async (more: Readonly<Record<string, string>>) => {
    const home = await temporaryFolder();
    return {
      ...more,
      HOME: home,
      SPINDLE_ENV: 'compose-snowflake',
      SPINDLE_STATE: join(home, 'state'),
      SPINDLE_SNOWFLAKE_ACCOUNT: 'org-emulator',
      SPINDLE_SNOWFLAKE_USER: 'LOADER',
      SPINDLE_SNOWFLAKE_URL: emulator.url,
    };
  };

  it('prints the rows and nothing else, and leaves no log of the client behind', async () => {
    const folder = join(await temporaryFolder(), 'elsewhere');
    await mkdir(folder);
    const outcome = await runCli(
      folder,
      ['query', 'select 1 as one', '--project', ROOT, '--json'],
      await environment({ SPINDLE_SNOWFLAKE_TOKEN: TOKEN }),
    );
    expect(outcome).toMatchObject({ exit: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual([{ one: 1 }]);
    expect(await readdir(folder)).toEqual([]);
    expect((await readdir(ROOT)).filter((name) => name.endsWith('.log'))).toEqual([]);
  });

  it('ends soon after a login that fails, and shows no secret', async () => {
    const silent = await listening(createServer((socket) => socket.on('error', () => {}).resume()));
    const start = performance.now();
    const outcome = await runCli(ROOT, ['query', 'select 1'], {
      ...(await environment({ SPINDLE_SNOWFLAKE_PASSWORD: PASSWORD })),
      SPINDLE_SNOWFLAKE_URL: silent,
    });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(outcome.exit).toBe(1);
    expect(outcome.stderr).toContain('WAREHOUSE_UNREACHABLE');
    const refused = await runCli(ROOT, ['query', 'select 1'], await environment({ SPINDLE_SNOWFLAKE_PASSWORD: 'a wrong password' }));
    expect(refused.stderr).toContain('WAREHOUSE_REFUSED');
    expect(refused.stdout + refused.stderr).not.toContain('a wrong password');
  });
});
