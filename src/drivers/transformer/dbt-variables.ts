import type { SnowflakeConnection, SnowflakeLogin, SnowflakeProxy, WarehouseTarget } from '../../runtime/resource/warehouse-target.ts';

/** A warehouse that another process can reach. */
export type DbtTarget = Exclude<WarehouseTarget, { readonly dialect: 'memory' }>;

/** What `profiles.yml` of a dbt project reads of where the warehouse is. dbt prints no value of a variable that begins with DBT_ENV_SECRET_. */
export function dbtVariables(target: DbtTarget): Readonly<Record<string, string>> {
  switch (target.dialect) {
    case 'duckdb':
      return { SPINDLE_DUCKDB_PATH: target.path, SPINDLE_DUCKDB_MEMORY_LIMIT: target.memoryLimit };
    case 'snowflake':
      return snowflakeVariables(target.connection);
  }
}

/** All of them every time, empty where there is nothing to say: what the user's own environment holds must not be mixed in. */
function snowflakeVariables({ account, user, login, url, role = '', warehouse = '', database, proxy }: SnowflakeConnection) {
  return {
    SPINDLE_SNOWFLAKE_ACCOUNT: account,
    SPINDLE_SNOWFLAKE_USER: user,
    SPINDLE_SNOWFLAKE_ROLE: role,
    SPINDLE_SNOWFLAKE_WAREHOUSE: warehouse,
    SPINDLE_SNOWFLAKE_DATABASE: database,
    ...addressVariables(url),
    DBT_ENV_SECRET_SNOWFLAKE_PRIVATE_KEY: '',
    DBT_ENV_SECRET_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: '',
    DBT_ENV_SECRET_SNOWFLAKE_TOKEN: '',
    DBT_ENV_SECRET_SNOWFLAKE_PASSWORD: '',
    ...loginVariables(login),
    ...(proxy !== undefined && proxyVariables(proxy)),
  };
}

/** Without a host dbt makes the address of the account's name. */
function addressVariables(url: string | undefined): Readonly<Record<string, string>> {
  if (url === undefined) return { SPINDLE_SNOWFLAKE_HOST: '', SPINDLE_SNOWFLAKE_PORT: '443', SPINDLE_SNOWFLAKE_PROTOCOL: 'https' };
  const { hostname, port, protocol } = new URL(url);
  const scheme = protocol.slice(0, -1);
  const usual = scheme === 'http' ? '80' : '443';
  return { SPINDLE_SNOWFLAKE_HOST: hostname, SPINDLE_SNOWFLAKE_PORT: port === '' ? usual : port, SPINDLE_SNOWFLAKE_PROTOCOL: scheme };
}

function loginVariables(login: SnowflakeLogin): Readonly<Record<string, string>> {
  switch (login.kind) {
    case 'key-pair':
      return {
        SPINDLE_SNOWFLAKE_AUTHENTICATOR: '',
        // What begins with anything but a dash is taken for the bytes of a key without its lines.
        DBT_ENV_SECRET_SNOWFLAKE_PRIVATE_KEY: login.privateKey.trim(),
        DBT_ENV_SECRET_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: login.passphrase ?? '',
      };
    case 'access-token':
      return { SPINDLE_SNOWFLAKE_AUTHENTICATOR: 'programmatic_access_token', DBT_ENV_SECRET_SNOWFLAKE_TOKEN: login.token };
    case 'oauth':
      return { SPINDLE_SNOWFLAKE_AUTHENTICATOR: 'oauth', DBT_ENV_SECRET_SNOWFLAKE_TOKEN: login.token };
    case 'password':
      return { SPINDLE_SNOWFLAKE_AUTHENTICATOR: '', DBT_ENV_SECRET_SNOWFLAKE_PASSWORD: login.password };
  }
}

/** A profile names no login of a proxy; the client of Snowflake follows these, as most programs do. */
function proxyVariables({ protocol, host, port, user, password }: SnowflakeProxy): Readonly<Record<string, string>> {
  const login = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}@`;
  const url = `${protocol}://${login}${host}:${port}`;
  return { HTTP_PROXY: url, HTTPS_PROXY: url };
}
