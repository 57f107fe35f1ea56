import { SpindleError } from '../../runtime/errors.ts';
import { parseChainKey } from '../../runtime/landing/chain.ts';
import { readFlagged } from '../../runtime/landing/flagged.ts';
import { createJudge, type Verdict } from '../../runtime/landing/judge.ts';
import { placeName, findReplay } from '../../runtime/landing/replay-object.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import { quoteTable } from '../../runtime/schema/quote.ts';
import type { LetterReport } from './list.ts';
import { readLetters, type Letter } from './letter-query.ts';
import type { LetterSource } from './letter-sources.ts';
import type { OpenLetters } from './open-letters.ts';
import { printable } from './printable.ts';

export interface RecordName {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface Showing {
  readonly letters: readonly OpenLetters[];
  readonly lake: ObjectStore;
  readonly signal: AbortSignal;
}

/** More incarnations of one topic than anyone has. */
const MOST = 100;

interface ShownLetter extends Letter {
  readonly table: string;
  /** The asset that landed it; null where no asset of the project lands to its place. */
  readonly landing: string | null;
  /** The source of the file from elsewhere that it is a line of. */
  readonly files?: string;
  /** What the present schema and code say of it. */
  readonly now: { readonly passes: boolean; readonly reasons: readonly string[] } | null;
  /** The key of the replay that holds it, which the table has not loaded yet. */
  readonly replay: string | null;
}

/** USAGE where the word is not `topic/partition/offset`. */
export function parseRecordName(word: string | undefined): RecordName {
  const [, topic, partition, offset] = /^(.+)\/(\d+)\/(\d+)$/.exec(word ?? '') ?? [];
  if (topic !== undefined && Number.isSafeInteger(Number(offset))) return { topic, partition: Number(partition), offset: Number(offset) };
  throw new SpindleError('USAGE', word === undefined ? 'Which record?' : `"${word}" names no record.`, {
    field: 'record',
    remedy: 'Run: spindle dead-letters show <topic>/<partition>/<offset>. spindle dead-letters list --records shows what there is.',
  });
}

/** Everything that is known of one dead letter; of each incarnation of the topic, and in each table, that has one of this name. */
export async function showLetter(name: RecordName, { letters, lake, signal }: Showing): Promise<LetterReport> {
  const shown: ShownLetter[] = [];
  for (const { table, warehouse, sources } of letters)
    for (const letter of await readLetters({ table, warehouse, filter: name, signal }, MOST))
      shown.push({ ...letter, table, ...(await presentState(letter, sources, lake)) });
  if (shown.length === 0) throw await unknown(name, letters);
  return { json: shown, text: (style) => shown.map((letter) => letterText(letter, style.bold)).join('\n\n') };
}

async function presentState(
  letter: Letter,
  sources: readonly LetterSource[],
  lake: ObjectStore,
): Promise<Pick<ShownLetter, 'landing' | 'files' | 'now' | 'replay'>> {
  const source = sources.find(({ chains }) => letter.object.startsWith(chains));
  if (source?.kind === 'files') return { landing: null, files: source.asset, now: null, replay: null };
  const chain = parseChainKey(letter.object);
  if (source === undefined || chain === undefined) return { landing: null, now: null, replay: null };
  const flagged = (await readFlagged(lake, letter.object)).find(({ record }) => record.offset === letter.offset);
  const verdict: Verdict | undefined = flagged && createJudge(source.topic, source.schema)(flagged);
  return {
    landing: source.asset,
    now: verdict === undefined ? null : { passes: verdict.passes, reasons: verdict.passes ? [] : verdict.reasons },
    replay: (await findReplay(lake, chain, placeName(letter.partition, letter.offset))) ?? null,
  };
}

function letterText(letter: ShownLetter, bold: (text: string) => string): string {
  const { topic, partition, offset, table, object, recordedAt, loadedAt, reasons, raw, rawBase64 } = letter;
  const line = (title: string, text: string) => `${bold(title.padEnd(9))} ${text.replaceAll('\n', `\n${' '.repeat(10)}`)}`;
  return [
    line('record', `${topic}/${partition}/${offset}`),
    line('table', table),
    line('object', object),
    line('recorded', recordedAt),
    line('loaded', loadedAt),
    line('reasons', printable(reasons.join('\n'))),
    line('now', printable(presentText(letter))),
    ...(rawBase64 === null ? [] : [line('base64', rawBase64)]),
    ...(raw === null
      ? [line('raw', letter.files === undefined ? 'the record has no value' : 'the line is too long to be kept')]
      : [bold('raw'), printable(raw)]),
  ].join('\n');
}

function presentText({ landing, files, now, replay, table }: ShownLetter): string {
  if (files !== undefined)
    return `a line of a file of ${files}: put a corrected one in its place, and the next load replaces what it brought`;
  if (landing === null) return 'no asset of the project lands to where its object lies: it cannot be replayed';
  if (replay !== null) return `it lies in the replay ${replay}, which the table beside ${table} loads when it is materialized`;
  if (now === null) return 'its object does not hold it any more';
  return now.passes ? `it passes the schema of ${landing}: spindle dead-letters replay` : `it still fails:\n${now.reasons.join('\n')}`;
}

async function unknown(name: RecordName, letters: readonly OpenLetters[]): Promise<SpindleError> {
  const { topic, partition, offset } = name;
  const text = `${topic}/${partition}/${offset}`;
  for (const { warehouse, sources } of letters) {
    const existing = new Set((await warehouse.tables()).map((table) => table.name));
    const tables = sources.filter((source) => source.topic === topic).flatMap((source) => source.tables);
    for (const { table } of tables.filter((loaded) => loaded.keepsPlaces && existing.has(loaded.table))) {
      const [row] = await warehouse.query(
        `SELECT _object AS found_in FROM ${quoteTable(table, warehouse.dialect)} WHERE _topic = ? AND _partition = ? AND _offset = ? LIMIT 1`,
        [topic, partition, offset],
      );
      if (row === undefined) continue;
      return new SpindleError(
        'DEAD_LETTER_UNKNOWN',
        `${text} is no dead letter: it is a row of ${table}, loaded from ${String(row['found_in'])}.`,
        {
          remedy: `Look at it: spindle query "select * from ${table} where _partition = ${partition} and _offset = ${offset}"`,
        },
      );
    }
  }
  return new SpindleError('DEAD_LETTER_UNKNOWN', `No record ${text} is among the dead letters.`, {
    remedy: 'See what is: spindle dead-letters list --records',
  });
}
