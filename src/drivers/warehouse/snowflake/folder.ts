import { randomUUID } from 'node:crypto';
import { quoteLiteral } from '../../../runtime/schema/quote.ts';
import { currentProcess, formatIdentity, hasEnded, parseIdentity } from '../../disk/process-identity.ts';
import type { Session } from './session.ts';

/** After so long, milliseconds, a folder of another host is nobody's any more. */
const FORGOTTEN = 86_400_000;

/** A folder of the stage for one attempt of one load: `<table>/<process>+<time>+<random>`. */
export interface Folder {
  /** As a statement names it, quoted; ends with a slash. */
  readonly location: string;
}

const root = (table: string): string => `@"_SPINDLE"."STAGE"/${table}/`;
const locate = (path: string): string => quoteLiteral(path, 'snowflake');

export function newFolder(table: string): Folder {
  return { location: locate(`${root(table)}${formatIdentity(currentProcess())}+${Date.now()}+${randomUUID().slice(0, 8)}/`) };
}

export async function removeFolder(session: Session, { location }: Folder): Promise<void> {
  await session.run(`REMOVE ${location}`);
}

/** Removes what attempts left there whose processes have ended: those of this host are asked for, of others it is told by their age. */
export async function removeOrphans(session: Session, table: string): Promise<void> {
  const folders = new Set<string>();
  for (const row of await session.select(`LIST ${locate(root(table))}`)) {
    const [, , folder] = String(row['name']).split('/');
    if (folder !== undefined && isOrphaned(folder)) folders.add(folder);
  }
  for (const folder of folders) await session.run(`REMOVE ${locate(`${root(table)}${folder}/`)}`);
}

function isOrphaned(folder: string): boolean {
  const owner = parseIdentity(folder);
  if (owner === undefined) return false;
  const since = Number(folder.split('+')[3]);
  return hasEnded(owner) || (Number.isFinite(since) && Date.now() - since > FORGOTTEN);
}
