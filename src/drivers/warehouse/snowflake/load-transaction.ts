import { SpindleError } from '../../../runtime/errors.ts';
import type { Faults } from '../../../runtime/resource/faults.ts';
import type { TableLoad, WriteOutcome } from '../../../runtime/resource/warehouse.ts';
import { quoteLiteral, quoteTable } from '../../../runtime/schema/quote.ts';
import { loadedDigest, loadOutcome, sumOf, type LoadedParts } from '../outcome.ts';
import { emptyDigest } from '../version.ts';
import { addLoads, forgetLoads, writeState, type TableState } from './ledger.ts';
import { insertLetters } from './letters.ts';
import type { Lines, Records } from './lines.ts';
import { quoted, readLine } from './read-line.ts';
import { resolveLetters } from './resolve.ts';
import type { Session } from './session.ts';
import { TurnLost, type Work } from './work.ts';

/** How the table takes the rows: beside those that are there, in place of them, or in a table that takes this one's place. */
export interface Target {
  readonly how: 'beside' | 'anew' | 'successor';
  readonly name: string;
}

/** A load up to its transaction. */
export interface PreparedLoad extends LoadedParts {
  readonly target: Target;
  /** The temporary table of the objects, by their number. */
  readonly objects: string;
  /** A temporary table of those that were loaded before with another content. */
  readonly outdated: string | undefined;
  /** The good ones. */
  readonly records: Records;
  /** Of what was flagged or set aside. */
  readonly letters: readonly Lines[];
  /** Of the replays: the dead letters that their rows were. */
  readonly replayed: Lines | undefined;
}

/** The transaction of a load: rows, dead letters and the ledger's entries. */
export async function writeLoad(
  work: Work,
  faults: Faults,
  { load, prepared, state }: { readonly load: TableLoad; readonly prepared: PreparedLoad; readonly state: TableState },
): Promise<WriteOutcome> {
  const { table } = load;
  const { target, loaded } = prepared;
  const isAnew = target.how !== 'beside';
  if (isAnew || prepared.outdated !== undefined) await forgetLoads(work, load, isAnew ? undefined : prepared.outdated);
  if (target.how === 'anew') await work.change(`DELETE FROM ${quoteTable(table.name, 'snowflake')} WHERE ${work.holds}`);
  await insertRows(work, load, prepared);
  for (const letters of prepared.letters) await insertLetters(work, load.deadLetters, letters);
  // last: what a replay resolves may have come with the same load
  const resolved = await resolveLetters(work, load, prepared.replayed);
  faults('load.after-insert');

  const digest = loadedDigest(prepared, isAnew ? emptyDigest : state.digest, table.generation);
  await addLoads(work, load, { loaded, sequence: state.sequence });
  await writeState(work, table.name, {
    generation: table.generation,
    digest,
    successor: target.how === 'successor' ? target.name : undefined,
  });
  const touched = await countTouched(work.session, load, prepared.records);
  faults('load.before-commit');
  return loadOutcome(load, { loaded, resolved, digest, touched });
}

/** Each record with the key of its object. */
async function insertRows({ change, holds }: Work, load: TableLoad, { target, loaded, objects, records }: PreparedLoad): Promise<void> {
  const expected = sumOf(loaded, ({ rows }) => rows);
  if (expected === 0) return;
  const { columns } = load.table;
  const inserted = await change(
    `INSERT INTO ${quoteTable(target.name, 'snowflake')} (${[...columns.map(quoted), '"_OBJECT"', '"_LOADED_AT"'].join(', ')})
SELECT ${[...columns.map(readLine), 'O."OBJECT_KEY"', instant(load.loadedAt)].join(', ')}
FROM ${records.relation} R JOIN ${objects} O ON O."N" = R."N"
WHERE ${holds}`,
  );
  if (inserted === 0) throw new TurnLost();
  if (inserted === expected) return;
  throw new SpindleError(
    'LOAD_COUNT_MISMATCH',
    `${inserted} rows were inserted into ${load.table.name}, and the objects hold ${expected}`,
    {
      remedy: 'Nothing was loaded. Run the same command again.',
    },
  );
}

/** Rows of this load by slice. */
async function countTouched(session: Session, { table, touched }: TableLoad, { relation }: Records): Promise<ReadonlyMap<string, number>> {
  const column = table.columns.find(({ name }) => name === touched?.column);
  if (touched === undefined || column === undefined) return new Map();
  const rows = await session.select(
    `SELECT DATE_PART(EPOCH_SECOND, DATE_TRUNC('${touched.unit.toUpperCase()}', (${readLine(column)})::TIMESTAMP_NTZ)) AS "SLICE", COUNT(*) AS "N"
FROM ${relation} GROUP BY 1 ORDER BY 1`,
  );
  return new Map(
    rows.filter(({ slice }) => slice !== null).map(({ slice, n }) => [new Date(Number(slice) * 1000).toISOString(), Number(n)]),
  );
}

const instant = (text: string): string => `${quoteLiteral(text.replace(/Z$/, ''), 'snowflake')}::TIMESTAMP_NTZ(9)`;
