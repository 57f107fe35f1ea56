import { formatCount } from '../format.ts';
import type { Style } from '../style.ts';
import { table, type TableColumn } from '../table.ts';
import { countLetters, letterGroups, readLetters, type Letter, type LetterFilter } from './letter-query.ts';
import type { OpenLetters } from './open-letters.ts';
import { printable } from './printable.ts';

export interface LetterReport {
  readonly json: unknown;
  text(style: Style): string;
}

export interface Listing {
  readonly letters: readonly OpenLetters[];
  readonly filter: LetterFilter;
  /** Only those of the landings, and not all that lie in their tables. */
  readonly ofSources: boolean;
  readonly limit: number | undefined;
  readonly signal: AbortSignal;
}

/** One reason of the dead letters of a topic: a letter with two of them counts for each. */
interface ReasonLine {
  readonly table: string;
  readonly topic: string;
  readonly reason: string;
  readonly records: number;
  readonly first: string;
  readonly last: string;
}

const REASON_COLUMNS: readonly TableColumn<ReasonLine>[] = [
  { title: 'table', text: (line) => line.table },
  { title: 'topic', text: ({ topic }) => topic },
  { title: 'records', text: ({ records }) => formatCount(records), align: 'right' },
  { title: 'first', text: ({ first }) => first },
  { title: 'last', text: ({ last }) => last },
  { title: 'reason', text: ({ reason }) => printable(reason) },
];

/** How many dead letters there are, by their reasons. */
export async function listReasons({ limit, ...listing }: Listing): Promise<LetterReport> {
  const lines: ReasonLine[] = [];
  let total = 0;
  for (const one of lettersOf(listing)) {
    const byReason = new Map<string, ReasonLine>();
    for (const { topic, reasons, records, first, last } of await letterGroups(one)) {
      total += records;
      for (const reason of new Set(reasons)) {
        const known = byReason.get(`${topic} ${reason}`) ?? { table: one.table, topic, reason, records: 0, first, last };
        byReason.set(`${topic} ${reason}`, {
          ...known,
          records: known.records + records,
          first: first < known.first ? first : known.first,
          last: last > known.last ? last : known.last,
        });
      }
    }
    lines.push(
      ...[...byReason.values()].toSorted((a, b) => compare(a.topic, b.topic) || b.records - a.records || compare(a.reason, b.reason)),
    );
  }
  const shown = limit === undefined ? lines : lines.slice(0, limit);
  return {
    json: { total, reasons: shown },
    text: (style) =>
      total === 0
        ? 'There are no dead letters.'
        : [
            table(REASON_COLUMNS, shown, style.bold),
            totalText(total, shown.length < lines.length ? `${formatCount(lines.length - shown.length)} more reasons` : ''),
          ].join('\n\n'),
  };
}

type LetterLine = Letter & { readonly table: string };

const LETTER_COLUMNS: readonly TableColumn<LetterLine>[] = [
  { title: 'record', text: ({ topic, partition, offset }) => `${topic}/${partition}/${offset}` },
  { title: 'table', text: (line) => line.table },
  { title: 'recorded', text: ({ recordedAt }) => recordedAt },
  { title: 'reasons', text: ({ reasons }) => printable(reasons.join('; ')) },
];
const SHOWN = 20;

/** The dead letters one by one. */
export async function listLetters({ limit = SHOWN, ...listing }: Listing): Promise<LetterReport> {
  const lines: LetterLine[] = [];
  let total = 0;
  for (const one of lettersOf(listing)) {
    total += await countLetters(one);
    if (lines.length < limit)
      lines.push(...(await readLetters(one, limit - lines.length)).map((letter) => ({ ...letter, table: one.table })));
  }
  return {
    json: { total, letters: lines },
    text: (style) =>
      total === 0
        ? 'There are no dead letters.'
        : [
            table(LETTER_COLUMNS, lines, style.bold),
            totalText(total, lines.length < total ? `the first ${formatCount(lines.length)} are shown` : ''),
          ].join('\n\n'),
  };
}

const lettersOf = ({ letters, filter, ofSources, signal }: Omit<Listing, 'limit'>) =>
  letters.map(({ table: name, warehouse, sources }) => ({
    table: name,
    warehouse,
    signal,
    filter: ofSources ? { ...filter, chains: sources.map(({ chains }) => chains) } : filter,
  }));

const totalText = (total: number, rest: string): string =>
  `${formatCount(total)} ${total === 1 ? 'dead letter' : 'dead letters'}${rest === '' ? '' : `; ${rest}`}`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
