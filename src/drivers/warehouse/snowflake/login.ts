import { SpindleError } from '../../../runtime/errors.ts';
import { readNamedFile } from '../../disk/named-file.ts';
import type { SnowflakeVariables } from './variables.ts';
import type { ConnectionSection } from './connections-file.ts';
import { readPrivateKey } from './private-key.ts';
import type { SnowflakeLogin } from './settings.ts';

const KEY_FILE = 'SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE';
const PASSPHRASE = 'SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE';
const CONNECTION = 'SPINDLE_SNOWFLAKE_CONNECTION';

/** How the variables say that the user logs in; undefined where they do not. VARIABLES_INVALID for a key that cannot be read. */
export async function loginOfVariables(variables: SnowflakeVariables): Promise<SnowflakeLogin | undefined> {
  const {
    SPINDLE_SNOWFLAKE_PRIVATE_KEY: pem,
    SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE: file,
    SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: passphrase,
    SPINDLE_SNOWFLAKE_TOKEN: token,
    SPINDLE_SNOWFLAKE_OAUTH_TOKEN: oauth,
    SPINDLE_SNOWFLAKE_PASSWORD: password,
  } = variables;
  if (pem !== undefined) return keyPair(pem, passphrase, { key: 'SPINDLE_SNOWFLAKE_PRIVATE_KEY', passphrase: PASSPHRASE });
  if (file !== undefined) return keyPair(await readText(file, KEY_FILE), passphrase, { key: KEY_FILE, passphrase: PASSPHRASE });
  if (token !== undefined) return { kind: 'access-token', token };
  if (oauth !== undefined) return { kind: 'oauth', token: oauth };
  return password === undefined ? undefined : { kind: 'password', password };
}

/** The same of a section of connections.toml at `path`. */
export async function loginOfSection(section: ConnectionSection, path: string): Promise<SnowflakeLogin | undefined> {
  const { authenticator = '', token_file_path: tokenFile, password } = section;
  const kind = authenticator.toUpperCase();
  if (!['', 'SNOWFLAKE', 'SNOWFLAKE_JWT', 'OAUTH', 'PROGRAMMATIC_ACCESS_TOKEN'].includes(kind))
    throw new SpindleError('VARIABLES_INVALID', `${CONNECTION}: Spindle cannot log in by "${authenticator}", which ${path} names.`, {
      field: CONNECTION,
      remedy: 'It logs in by a key pair (SNOWFLAKE_JWT), PROGRAMMATIC_ACCESS_TOKEN, OAUTH or a password.',
    });
  const file = section.private_key_file ?? section.private_key_path;
  const pem = section.private_key_raw ?? (file === undefined ? undefined : await readText(file, CONNECTION));
  if (pem !== undefined)
    return keyPair(pem, section.private_key_file_pwd ?? section.private_key_passphrase, {
      key: `${CONNECTION}: private_key_file`,
      passphrase: `${CONNECTION}: private_key_file_pwd`,
    });
  const token = section.token ?? (tokenFile === undefined ? undefined : (await readText(tokenFile, CONNECTION)).trim());
  if (token !== undefined) return { kind: kind === 'OAUTH' ? 'oauth' : 'access-token', token };
  return password === undefined ? undefined : { kind: 'password', password };
}

const keyPair = (
  pem: string,
  passphrase: string | undefined,
  source: { readonly key: string; readonly passphrase: string },
): SnowflakeLogin => ({
  kind: 'key-pair',
  privateKey: readPrivateKey(pem, passphrase, source),
});

const readText = (path: string, field: string): Promise<string> =>
  readNamedFile(path, field, 'Name the file, and let the user that runs Spindle read it.');
