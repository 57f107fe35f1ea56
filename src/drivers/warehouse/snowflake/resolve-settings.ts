import { SpindleError } from '../../../runtime/errors.ts';
import type { SnowflakeVariables } from './variables.ts';
import { connectionsPath, readConnection, type ConnectionSection } from './connections-file.ts';
import { loginOfSection, loginOfVariables } from './login.ts';
import type { SnowflakeProxy, SnowflakeSettings } from './settings.ts';

/** The connection that the variables tell: those of a section of connections.toml where they name one, and each variable goes before the section's entry. */
export async function resolveSettings(variables: SnowflakeVariables, database: string | undefined): Promise<SnowflakeSettings> {
  const name = variables.SPINDLE_SNOWFLAKE_CONNECTION;
  const path = connectionsPath(variables.SNOWFLAKE_HOME);
  const section: ConnectionSection = name === undefined ? {} : await readConnection(name, path);
  const login = (await loginOfVariables(variables)) ?? (await loginOfSection(section, path));
  const account = variables.SPINDLE_SNOWFLAKE_ACCOUNT ?? section.account;
  const user = variables.SPINDLE_SNOWFLAKE_USER ?? section.user;
  const named = variables.SPINDLE_SNOWFLAKE_DATABASE ?? database ?? section.database;
  if (account === undefined || user === undefined || named === undefined || login === undefined)
    throw missing(`section [${name}] of ${path}`, { account, user, database: named, private_key_file: login });
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

/** What a connection needs, by its key in connections.toml. */
const NEEDED = {
  account: 'SPINDLE_SNOWFLAKE_ACCOUNT',
  user: 'SPINDLE_SNOWFLAKE_USER',
  database: 'SPINDLE_SNOWFLAKE_DATABASE',
  private_key_file: 'SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE',
} as const;
type Needed = keyof typeof NEEDED;

/** Without a section the variables are checked before, when they are parsed. */
function missing(section: string, values: Readonly<Record<Needed, unknown>>): SpindleError {
  const keys = (Object.keys(NEEDED) as Needed[]).filter((key) => values[key] === undefined);
  const variables = keys.map((key) => NEEDED[key]);
  return new SpindleError('VARIABLES_INVALID', `The connection to Snowflake lacks ${keys.join(', ')}.`, {
    field: variables[0] ?? '',
    remedy: `Set ${variables.join(', ')}, or write ${keys.map((key) => `"${key}"`).join(', ')} into ${section}.`,
    issues: keys.map((key) => `${NEEDED[key]} is missing, and so is "${key}" in ${section}`),
  });
}

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
