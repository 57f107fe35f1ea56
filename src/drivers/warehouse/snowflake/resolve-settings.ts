import { readFile } from 'node:fs/promises';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode } from '../../disk/file-error.ts';
import { readConnection, type ConnectionSection } from './connections-file.ts';
import type { SnowflakeLogin, SnowflakeProxy, SnowflakeSettings } from './settings.ts';

/** The environment variables of a connection, parsed. */
export interface SnowflakeVariables {
  readonly SPINDLE_SNOWFLAKE_CONNECTION?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_ACCOUNT?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_USER?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_PRIVATE_KEY?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_TOKEN?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_OAUTH_TOKEN?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_PASSWORD?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_ROLE?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_WAREHOUSE?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_DATABASE?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_URL?: string | undefined;
  readonly SPINDLE_SNOWFLAKE_PROXY?: string | undefined;
}

/** The connection that the variables tell: those of a section of connections.toml where they name one, and each variable goes before the section's entry. */
export async function resolveSettings(variables: SnowflakeVariables, database: string | undefined): Promise<SnowflakeSettings> {
  const name = variables.SPINDLE_SNOWFLAKE_CONNECTION;
  const section: ConnectionSection = name === undefined ? {} : await readConnection(name);
  const missing: string[] = [];
  const required = (value: string | undefined, variable: string): string => {
    if (value === undefined) missing.push(variable);
    return value ?? '';
  };
  const account = required(variables.SPINDLE_SNOWFLAKE_ACCOUNT ?? section.account, 'SPINDLE_SNOWFLAKE_ACCOUNT');
  const user = required(variables.SPINDLE_SNOWFLAKE_USER ?? section.user, 'SPINDLE_SNOWFLAKE_USER');
  const named = required(variables.SPINDLE_SNOWFLAKE_DATABASE ?? database ?? section.database, 'SPINDLE_SNOWFLAKE_DATABASE');
  const login = (await loginOfVariables(variables)) ?? (await loginOfSection(section));
  if (login === undefined) missing.push('SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE (or another way to log in)');
  if (missing.length > 0 || login === undefined)
    throw new SpindleError('VARIABLES_INVALID', `Snowflake needs what is not set: ${missing.join(', ')}.`, {
      field: missing[0]?.split(' ')[0] ?? '',
      remedy: 'Set the variables, or name a section of ~/.snowflake/connections.toml by SPINDLE_SNOWFLAKE_CONNECTION.',
      issues: missing,
    });
  const role = variables.SPINDLE_SNOWFLAKE_ROLE ?? section.role;
  const warehouse = variables.SPINDLE_SNOWFLAKE_WAREHOUSE ?? section.warehouse;
  const url = variables.SPINDLE_SNOWFLAKE_URL ?? urlOf(section);
  const proxy = proxyOf(variables.SPINDLE_SNOWFLAKE_PROXY);
  return {
    account,
    user,
    login,
    database: named,
    ...(role !== undefined && { role }),
    ...(warehouse !== undefined && { warehouse }),
    ...(url !== undefined && { url }),
    ...(proxy !== undefined && { proxy }),
  };
}

async function loginOfVariables(variables: SnowflakeVariables): Promise<SnowflakeLogin | undefined> {
  const {
    SPINDLE_SNOWFLAKE_PRIVATE_KEY: pem,
    SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE: file,
    SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: passphrase,
    SPINDLE_SNOWFLAKE_TOKEN: token,
    SPINDLE_SNOWFLAKE_OAUTH_TOKEN: oauth,
    SPINDLE_SNOWFLAKE_PASSWORD: password,
  } = variables;
  const ways = Object.entries({
    SPINDLE_SNOWFLAKE_PRIVATE_KEY: pem,
    SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE: file,
    SPINDLE_SNOWFLAKE_TOKEN: token,
    SPINDLE_SNOWFLAKE_OAUTH_TOKEN: oauth,
    SPINDLE_SNOWFLAKE_PASSWORD: password,
  }).filter(([, value]) => value !== undefined);
  if (ways.length > 1)
    throw new SpindleError('VARIABLES_INVALID', `There is more than one way to log in to Snowflake: ${ways.map(([name]) => name).join(', ')}.`, {
      field: ways[1]?.[0] ?? '',
      remedy: 'Set one of them.',
    });
  const privateKey = pem ?? (file === undefined ? undefined : await readText(file, 'SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE'));
  if (privateKey !== undefined) return keyPair(privateKey, passphrase);
  if (token !== undefined) return { kind: 'access-token', token };
  if (oauth !== undefined) return { kind: 'oauth', token: oauth };
  return password === undefined ? undefined : { kind: 'password', password };
}

async function loginOfSection(section: ConnectionSection): Promise<SnowflakeLogin | undefined> {
  const at = 'SPINDLE_SNOWFLAKE_CONNECTION';
  const file = section.private_key_file ?? section.private_key_path;
  const privateKey = section.private_key_raw ?? (file === undefined ? undefined : await readText(file, at));
  if (privateKey !== undefined) return keyPair(privateKey, section.private_key_file_pwd ?? section.private_key_passphrase);
  const token = section.token ?? (section.token_file_path === undefined ? undefined : (await readText(section.token_file_path, at)).trim());
  if (token !== undefined) return { kind: section.authenticator?.toUpperCase() === 'OAUTH' ? 'oauth' : 'access-token', token };
  return section.password === undefined ? undefined : { kind: 'password', password: section.password };
}

const keyPair = (privateKey: string, passphrase: string | undefined): SnowflakeLogin => ({
  kind: 'key-pair',
  privateKey,
  ...(passphrase !== undefined && { passphrase }),
});

function urlOf({ host, port, protocol = 'https' }: ConnectionSection): string | undefined {
  return host === undefined ? undefined : `${protocol}://${host}${port === undefined ? '' : `:${port}`}`;
}

function proxyOf(text: string | undefined): SnowflakeProxy | undefined {
  if (text === undefined) return undefined;
  const { protocol, hostname, port, username, password } = new URL(text);
  return {
    host: hostname,
    port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
    protocol: protocol === 'https:' ? 'https' : 'http',
    ...(username !== '' && { user: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
}

async function readText(path: string, field: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EACCES') && !hasCode(error, 'EISDIR')) throw error;
    throw new SpindleError('VARIABLES_INVALID', `${field} names no file that can be read: ${path}`, {
      field,
      remedy: 'Name the file, and let the user that runs Spindle read it.',
      cause: error,
    });
  }
}
