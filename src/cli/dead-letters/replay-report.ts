import type { Replayed } from '../../runtime/landing/replay.ts';
import { formatCount } from '../format.ts';
import type { Style } from '../style.ts';
import { table, type TableColumn } from '../table.ts';
import type { LetterSource } from './letter-sources.ts';
import type { LoadedReplays } from './load-replays.ts';
import { printable } from './printable.ts';

export interface SourceReplay {
  readonly source: LetterSource;
  readonly replayed: Replayed;
}

export interface ReplayEnd {
  readonly dryRun: boolean;
  /** The assets of the tables that have to be rebuilt, or were. */
  readonly outdated: ReadonlySet<string>;
  /** Absent where nothing was to be loaded. */
  readonly loaded?: LoadedReplays;
}

const COUNTS: readonly TableColumn<SourceReplay>[] = [
  { title: 'landing', text: ({ source }) => source.asset },
  { title: 'topic', text: ({ source }) => source.topic },
  { title: 'pass now', text: ({ replayed }) => formatCount(replayed.passing), align: 'right' },
  { title: 'in a replay', text: ({ replayed }) => formatCount(replayed.waiting), align: 'right' },
  { title: 'still fail', text: ({ replayed }) => formatCount(replayed.failing), align: 'right' },
];

interface ReasonLine {
  readonly landing: string;
  readonly reason: string;
  readonly records: number;
}

const REASONS: readonly TableColumn<ReasonLine>[] = [
  { title: 'landing', text: ({ landing }) => landing },
  { title: 'records', text: ({ records }) => formatCount(records), align: 'right' },
  { title: 'why they still fail', text: ({ reason }) => printable(reason) },
];

export function replayText(replays: readonly SourceReplay[], style: Style): string {
  const reasons = replays.flatMap(({ source, replayed }) => reasonsOf(replayed).map((line) => ({ landing: source.asset, ...line })));
  return [table(COUNTS, replays, style.bold), ...(reasons.length > 0 ? [table(REASONS, reasons, style.bold)] : [])].join('\n\n');
}

const reasonsOf = ({ reasons }: Replayed) =>
  [...reasons]
    .map(([reason, records]) => ({ reason, records }))
    .toSorted((a, b) => b.records - a.records || (a.reason < b.reason ? -1 : 1));

export function replayJson(replays: readonly SourceReplay[], { dryRun, outdated, loaded }: ReplayEnd): unknown {
  return {
    dryRun,
    landings: replays.map(({ source, replayed }) => ({
      asset: source.asset,
      topic: source.topic,
      passing: replayed.passing,
      waiting: replayed.waiting,
      failing: replayed.failing,
      reasons: reasonsOf(replayed),
      replays: replayed.replays,
    })),
    rebuild: [...outdated],
    ...(loaded !== undefined && { loaded: loaded.complete, tables: loaded.tables, runs: loaded.runs }),
  };
}

export function replayQuestion(replays: readonly SourceReplay[], outdated: ReadonlySet<string>): string {
  const { count, landings } = totalOf(replays);
  return `Replay ${letters(count)} of ${landings}${outdated.size === 0 ? '' : `, and rebuild ${changed(outdated)}`}?`;
}

/** What was done, or would be, in a sentence. */
export function describeReplay(replays: readonly SourceReplay[], { dryRun, outdated, loaded }: ReplayEnd): string {
  const { count, landings, failing } = totalOf(replays);
  const left =
    failing === 0
      ? ''
      : ` ${letters(failing)} still ${failing === 1 ? 'fails' : 'fail'} and ${failing === 1 ? 'stays' : 'stay'} as ${failing === 1 ? 'it is' : 'they are'}.`;
  if (count === 0) return `Nothing is to be replayed.${left}`;
  if (dryRun || loaded === undefined)
    return `${letters(count)} of ${landings} would be replayed${outdated.size === 0 ? '' : `. It takes a rebuild of ${changed(outdated)}`}.${left}`;
  const tables = loaded.tables.join(' and ');
  return loaded.complete
    ? `${letters(count)} of ${landings} ${count === 1 ? 'is a row' : 'are rows'} of ${tables} now.${left}`
    : `${letters(count)} of ${landings} ${count === 1 ? 'lies' : 'lie'} in replays, which ${tables} did not load. Put right what is said above, then run the same command again: nothing is replayed twice.`;
}

const letters = (count: number): string => `${formatCount(count)} ${count === 1 ? 'dead letter' : 'dead letters'}`;

const changed = (outdated: ReadonlySet<string>): string => `${[...outdated].join(' and ')}, whose code or schema changed`;

function totalOf(replays: readonly SourceReplay[]) {
  const sum = (of: (replayed: Replayed) => number) => replays.reduce((total, { replayed }) => total + of(replayed), 0);
  const concerned = replays.filter(({ replayed }) => replayed.passing + replayed.waiting > 0);
  return {
    count: sum(({ passing, waiting }) => passing + waiting),
    failing: sum(({ failing }) => failing),
    landings: concerned.map(({ source }) => source.asset).join(' and '),
  };
}
