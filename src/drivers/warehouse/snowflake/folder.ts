import { quoteLiteral } from '../../../runtime/schema/quote.ts';
import { isOrphaned, newAttempt } from './attempt.ts';
import type { Session } from './session.ts';

/** A folder of the stage for one attempt of one load: `<table>/<attempt>`. */
export interface Folder {
  /** As a statement names it, quoted; ends with a slash. */
  readonly location: string;
}

const root = (table: string): string => `@"_SPINDLE"."STAGE"/${table}/`;
const locate = (path: string): string => quoteLiteral(path, 'snowflake');

export function newFolder(table: string): Folder {
  return { location: locate(`${root(table)}${newAttempt()}/`) };
}

export async function removeFolder(session: Session, { location }: Folder): Promise<void> {
  await session.run(`REMOVE ${location}`);
}

/** Removes what attempts left there whose processes have ended. */
export async function removeOrphans(session: Session, table: string): Promise<void> {
  const folders = new Set<string>();
  for (const row of await session.select(`LIST ${locate(root(table))}`)) {
    const [, , folder] = String(row['name']).split('/');
    if (folder !== undefined && isOrphaned(folder)) folders.add(folder);
  }
  for (const folder of folders) await session.run(`REMOVE ${locate(`${root(table)}${folder}/`)}`);
}
