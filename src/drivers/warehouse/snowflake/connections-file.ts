import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode } from '../../disk/file-error.ts';

const text = z.string().optional();

/** A section of `connections.toml`, as Snowflake's own tools read it: the names are theirs. */
const Section = z.object({
  account: text,
  user: text,
  password: text,
  authenticator: text,
  private_key_file: text,
  private_key_path: text,
  private_key_raw: text,
  private_key_file_pwd: text,
  private_key_passphrase: text,
  token: text,
  token_file_path: text,
  role: text,
  warehouse: text,
  database: text,
  host: text,
  port: z.union([z.int(), z.string()]).optional(),
  protocol: text,
});
export type ConnectionSection = z.infer<typeof Section>;

/** Where Snowflake's tools look: $SNOWFLAKE_HOME, else ~/.snowflake. */
export const connectionsPath = (home = join(homedir(), '.snowflake')): string => join(home, 'connections.toml');

/** The section of that name. VARIABLES_INVALID where there is no such file or section, or it holds what it should not. */
export async function readConnection(name: string, path: string): Promise<ConnectionSection> {
  const sections = await readSections(path);
  const section = sections[name];
  if (section === undefined)
    throw invalid(
      `${path} has no section [${name}]`,
      Object.keys(sections).length === 0 ? 'Write it.' : `Name one of: ${Object.keys(sections).join(', ')}.`,
    );
  const parsed = Section.safeParse(section);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`in ${path}, "${String(issue?.path[0])}" of [${name}] is no text`, 'Correct the file.');
}

async function readSections(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'EACCES') || hasCode(error, 'EISDIR'))
      throw invalid(`${path} cannot be read`, 'Make the file, or set the other variables of the connection instead.', error);
    // the message of the parser quotes the line, which may hold a password
    throw invalid(`${path} is no TOML`, 'Correct the file.');
  }
}

function invalid(message: string, remedy: string, cause?: unknown): SpindleError {
  return new SpindleError('VARIABLES_INVALID', `SPINDLE_SNOWFLAKE_CONNECTION: ${message}`, {
    field: 'SPINDLE_SNOWFLAKE_CONNECTION',
    remedy,
    ...(cause !== undefined && { cause }),
  });
}
