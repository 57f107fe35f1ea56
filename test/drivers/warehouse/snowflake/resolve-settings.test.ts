import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../../src/drivers/warehouse/snowflake/resolve-settings.ts';
import type { SnowflakeVariables } from '../../../../src/drivers/warehouse/snowflake/variables.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { makeKeyPair } from './keys.ts';

const GIVEN = { SPINDLE_SNOWFLAKE_ACCOUNT: 'org-acc', SPINDLE_SNOWFLAKE_USER: 'LOADER', SPINDLE_SNOWFLAKE_DATABASE: 'SPOTIFY_DB' };
const { privateKey } = makeKeyPair();
const encrypted = makeKeyPair('sesame');

async function written(name: string, text: string): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

describe('the connection', () => {
  it('is what the variables say', async () => {
    const settings = await resolveSettings(
      {
        ...GIVEN,
        SPINDLE_SNOWFLAKE_PASSWORD: 'secret word',
        SPINDLE_SNOWFLAKE_ROLE: 'R',
        SPINDLE_SNOWFLAKE_WAREHOUSE: 'W',
        SPINDLE_SNOWFLAKE_URL: 'https://private.example.com',
        SPINDLE_SNOWFLAKE_PROXY: 'http://me:p%40ss@proxy.example.com:3128',
      },
      'OTHER',
    );
    expect(settings).toEqual({
      account: 'org-acc',
      user: 'LOADER',
      login: { kind: 'password', password: 'secret word' },
      database: 'SPOTIFY_DB',
      role: 'R',
      warehouse: 'W',
      url: 'https://private.example.com',
      proxy: { host: 'proxy.example.com', port: 3128, protocol: 'http', user: 'me', password: 'p@ss' },
    });
  });

  it('is to the database of the project where no variable names one', async () => {
    const { SPINDLE_SNOWFLAKE_DATABASE: _, ...rest } = GIVEN;
    await expect(resolveSettings({ ...rest, SPINDLE_SNOWFLAKE_PASSWORD: 'p' }, 'MINE')).resolves.toMatchObject({ database: 'MINE' });
  });

  it('logs in by a key as text or in a file, by a token, by OAuth', async () => {
    const loginBy = async (variables: SnowflakeVariables) => (await resolveSettings({ ...GIVEN, ...variables }, undefined)).login;
    expect(await loginBy({ SPINDLE_SNOWFLAKE_PRIVATE_KEY: privateKey })).toEqual({ kind: 'key-pair', privateKey });
    const file = await written('key.p8', encrypted.privateKey);
    expect(await loginBy({ SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE: file, SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'sesame' })).toMatchObject({
      kind: 'key-pair',
      privateKey: expect.stringContaining('BEGIN PRIVATE KEY') as string,
    });
    expect(await loginBy({ SPINDLE_SNOWFLAKE_TOKEN: 't' })).toEqual({ kind: 'access-token', token: 't' });
    expect(await loginBy({ SPINDLE_SNOWFLAKE_OAUTH_TOKEN: 't' })).toEqual({ kind: 'oauth', token: 't' });
  });

  it('says which file it cannot read', async () => {
    await expect(resolveSettings({ ...GIVEN, SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE: '/no/such/key.p8' }, undefined)).rejects.toMatchObject({
      code: 'VARIABLES_INVALID',
      message: expect.stringContaining('/no/such/key.p8') as string,
      place: { field: 'SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE' },
    });
  });
});

describe('a section of connections.toml', () => {
  let home: string;
  const write = (text: string) => writeFile(join(home, 'connections.toml'), text);
  const resolve = (name: string, variables: SnowflakeVariables = {}) =>
    resolveSettings({ SNOWFLAKE_HOME: home, SPINDLE_SNOWFLAKE_CONNECTION: name, ...variables }, undefined);
  beforeEach(async () => {
    home = dirname(await written('connections.toml', ''));
  });

  it('is the connection, and each variable goes before its entry', async () => {
    await write(
      `[dev]\naccount = "a"\nuser = "u"\npassword = "p"\ndatabase = "D"\nrole = "R"\nwarehouse = "W"\nhost = "h.example.com"\nport = 8443\n`,
    );
    const section = {
      account: 'a',
      user: 'u',
      login: { kind: 'password', password: 'p' },
      database: 'D',
      role: 'R',
      warehouse: 'W',
      url: 'https://h.example.com:8443',
    };
    expect(await resolve('dev')).toEqual(section);
    expect(await resolve('dev', { SPINDLE_SNOWFLAKE_ROLE: 'OTHER', SPINDLE_SNOWFLAKE_TOKEN: 't' })).toEqual({
      ...section,
      role: 'OTHER',
      login: { kind: 'access-token', token: 't' },
    });
  });

  it('logs in by a key file with its passphrase, by a token in a file, by OAuth', async () => {
    const [key, token] = [await written('key.p8', encrypted.privateKey), await written('token', 'tok\n')];
    await write(
      `[key]\naccount = "a"\nuser = "u"\ndatabase = "D"\nauthenticator = "snowflake_jwt"\nprivate_key_file = "${key}"\nprivate_key_file_pwd = "sesame"\n` +
        `[pat]\naccount = "a"\nuser = "u"\ndatabase = "D"\nauthenticator = "PROGRAMMATIC_ACCESS_TOKEN"\ntoken_file_path = "${token}"\n` +
        `[oauth]\naccount = "a"\nuser = "u"\ndatabase = "D"\nauthenticator = "oauth"\ntoken = "tok"\n`,
    );
    expect((await resolve('key')).login).toMatchObject({ kind: 'key-pair' });
    expect((await resolve('pat')).login).toEqual({ kind: 'access-token', token: 'tok' });
    expect((await resolve('oauth')).login).toEqual({ kind: 'oauth', token: 'tok' });
  });

  it('that lacks something says all of it', async () => {
    await write(`[dev]\nuser = "u"\n`);
    await expect(resolve('dev')).rejects.toMatchObject({
      code: 'VARIABLES_INVALID',
      message: 'The connection to Snowflake lacks account, database, private_key_file.',
      issues: [expect.stringContaining('ACCOUNT'), expect.stringContaining('DATABASE'), expect.stringContaining('PRIVATE_KEY_FILE')],
    });
  });

  it.each([
    ['a section that is not there', `[dev]\naccount = "a"\n[prod]\n`, 'no section [test]', 'dev, prod'],
    ['an entry that is no text', `[test]\naccount = 1\npassword = "hunter2"\n`, '"account" of [test]', 'Correct'],
    ['no TOML', `[test]\npassword = hunter2\n`, 'is no TOML', 'Correct'],
    ['another way to log in', `[test]\nauthenticator = "externalbrowser"\n`, '"externalbrowser"', 'key pair'],
  ])('is refused without its secrets: %s', async (_, text, message, remedy) => {
    await write(text);
    const error = (await resolve('test').catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({
      code: 'VARIABLES_INVALID',
      message: expect.stringContaining(message) as string,
      remedy: expect.stringContaining(remedy) as string,
      place: { field: 'SPINDLE_SNOWFLAKE_CONNECTION' },
    });
    expect(JSON.stringify([error, error.stack, error.cause])).not.toContain('hunter2');
  });

  it('is asked for where there is no file', async () => {
    await expect(resolve('dev', { SNOWFLAKE_HOME: '/no/such/folder' })).rejects.toMatchObject({
      code: 'VARIABLES_INVALID',
      message: expect.stringContaining('/no/such/folder/connections.toml') as string,
    });
  });
});
