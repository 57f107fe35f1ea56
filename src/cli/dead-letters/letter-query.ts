import type { DeadLetterPlace } from '../../runtime/landing/replay.ts';
import { reasonKind } from '../../runtime/landing/judge.ts';
import type { Warehouse, WarehouseRow } from '../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteTable } from '../../runtime/schema/quote.ts';

/** Which dead letters are meant; all of them without a field. */
export interface LetterFilter {
  readonly topic?: string | undefined;
  readonly partition?: number | undefined;
  readonly offset?: number | undefined;
  /** A part of one of the reasons, in any case. */
  readonly reason?: string | undefined;
  /** An ISO instant in UTC: of this time or later, by the record's own. */
  readonly since?: string | undefined;
  /** What the keys of their objects begin with: one of these. */
  readonly chains?: readonly string[] | undefined;
}

interface Condition {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** A table of dead letters, and which of them. */
export interface Letters {
  readonly warehouse: Warehouse;
  readonly table: string;
  readonly filter: LetterFilter;
  readonly signal: AbortSignal;
}

/** A dead letter as its table has it. */
export interface Letter extends DeadLetterPlace {
  readonly topic: string;
  readonly recordedAt: string;
  readonly loadedAt: string;
  readonly raw: string | null;
  readonly rawBase64: string | null;
  readonly reasons: readonly string[];
}

/** Dead letters with the same reasons. */
export interface LetterGroup {
  readonly topic: string;
  /** Without what they quote of single records. */
  readonly reasons: readonly string[];
  readonly records: number;
  readonly first: string;
  readonly last: string;
}

/** The words of these statements that not every dialect takes without quotes. */
function names({ dialect }: Warehouse) {
  const name = (word: string) => quoteIdentifier(word, dialect);
  return {
    partition: name('partition'),
    offset: name('offset'),
    object: name('object'),
    from: (table: string) => quoteTable(table, dialect),
  };
}

function conditionOf({ warehouse, filter }: Letters): Condition {
  const { topic, partition, offset, reason, since, chains } = filter;
  const word = names(warehouse);
  const terms: Condition[] = [];
  const add = (term: string, ...params: readonly unknown[]) => terms.push({ sql: term, params });
  if (topic !== undefined) add('topic = ?', topic);
  if (partition !== undefined) add(`${word.partition} = ?`, partition);
  if (offset !== undefined) add(`${word.offset} = ?`, offset);
  // as the text stands in the JSON of the reasons
  if (reason !== undefined) add('position(lower(?) in lower(CAST(reasons AS VARCHAR))) > 0', JSON.stringify(reason).slice(1, -1));
  if (since !== undefined) add('recorded_at >= CAST(? AS TIMESTAMP)', since.replace(/Z$/, ''));
  if (chains !== undefined) add(`(${chains.map(() => `position(? in ${word.object}) = 1`).join(' OR ') || 'FALSE'})`, ...chains);
  return { sql: terms.map((term) => term.sql).join(' AND ') || 'TRUE', params: terms.flatMap(({ params }) => params) };
}

/** One condition more than a table of millions of reasons: texts that are no JSON have a reason each. */
const REASONS = `CASE WHEN CAST(reasons AS VARCHAR) LIKE '["not JSON: %' THEN '["not JSON"]' ELSE CAST(reasons AS VARCHAR) END`;

export async function letterGroups(letters: Letters): Promise<readonly LetterGroup[]> {
  const { warehouse, table, signal } = letters;
  const { sql, params } = conditionOf(letters);
  const rows = await warehouse.query(
    `SELECT topic, ${REASONS} AS reason_list, count(*) AS records, min(recorded_at) AS first_at, max(recorded_at) AS last_at
     FROM ${names(warehouse).from(table)} WHERE ${sql} GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`,
    params,
    { signal },
  );
  return rows.map((row) => ({
    topic: String(row['topic']),
    reasons: (JSON.parse(String(row['reason_list'])) as readonly string[]).map(reasonKind),
    records: Number(row['records']),
    first: String(row['first_at']),
    last: String(row['last_at']),
  }));
}

export async function readLetters(letters: Letters, limit: number): Promise<readonly Letter[]> {
  const { warehouse, table, signal } = letters;
  const { sql, params } = conditionOf(letters);
  const { partition, offset, object, from } = names(warehouse);
  const rows = await warehouse.query(
    `SELECT topic, ${partition}, ${offset}, recorded_at, raw, raw_base64, CAST(reasons AS VARCHAR) AS reason_list, ${object}, loaded_at
     FROM ${from(table)} WHERE ${sql} ORDER BY topic, ${partition}, ${offset}, ${object} LIMIT ${limit}`,
    params,
    { signal },
  );
  return rows.map(letterOf);
}

function letterOf(row: WarehouseRow): Letter {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : null);
  return {
    topic: String(row['topic']),
    partition: Number(row['partition']),
    offset: Number(row['offset']),
    recordedAt: String(row['recorded_at']),
    loadedAt: String(row['loaded_at']),
    raw: text('raw'),
    rawBase64: text('raw_base64'),
    reasons: JSON.parse(String(row['reason_list'])) as readonly string[],
    object: String(row['object']),
  };
}

export async function countLetters(letters: Letters): Promise<number> {
  const { warehouse, table, signal } = letters;
  const { sql, params } = conditionOf(letters);
  const [row] = await warehouse.query(`SELECT count(*) AS n FROM ${names(warehouse).from(table)} WHERE ${sql}`, params, { signal });
  return Number(row?.['n']);
}

const PAGE = 10_000;

/** Where the dead letters are, in the order of their objects and offsets; read page by page. */
export async function* letterPlaces(letters: Letters): AsyncIterable<DeadLetterPlace> {
  const { warehouse, table, signal } = letters;
  const { sql, params } = conditionOf(letters);
  const { partition, offset, object, from } = names(warehouse);
  let after: DeadLetterPlace | undefined;
  for (;;) {
    const behind =
      after === undefined
        ? { sql: 'TRUE', params: [] }
        : { sql: `(${object} > ? OR (${object} = ? AND ${offset} > ?))`, params: [after.object, after.object, after.offset] };
    const rows = await warehouse.query(
      `SELECT DISTINCT ${object}, ${partition}, ${offset} FROM ${from(table)} WHERE ${sql} AND ${behind.sql} ORDER BY ${object}, ${offset} LIMIT ${PAGE}`,
      [...params, ...behind.params],
      { signal },
    );
    for (const row of rows)
      yield (after = { object: String(row['object']), partition: Number(row['partition']), offset: Number(row['offset']) });
    if (rows.length < PAGE) return;
  }
}
