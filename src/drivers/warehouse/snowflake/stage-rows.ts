import { readFile } from 'node:fs/promises';
import { SpindleError } from '../../../runtime/errors.ts';
import type { TableSpec } from '../../../runtime/resource/warehouse.ts';
import type { StagedRows as StagedFile } from '../staging.ts';
import { newFolder, removeFolder } from './folder.ts';
import { bindLines, copyLines, createLines, linesOf, putFile } from './lines.ts';
import { quoted, readLine } from './read-line.ts';
import type { Session } from './session.ts';

/** Up to so many bytes of rows are sent with the statement itself; more go by the stage. */
const BOUND_BYTES = 1 << 20;

/** Rows of a write in a temporary table with the columns of their table. */
export interface StagedRows {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
}

export async function stageRows(session: Session, { name, columns }: TableSpec, file: StagedFile): Promise<StagedRows> {
  const lines = await createLines(session);
  if (file.bytes <= BOUND_BYTES) {
    await bindLines(session, lines, linesOf(await readFile(file.path, 'utf8')));
  } else {
    const folder = newFolder(name);
    try {
      await putFile(session, file.path, folder);
      await copyLines(session, lines, folder, 'none');
    } finally {
      await removeFolder(session, folder).catch(() => {}); // the next write removes it
    }
  }
  const table = await session.createTemporary(
    'ROWS',
    `AS SELECT ${columns.map((column) => `${readLine(column)} AS ${quoted(column)}`).join(', ')} FROM ${lines.table}`,
  );
  const [row] = await session.select(`SELECT COUNT(*) AS N FROM ${table}`);
  if (Number(row?.['n']) !== file.rows)
    throw new SpindleError('INTERNAL', `${file.rows} rows for ${name} were staged and ${Number(row?.['n'])} read back`);
  return { table, rows: file.rows, bytes: file.bytes };
}
