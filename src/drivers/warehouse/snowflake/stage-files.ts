import { readFile } from 'node:fs/promises';
import type { LoadFile, TableLoad } from '../../../runtime/resource/warehouse.ts';
import { countFiles } from '../count-files.ts';
import { lineBatches } from '../line-batches.ts';
import type { LineFile } from '../line-file.ts';
import type { Counted } from '../outcome.ts';
import { readFiles, type FilePart } from '../read-files.ts';
import type { Staging } from '../staging.ts';
import { newFolder, removeFolder, removeOrphans } from './folder.ts';
import { bindLines, copyLines, createLines, linesOf, putFile, type Lines, type Records } from './lines.ts';
import { parseLines } from './parse-lines.ts';
import { createRefusals } from './refusals.ts';
import type { Session } from './session.ts';

/** What Snowflake loads best: files of 100 to 250 MB, compressed. */
const BATCH_BYTES = 128 << 20;
/** Up to so many bytes of dead letters are sent with the statement itself; more go by the stage. */
const BOUND_BYTES = 1 << 20;

export interface StagedFiles {
  readonly records: Records;
  /** None where every line was taken. */
  readonly letters: Lines | undefined;
  readonly loaded: readonly Counted[];
}

/**
 * Brings the lines of files, by their number among the candidates, into temporary tables: the good ones as texts by way of the stage, where TRY_PARSE_JSON reads them; the others
 * as dead letters, and with them what Snowflake does not take. OBJECT_UNREADABLE for a file that cannot be read to its end.
 */
export async function stageFiles(
  session: Session,
  staging: Staging,
  { load, files }: { readonly load: TableLoad; readonly files: ReadonlyMap<number, LoadFile> },
): Promise<StagedFiles> {
  await removeOrphans(session, load.table.name);
  const [texts, letters] = [await createLines(session), await createLines(session)];
  const numbers = new Map([...files].map(([number, { key }]) => [key, number]));
  const counts = countFiles([...files.values()]);
  const refusals = createRefusals(load);
  const bring = async (parts: AsyncIterable<FilePart>) => {
    const batches = lineBatches(staging, counts.counting(parts), {
      bytes: BATCH_BYTES,
      compression: 'gzip',
      lineOf: ({ key }, { number, row }) => JSON.stringify([numbers.get(key), number, row]),
    });
    for await (const batch of batches) {
      await bringRows(session, load, { to: texts, file: batch.rows });
      await bringLetters(session, load, { to: letters, file: batch.letters });
      load.progress?.(counts.lines());
    }
  };

  await bring(refusals.withoutLong(readFiles(load, [...files.values()])));
  const sent = new Map([...files.keys()].map((number, index) => [number, counts.all()[index]!]));
  const { table, taken, refused } = await parseLines(session, texts, sent);
  for (const { file, line } of refused) refusals.add(files.get(file)!, line, 'TRY_PARSE_JSON of Snowflake does not take it');
  await bring(refusals.parts());
  const counted = counts.all();
  return {
    records: { relation: `(SELECT "N", "LINE" FROM ${table} WHERE "LINE" IS NOT NULL)` },
    letters: counted.some(({ rejected }) => rejected > 0) ? letters : undefined,
    loaded: counted.map((file) => ({ ...file, rows: taken.get(numbers.get(file.key) ?? -1) ?? 0 })),
  };
}

interface Bringing {
  readonly to: Lines;
  readonly file: LineFile;
}

async function bringRows(session: Session, load: TableLoad, { to, file }: Bringing): Promise<void> {
  if (file.lines > 0) await byStage(session, load, { to, file, compression: 'gzip' });
}

async function bringLetters(session: Session, load: TableLoad, { to, file }: Bringing): Promise<void> {
  if (file.lines === 0) return;
  if (file.size <= BOUND_BYTES) await bindLines(session, to, linesOf(await readFile(file.path, 'utf8')));
  else await byStage(session, load, { to, file, compression: 'none' });
}

async function byStage(
  session: Session,
  load: TableLoad,
  { to, file, compression }: Bringing & { readonly compression: 'gzip' | 'none' },
): Promise<void> {
  load.signal?.throwIfAborted();
  const folder = newFolder(load.table.name);
  try {
    await putFile(session, file.path, folder);
    await copyLines(session, to, folder, compression);
  } finally {
    await removeFolder(session, folder).catch(() => {}); // the next load removes it
  }
}
