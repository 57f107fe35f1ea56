import type { ConnectionOptions } from 'snowflake-sdk';
import type { SessionSettings } from './session-settings.ts';
import type { SnowflakeLogin } from './settings.ts';

/** Milliseconds after which a request counts as failed: the server answers one for a statement within 45 seconds, if only that it still runs. */
const TIMEOUT = 90_000;

/** Parameters that one statement carries: with more the client goes by a stage of its own. It is the server's default. */
const MOST_BINDS = 65_280;

/** What the SDK is told. A login is tried twice at most: its own default goes on for minutes. */
export function connectionOptions({ account, user, login, url, role, warehouse, database, proxy }: SessionSettings): ConnectionOptions {
  return {
    account,
    username: user,
    ...loginOptions(login),
    ...(url !== undefined && { accessUrl: url }),
    ...(role !== undefined && { role }),
    ...(warehouse !== undefined && { warehouse }),
    ...(database !== undefined && { database }),
    ...(proxy !== undefined && {
      proxyHost: proxy.host,
      proxyPort: proxy.port,
      proxyProtocol: proxy.protocol,
      ...(proxy.user !== undefined && { proxyUser: proxy.user }),
      ...(proxy.password !== undefined && { proxyPassword: proxy.password }),
    }),
    application: 'spindle',
    clientSessionKeepAlive: true,
    sfRetryMaxLoginRetries: 1,
    timeout: TIMEOUT,
    arrayBindingThreshold: MOST_BINDS,
    rowMode: 'array',
    fetchAsString: ['Number', 'JSON'],
    representNullAsStringNull: false,
  };
}

function loginOptions(login: SnowflakeLogin): ConnectionOptions {
  switch (login.kind) {
    case 'key-pair':
      return {
        authenticator: 'SNOWFLAKE_JWT',
        privateKey: login.privateKey,
        ...(login.passphrase !== undefined && { privateKeyPass: login.passphrase }),
      };
    case 'access-token':
      return { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: login.token };
    case 'oauth':
      return { authenticator: 'OAUTH', token: login.token };
    case 'password':
      return { authenticator: 'SNOWFLAKE', password: login.password };
  }
}
