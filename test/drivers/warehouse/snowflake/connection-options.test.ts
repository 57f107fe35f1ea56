import { describe, expect, it } from 'vitest';
import { connectionOptions } from '../../../../src/drivers/warehouse/snowflake/connection-options.ts';
import type { SnowflakeLogin } from '../../../../src/drivers/warehouse/snowflake/settings.ts';

const options = (login: SnowflakeLogin, more = {}) => connectionOptions({ account: 'org-acc', user: 'LOADER', login, ...more });

describe('what the client is told', () => {
  it.each<[SnowflakeLogin, object]>([
    [
      { kind: 'key-pair', privateKey: 'PEM' },
      { authenticator: 'SNOWFLAKE_JWT', privateKey: 'PEM' },
    ],
    [
      { kind: 'access-token', token: 't' },
      { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 't' },
    ],
    [
      { kind: 'oauth', token: 't' },
      { authenticator: 'OAUTH', token: 't' },
    ],
    [
      { kind: 'password', password: 'p' },
      { authenticator: 'SNOWFLAKE', password: 'p' },
    ],
  ])('is how the user logs in: %j', (login, expected) => {
    expect(options(login)).toMatchObject({ account: 'org-acc', username: 'LOADER', ...expected });
  });

  it('is where statements run, and the way there, as far as they are set', () => {
    const login = { kind: 'oauth', token: 't' } as const;
    const proxy = { host: 'proxy', port: 3128, protocol: 'http', user: 'me', password: 'p' } as const;
    expect(options(login, { role: 'R', warehouse: 'W', database: 'D', url: 'https://h', proxy })).toMatchObject({
      role: 'R',
      warehouse: 'W',
      database: 'D',
      accessUrl: 'https://h',
      proxyHost: 'proxy',
      proxyPort: 3128,
      proxyProtocol: 'http',
      proxyUser: 'me',
      proxyPassword: 'p',
    });
    expect(Object.keys(options(login)).filter((key) => /role|warehouse|database|accessUrl|proxy/i.test(key))).toEqual([]);
  });
});
