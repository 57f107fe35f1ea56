import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';
import type { LoadObject, TableLoad } from '../../../runtime/resource/warehouse.ts';
import { readGood } from '../chain-object.ts';
import type { Staging } from '../staging.ts';
import { bundles, type Bundle } from './bundle.ts';
import { newFolder, removeFolder, removeOrphans } from './folder.ts';
import { copyLines, createLines, putFile, type Lines, type Records } from './lines.ts';
import { recordsIn, type Numbered } from './numbered.ts';
import type { Session } from './session.ts';
import { mayBeOfData } from './snowflake-error.ts';

/** Files of one COPY: as many as the smallest warehouse reads at once. */
const FILES_OF_COPY = 8;

/**
 * Brings the good records of the objects into a temporary table, each object behind its marker, by way of the stage: bundles of objects are put there under a folder of this
 * attempt, copied together and removed. Names the first object that cannot be read or holds another number of records than its metadata says.
 */
export async function stageObjects(session: Session, staging: Staging, load: TableLoad, objects: readonly Numbered[]): Promise<Records> {
  const lines = await createLines(session);
  await removeOrphans(session, load.table.name);
  const total = recordsIn(objects);
  let done = 0;
  let folder = newFolder(load.table.name);
  let put: Bundle[] = [];
  const copy = async () => {
    const [first] = put;
    if (first === undefined) return;
    await copyLines(session, lines, folder, first.compression);
    await removeFolder(session, folder).catch(() => {}); // the next load removes it
    done += recordsIn(put.flatMap((bundle) => bundle.objects));
    load.progress?.(done, total);
    put = [];
    folder = newFolder(load.table.name);
  };
  try {
    for await (const bundle of bundles(staging, load, objects)) {
      if (put.length === FILES_OF_COPY || (put[0] ?? bundle).compression !== bundle.compression) await copy();
      put.push(bundle);
      await putFile(session, bundle.path, folder);
    }
    await copy();
  } catch (error) {
    if (put.length > 0) await removeFolder(session, folder).catch(() => {});
    const copied = put.flatMap((bundle) => bundle.objects);
    throw (mayBeOfData(error) ? await unreadableOf(load, copied) : undefined) ?? error;
  }
  await assertCounts(session, load, objects, lines);
  return recordsOf(lines);
}

/** Each record is of the object whose marker is the last one before it. */
function recordsOf({ table }: Lines): Records {
  return {
    relation: `(
  SELECT "N", "LINE" FROM (
    SELECT "LINE", MAX(IFF(IS_ARRAY("LINE"), "LINE"[0]::NUMBER(16,0), NULL)) OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "N"
    FROM ${table}
  ) WHERE NOT IS_ARRAY("LINE")
)`,
  };
}

/** The records of an object stand between its marker and the next one of its file. */
async function assertCounts(session: Session, load: TableLoad, objects: readonly Numbered[], { table }: Lines): Promise<void> {
  if (objects.length === 0) return;
  const found = await session.select(
    `SELECT M."N" AS "N", COALESCE(M."FOLLOWING", F."LAST" + 1) - M."LINE_NUMBER" - 1 AS "FOUND"
FROM (
  SELECT "FILE", "LINE_NUMBER", "LINE"[0]::NUMBER(16,0) AS "N", LEAD("LINE_NUMBER") OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER") AS "FOLLOWING"
  FROM ${table} WHERE IS_ARRAY("LINE")
) M JOIN (SELECT "FILE", MAX("LINE_NUMBER") AS "LAST" FROM ${table} GROUP BY "FILE") F ON F."FILE" = M."FILE"`,
  );
  const counts = new Map(found.map((row) => [Number(row['n']), Number(row['found'])]));
  const wrong = objects.find(({ number, object }) => counts.get(number) !== object.rows);
  if (wrong !== undefined) throw await miscounted(load, wrong.object, counts.get(wrong.number) ?? 0);
}

/** The error for an object of which Snowflake read another number of good records than its metadata says. */
export async function miscounted({ lake }: TableLoad, object: LoadObject, found: number): Promise<SpindleError> {
  await readGood(lake, object); // says what is wrong with it
  return new SpindleError('LOAD_COUNT_MISMATCH', `Snowflake read ${found} of ${object.rows} records of the object ${object.key}`, {
    remedy: 'Nothing was loaded. Run the same command again.',
  });
}

/** What is wrong with the first object that Node cannot read either: an error of Snowflake names the bundle. */
export async function unreadableOf({ lake, signal }: TableLoad, objects: readonly Numbered[]): Promise<SpindleError | undefined> {
  if (signal?.aborted === true) return undefined;
  for (const { object } of objects) {
    try {
      await readGood(lake, object);
    } catch (error) {
      if (isSpindleError(error)) return error;
      throw error;
    }
  }
  return undefined;
}
