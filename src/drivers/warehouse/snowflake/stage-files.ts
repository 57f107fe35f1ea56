import type { LoadFile, TableLoad } from '../../../runtime/resource/warehouse.ts';
import { countFiles } from '../count-files.ts';
import { lineBatches } from '../line-batches.ts';
import type { Counted } from '../outcome.ts';
import { readFiles, type FilePart } from '../read-files.ts';
import type { Staging } from '../staging.ts';
import { bringByStage, bringFile, FILE_BYTES } from './bring-file.ts';
import { removeOrphans } from './folder.ts';
import { createLines, type Lines, type Records } from './lines.ts';
import { parseLines } from './parse-lines.ts';
import { createRefusals } from './refusals.ts';
import type { Session } from './session.ts';

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
  const { name: table } = load.table;
  await removeOrphans(session, table);
  const [texts, letters] = [await createLines(session), await createLines(session)];
  const numbers = new Map([...files].map(([number, { key }]) => [key, number]));
  const counts = countFiles([...files.values()]);
  const refusals = createRefusals(load);
  const bring = async (parts: AsyncIterable<FilePart>) => {
    const batches = lineBatches(staging, counts.counting(parts), {
      bytes: FILE_BYTES,
      compression: 'gzip',
      lineOf: ({ key }, { number, row }) => JSON.stringify([numbers.get(key), number, row]),
    });
    for await (const batch of batches) {
      load.signal?.throwIfAborted();
      if (batch.rows.lines > 0) await bringByStage(session, 'gzip', { table, to: texts, path: batch.rows.path });
      if (batch.letters.lines > 0) await bringFile(session, batch.letters.size, { table, to: letters, path: batch.letters.path });
      load.progress?.(counts.lines());
    }
  };

  await bring(refusals.withoutLong(readFiles(load, [...files.values()])));
  const sent = new Map([...files.keys()].map((number, index) => [number, counts.all()[index]!]));
  const { table: parsed, taken, refused } = await parseLines(session, texts, sent);
  for (const { file, line } of refused) refusals.add(files.get(file)!, line, 'TRY_PARSE_JSON of Snowflake does not take it');
  await bring(refusals.parts());
  const counted = counts.all();
  return {
    records: { relation: `(SELECT "N", "LINE" FROM ${parsed} WHERE "LINE" IS NOT NULL)` },
    letters: counted.some(({ rejected }) => rejected > 0) ? letters : undefined,
    loaded: counted.map((file) => ({ ...file, rows: taken.get(numbers.get(file.key) ?? -1) ?? 0 })),
  };
}
