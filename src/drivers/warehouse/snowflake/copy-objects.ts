import type { LoadObject, TableLoad } from '../../../runtime/resource/warehouse.ts';
import { stagePlace, type ExternalStage } from './external-stage.ts';
import { removeOrphans } from './folder.ts';
import { copyLines, createLines, type Lines, type Records } from './lines.ts';
import { groupsOf, recordsIn, type Numbered } from './numbered.ts';
import type { Session } from './session.ts';
import { mayBeOfData } from './snowflake-error.ts';
import { isStageFailure, unseen } from './stage-failure.ts';
import { miscounted, unreadableOf } from './stage-objects.ts';

/** So many names FILES takes at most; and a statement, of which they are nearly all, a megabyte. */
const MOST_FILES = 1_000;
const MOST_BYTES = 1 << 19;

/** A flagged record is a line `{"_rejected": {…}}` behind the good ones of its object: those pass through Node. */
const IS_GOOD = `NOT COALESCE(IS_OBJECT("LINE"['_rejected']), FALSE)`;

/** The objects of a load, and the temporary table that tells the number of each key. */
export interface Listed {
  readonly objects: readonly Numbered[];
  readonly table: string;
}

/**
 * Has Snowflake read the objects from an external stage into a temporary table: no good record comes here. With the same promise as {@link stageObjects}: the first object that
 * cannot be read, or holds another number of records than its metadata says, is named. CONFIG_INVALID where the stage does not lead to them.
 */
export async function copyObjects(session: Session, stage: ExternalStage, load: TableLoad, { objects, table }: Listed): Promise<Records> {
  const lines = await createLines(session);
  await removeOrphans(session, load.table.name); // what loads by the internal stage left there
  const total = recordsIn(objects);
  let done = recordsIn(objects.filter(isEmpty));
  const limits = { most: MOST_FILES, bytes: MOST_BYTES, bytesOf: ({ key }: LoadObject) => key.length };
  const filled = objects.filter((numbered) => !isEmpty(numbered));
  for (const { compression, objects: group } of groupsOf(filled, limits)) {
    try {
      await copyLines(session, lines, { location: stagePlace(stage), files: group.map(({ object }) => object.key) }, compression);
    } catch (error) {
      throw await explained(load, stage, group, error);
    }
    done += recordsIn(group);
    load.progress?.(done, total);
  }
  const start = (await rootOf(session, load, objects, lines)).length + 1;
  return {
    relation: `(
  SELECT O."N" AS "N", L."LINE" AS "LINE" FROM ${lines.table} L
  JOIN (SELECT "OBJECT_KEY", MAX("N") AS "N" FROM ${table} GROUP BY "OBJECT_KEY") O ON O."OBJECT_KEY" = SUBSTR(L."FILE", ${start})
  WHERE ${IS_GOOD.replace('"LINE"', 'L."LINE"')}
)`,
  };
}

/** Without a good record, Snowflake has nothing to read. */
const isEmpty = ({ object }: Numbered): boolean => object.rejectedFrom === 0;

/**
 * Counts the good records of each object; gives what stands before its key in the name of its file. Snowflake's documentation says that the name is the full path, and not
 * from where: so it is whatever lets each object have its records.
 */
async function rootOf(session: Session, load: TableLoad, objects: readonly Numbered[], { table }: Lines): Promise<string> {
  if (objects.length === 0) return '';
  const found = await session.select(`SELECT "FILE", COUNT(*) AS "FOUND" FROM ${table} WHERE ${IS_GOOD} GROUP BY "FILE"`);
  const counts = new Map(found.map((row) => [String(row['file']), Number(row['found'])]));
  let wrong: { readonly object: LoadObject; readonly found: number } | undefined;
  for (const root of rootsOf([...counts.keys()][0] ?? '', new Set(objects.map(({ object }) => object.key)))) {
    const foundOf = ({ key }: LoadObject) => counts.get(root + key) ?? 0;
    const other = objects.find(({ object }) => foundOf(object) !== object.rows);
    if (other === undefined) return root;
    wrong ??= { object: other.object, found: foundOf(other.object) };
  }
  if (wrong !== undefined) throw await miscounted(load, wrong.object, wrong.found);
  return '';
}

/** What may stand before a key in the name of a file: one key may be the end of another. */
function rootsOf(file: string, keys: ReadonlySet<string>): readonly string[] {
  const starts = [0, ...[...file.matchAll(/\//g)].map(({ index }) => index + 1)];
  const roots = starts.filter((start) => keys.has(file.slice(start))).map((start) => file.slice(0, start));
  return roots.length === 0 ? [''] : roots;
}

/** What to throw for an error of a COPY: what is wrong with an object, or with the stage. The object that Snowflake names is looked at first. */
async function explained(load: TableLoad, stage: ExternalStage, group: readonly Numbered[], error: unknown): Promise<unknown> {
  if (!mayBeOfData(error)) return error;
  const named = namedIn(error, group);
  const isOfStage = isStageFailure(error);
  const [suspect] = [named, group[0]].filter((numbered) => numbered !== undefined);
  const suspects = suspect !== undefined && (named !== undefined || isOfStage) ? [suspect] : group;
  const unreadable = await unreadableOf(load, suspects);
  if (unreadable !== undefined) return unreadable;
  return isOfStage && suspect !== undefined ? unseen(stage, `the object ${suspect.object.key} of the lake`, error) : error;
}

/** The object whose file an error of Snowflake's names, in quotes and by a path that ends in its key. */
function namedIn(error: unknown, group: readonly Numbered[]): Numbered | undefined {
  const names = error instanceof Error ? [...error.message.matchAll(/'([^'\n]+)'/g)].map(([, name = '']) => name) : [];
  const named = group.filter(({ object: { key } }) => names.some((name) => name === key || name.endsWith(`/${key}`)));
  return named.toSorted((a, b) => b.object.key.length - a.object.key.length)[0];
}
