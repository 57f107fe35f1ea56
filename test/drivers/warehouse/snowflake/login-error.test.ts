import { describe, expect, it } from 'vitest';
import { loginError } from '../../../../src/drivers/warehouse/snowflake/login-error.ts';
import type { SnowflakeSettings } from '../../../../src/drivers/warehouse/snowflake/settings.ts';

const SETTINGS: SnowflakeSettings = {
  account: 'org-acc',
  user: 'LOADER',
  login: { kind: 'password', password: 'hunter2hunter2' },
  database: 'DB',
};
const ADDRESS = 'https://org-acc.snowflakecomputing.com';
const KEY_PAIR: SnowflakeSettings = { ...SETTINGS, login: { kind: 'key-pair', privateKey: 'PEM' } };
const TOKEN: SnowflakeSettings = { ...SETTINGS, login: { kind: 'access-token', token: 'ver:1' } };
const failed = (message: string, fields: object) => Object.assign(new Error(message), fields);
const told = (error: Error, settings = SETTINGS) => loginError(error, settings, ADDRESS);

describe('a login that the server refuses', () => {
  it.each([
    ['390100', 'Incorrect username or password was specified.', SETTINGS, 'SERVICE'],
    ['390144', 'JWT token is invalid.', KEY_PAIR, 'RSA_PUBLIC_KEY_FP'],
    ['394400', 'Programmatic access token is invalid.', TOKEN, 'ADD PROGRAMMATIC ACCESS TOKEN'],
    [
      '390318',
      'OAuth access token expired.',
      { ...SETTINGS, login: { kind: 'oauth', token: 't' } } satisfies SnowflakeSettings,
      'security integration',
    ],
    ['390189', "Role 'X' specified in the connect string does not exist or not authorized.", SETTINGS, 'spindle warehouse init'],
    ['390422', 'Incoming request with IP/Token 192.0.2.1 is not allowed to access Snowflake.', SETTINGS, 'network policy'],
  ])('is WAREHOUSE_REFUSED with what helps: %s', (code, message, settings, remedy) => {
    expect(told(failed(message, { code }), settings)).toMatchObject({
      code: 'WAREHOUSE_REFUSED',
      message: `Snowflake refused the login of LOADER at ${ADDRESS}: ${message}`,
      remedy: expect.stringContaining(remedy) as string,
      transient: false,
    });
  });

  it('never tells the credentials', () => {
    const error = told(failed('Incorrect username or password was specified.', { code: '390100' })) as Error & { remedy: string };
    expect(JSON.stringify([error.message, error.remedy, error])).not.toContain('hunter2');
  });
});

describe('a login that nobody answers', () => {
  const network = (code: string) => failed(`it failed: ${code}`, { code: 401_001, cause: failed(code, { code }) });

  it.each([
    ['ECONNREFUSED', true, 'SYSTEM$ALLOWLIST'],
    ['ETIMEDOUT', true, 'SYSTEM$ALLOWLIST'],
    ['ENOTFOUND', false, 'there is no such host'],
    ['SELF_SIGNED_CERT_IN_CHAIN', false, 'NODE_EXTRA_CA_CERTS'],
  ])('is WAREHOUSE_UNREACHABLE, of the client as of Node itself: %s', (code, transient, remedy) => {
    for (const error of [network(code), failed(`it failed: ${code}`, { code })])
      expect(told(error)).toMatchObject({
        code: 'WAREHOUSE_UNREACHABLE',
        message: `Snowflake does not answer at ${ADDRESS}: it failed: ${code}`,
        remedy: expect.stringContaining(remedy) as string,
        transient,
      });
  });

  it('is WAREHOUSE_REFUSED where the address knows no such account', () => {
    expect(told(failed('Request to Snowflake failed.', { code: 401_002, response: { statusCode: 404 } }))).toMatchObject({
      code: 'WAREHOUSE_REFUSED',
      message: expect.stringContaining('status 404') as string,
    });
  });
});

it('an error that is neither stays as it is', () => {
  const error = new TypeError('a mistake');
  expect(told(error)).toBe(error);
});
