import { z } from 'zod';
import { checkStage, stageShape } from './stage-variables.ts';

const secret = (description: string) => z.string().optional().meta({ description, secret: true });
const name = (description: string) => z.string().optional().meta({ description, secret: false });

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && search === '' && hash === '';
}
const origin = z.string().refine(isOrigin, 'is not http://host:port or https://host:port');

const shape = {
  SPINDLE_SNOWFLAKE_CONNECTION: name('a section of connections.toml'),
  SPINDLE_SNOWFLAKE_ACCOUNT: z
    .string()
    .regex(/^\w[\w-]*(\.[\w-]+)*$/, 'is not the identifier of an account, such as myorg-account')
    .optional()
    .meta({ description: 'the account, as organization-account' }),
  SPINDLE_SNOWFLAKE_USER: name('the user'),
  SPINDLE_SNOWFLAKE_PRIVATE_KEY: secret('the private key of the user, as PEM'),
  SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE: name(
    "the file of the user's private key, as PEM; or log in by SPINDLE_SNOWFLAKE_PRIVATE_KEY, _TOKEN, _OAUTH_TOKEN or _PASSWORD",
  ),
  SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: secret('what the private key is encrypted with'),
  SPINDLE_SNOWFLAKE_TOKEN: secret('a programmatic access token'),
  SPINDLE_SNOWFLAKE_OAUTH_TOKEN: secret('an access token of OAuth'),
  SPINDLE_SNOWFLAKE_PASSWORD: secret("the user's password"),
  SPINDLE_SNOWFLAKE_ROLE: name('the role'),
  SPINDLE_SNOWFLAKE_WAREHOUSE: name('the virtual warehouse that statements run on'),
  SPINDLE_SNOWFLAKE_DATABASE: name('the database'),
  SPINDLE_SNOWFLAKE_URL: origin.refine((text) => !URL.canParse(text) || new URL(text).username === '', 'has credentials in it').optional(),
  SPINDLE_SNOWFLAKE_PROXY: origin.meta({ secret: true }).optional(),
  ...stageShape,
  SNOWFLAKE_HOME: name('the folder of connections.toml'),
};

/** The environment variables of a connection, parsed. */
export type SnowflakeVariables = z.output<ReturnType<typeof snowflakeVariables>>;

/** Ways to log in, of which a connection needs one. */
export const LOGINS = [
  'SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE',
  'SPINDLE_SNOWFLAKE_PRIVATE_KEY',
  'SPINDLE_SNOWFLAKE_TOKEN',
  'SPINDLE_SNOWFLAKE_OAUTH_TOKEN',
  'SPINDLE_SNOWFLAKE_PASSWORD',
] as const;

/** What has to be set is known where no section of connections.toml may hold it: all of it is reported at once, together with what other resources miss. */
export function snowflakeVariables(database: string | undefined, stage?: string) {
  return z.object(shape).check(({ value, issues }) => {
    const issue = (path: string, message: string) => issues.push({ code: 'custom', message, path: [path], input: undefined });
    const [first, ...others] = LOGINS.filter((login) => value[login] !== undefined);
    for (const other of others) issue(other, `is a second way to log in beside ${first}: set one of them`);
    if (value.SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE !== undefined && first !== undefined && !first.includes('PRIVATE_KEY'))
      issue('SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE', 'only counts with a private key');
    checkStage(value, issue, stage !== undefined);
    if (value.SPINDLE_SNOWFLAKE_CONNECTION !== undefined) return;
    if (value.SPINDLE_SNOWFLAKE_ACCOUNT === undefined) issue('SPINDLE_SNOWFLAKE_ACCOUNT', 'missing');
    if (value.SPINDLE_SNOWFLAKE_USER === undefined) issue('SPINDLE_SNOWFLAKE_USER', 'missing');
    if (value.SPINDLE_SNOWFLAKE_DATABASE === undefined && database === undefined) issue('SPINDLE_SNOWFLAKE_DATABASE', 'missing');
    if (first === undefined) issue(LOGINS[0], 'missing');
  });
}
