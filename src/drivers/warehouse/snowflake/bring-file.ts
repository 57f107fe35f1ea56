import { readFile } from 'node:fs/promises';
import type { Compression } from '../../../runtime/store/compression.ts';
import { newFolder, removeFolder } from './folder.ts';
import { bindLines, copyLines, linesOf, putFile, type Lines } from './lines.ts';
import type { Session } from './session.ts';

/** What Snowflake loads best: files of 100 to 250 MB, compressed. */
export const FILE_BYTES = 128 << 20;
/** Up to so many bytes of a file are sent with the statement itself; more go by the stage. */
const BOUND_BYTES = 1 << 20;

export interface Bringing {
  /** The table whose load or write it is: attempts have their folders of the stage by it. */
  readonly table: string;
  readonly to: Lines;
  readonly path: string;
}

/** Brings the lines of a file of this machine, each a text of JSON, into a temporary table, by the shorter way. `bytes` is its size. */
export async function bringFile(session: Session, bytes: number, bringing: Bringing): Promise<void> {
  if (bytes <= BOUND_BYTES) await bindLines(session, bringing.to, linesOf(await readFile(bringing.path, 'utf8')));
  else await bringByStage(session, 'none', bringing);
}

export async function bringByStage(session: Session, compression: Compression | 'none', { table, to, path }: Bringing): Promise<void> {
  const folder = newFolder(table);
  try {
    await putFile(session, path, folder);
    await copyLines(session, to, folder, compression);
  } finally {
    await removeFolder(session, folder).catch(() => {}); // what is left the next load of the table removes
  }
}
