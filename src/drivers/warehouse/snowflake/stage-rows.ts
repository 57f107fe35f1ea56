import { SpindleError } from '../../../runtime/errors.ts';
import type { TableSpec } from '../../../runtime/resource/warehouse.ts';
import type { StagedRows as StagedFile } from '../staging.ts';
import { bringFile } from './bring-file.ts';
import { createLines } from './lines.ts';
import { quoted, readLine } from './read-line.ts';
import type { Session } from './session.ts';

/** Rows of a write in a temporary table with the columns of their table. */
export interface StagedRows {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
}

export async function stageRows(session: Session, { name, columns }: TableSpec, file: StagedFile): Promise<StagedRows> {
  const lines = await createLines(session);
  await bringFile(session, file.bytes, { table: name, to: lines, path: file.path });
  const table = await session.createTemporary(
    'ROWS',
    `AS SELECT ${columns.map((column) => `${readLine(column)} AS ${quoted(column)}`).join(', ')} FROM ${lines.table}`,
  );
  const [row] = await session.select(`SELECT COUNT(*) AS N FROM ${table}`);
  if (Number(row?.['n']) !== file.rows)
    throw new SpindleError('INTERNAL', `${file.rows} rows for ${name} were staged and ${Number(row?.['n'])} read back`);
  return { table, rows: file.rows, bytes: file.bytes };
}
