import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dbtVariables } from '../../../src/drivers/transformer/dbt-variables.ts';
import type { SnowflakeConnection, SnowflakeLogin } from '../../../src/runtime/resource/warehouse-target.ts';

const LOGINS: readonly SnowflakeLogin[] = [
  { kind: 'key-pair', privateKey: 'PEM', passphrase: 'pass' },
  { kind: 'access-token', token: 'pat' },
  { kind: 'oauth', token: 'bearer' },
  { kind: 'password', password: 'word' },
];

const variablesOf = (connection: Partial<SnowflakeConnection> = {}) =>
  dbtVariables({
    dialect: 'snowflake',
    connection: {
      account: 'acme-music',
      user: 'SPINDLE',
      database: 'MUSIC',
      login: { kind: 'password', password: 'word' },
      ...connection,
    },
  });

describe('the variables of dbt for Snowflake', () => {
  it('are what the profile of this repository reads, no more and no less', () => {
    const profiles = readFileSync(fileURLToPath(new URL('../../../dbt/profiles.yml', import.meta.url)), 'utf8');
    const read = [...profiles.matchAll(/env_var\('(\w*SNOWFLAKE\w*)'/g)].map(([, name]) => name).toSorted();
    for (const login of LOGINS) expect(Object.keys(variablesOf({ login })).toSorted()).toEqual(read);
  });

  it('carry each way to log in, and empty what belongs to the others', () => {
    const told = LOGINS.map((login) =>
      Object.entries(variablesOf({ login })).filter(([name, value]) => /SECRET|AUTHENTICATOR/.test(name) && value !== ''),
    );
    expect(told.map((entries) => Object.fromEntries(entries))).toEqual([
      { DBT_ENV_SECRET_SNOWFLAKE_PRIVATE_KEY: 'PEM', DBT_ENV_SECRET_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'pass' },
      { SPINDLE_SNOWFLAKE_AUTHENTICATOR: 'programmatic_access_token', DBT_ENV_SECRET_SNOWFLAKE_TOKEN: 'pat' },
      { SPINDLE_SNOWFLAKE_AUTHENTICATOR: 'oauth', DBT_ENV_SECRET_SNOWFLAKE_TOKEN: 'bearer' },
      { DBT_ENV_SECRET_SNOWFLAKE_PASSWORD: 'word' },
    ]);
  });

  it('have secrets under no other name than one that dbt masks', () => {
    const secret = LOGINS.flatMap((login) => Object.entries(variablesOf({ login }))).filter(([, value]) =>
      ['PEM', 'pass', 'pat', 'bearer', 'word'].includes(value),
    );
    expect(secret).toHaveLength(5);
    expect(secret.filter(([name]) => !name.startsWith('DBT_ENV_SECRET_'))).toEqual([]);
  });

  it.each([
    [undefined, { HOST: '', PORT: '443', PROTOCOL: 'https' }],
    [
      'https://acme.privatelink.snowflakecomputing.com',
      { HOST: 'acme.privatelink.snowflakecomputing.com', PORT: '443', PROTOCOL: 'https' },
    ],
    ['http://127.0.0.1:18100/', { HOST: '127.0.0.1', PORT: '18100', PROTOCOL: 'http' }],
    ['http://localhost', { HOST: 'localhost', PORT: '80', PROTOCOL: 'http' }],
  ])('tell the address %s by its parts', (url, { HOST, PORT, PROTOCOL }) => {
    expect(variablesOf(url === undefined ? {} : { url })).toMatchObject({
      SPINDLE_SNOWFLAKE_HOST: HOST,
      SPINDLE_SNOWFLAKE_PORT: PORT,
      SPINDLE_SNOWFLAKE_PROTOCOL: PROTOCOL,
    });
  });

  it('name a proxy where there is one, with its login', () => {
    expect(variablesOf({ proxy: { host: 'proxy', port: 3128, protocol: 'http', user: 'me', password: 'p@ss' } })).toMatchObject({
      HTTPS_PROXY: 'http://me:p%40ss@proxy:3128',
      HTTP_PROXY: 'http://me:p%40ss@proxy:3128',
    });
    expect(variablesOf()).not.toHaveProperty('HTTPS_PROXY');
  });
});
