import type { Tally } from '../runtime/run/tally.ts';
import { formatBytes, formatCount, formatDuration } from './format.ts';
import type { TableColumn } from './table.ts';

/** What a run did with one asset. */
export interface RunLine {
  readonly asset: string;
  readonly result: 'materialized' | 'fresh' | 'skipped' | 'failed' | 'nothing to do';
  readonly partitions: number;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly milliseconds: number | null;
  readonly note: string;
}

export const RUN_COLUMNS: readonly TableColumn<RunLine>[] = [
  { title: 'asset', text: ({ asset }) => asset },
  { title: 'result', text: ({ result, partitions }) => (partitions > 1 ? `${result} (${partitions})` : result) },
  { title: 'rows', text: ({ rows }) => (rows === null ? '' : formatCount(rows)), align: 'right' },
  { title: 'bytes', text: ({ bytes }) => (bytes === null ? '' : formatBytes(bytes)), align: 'right' },
  { title: 'time', text: ({ milliseconds }) => (milliseconds === null ? '' : formatDuration(milliseconds)), align: 'right' },
  { title: 'note', text: ({ note }) => note },
];

/** A line for each of the assets that the run had to do with, in their order; of those without events only the partitioned ones were to do anything. */
export function runLines(assets: readonly string[], tally: Tally, partitioned: ReadonlySet<string> = new Set()): readonly RunLine[] {
  return assets.flatMap((asset) => lineOf(asset, tally) ?? (partitioned.has(asset) ? emptyLine(asset) : []));
}

const emptyLine = (asset: string): RunLine => ({
  asset,
  result: 'nothing to do',
  partitions: 0,
  rows: null,
  bytes: null,
  milliseconds: null,
  note: 'no partition has data',
});

function lineOf(asset: string, { materialized, skipped, failed, observed }: Tally): RunLine | undefined {
  const of = <T extends { readonly asset: string }>(events: readonly T[]) => events.filter((event) => event.asset === asset);
  const done = of(materialized);
  const left = of(skipped);
  const wrong = of(failed);
  const sum = (values: readonly (number | undefined)[]) =>
    values.every((value) => value === undefined) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const counted = of(observed).findLast(({ rows }) => rows !== undefined)?.rows;
  const amounts = {
    rows: counted ?? sum(done.map(({ rows }) => rows)),
    bytes: sum(done.map(({ bytes }) => bytes)),
    milliseconds: sum(done.map(({ milliseconds }) => milliseconds)),
  };
  const nothing = { rows: null, bytes: null, milliseconds: null };
  if (wrong.length > 0) return { asset, result: 'failed', partitions: wrong.length, ...amounts, note: wrong[0]?.error.message ?? '' };
  if (done.length > 0)
    return { asset, result: 'materialized', partitions: done.length, ...amounts, note: noteOf(done.map(({ metadata }) => metadata)) };
  const [first] = left;
  if (first === undefined) return undefined;
  return { asset, result: first.cause === 'fresh' ? 'fresh' : 'skipped', partitions: left.length, ...nothing, note: first.reason };
}

/** Records set aside, and those that were and are rows now, are told wherever there are any. */
function noteOf(metadata: readonly Readonly<Record<string, unknown>>[]): string {
  const sum = (name: string) => metadata.reduce((total, { [name]: count }) => total + (typeof count === 'number' ? count : 0), 0);
  const told = [
    { count: sum('rejected'), text: 'set aside' },
    { count: sum('resolved'), text: 'replayed' },
  ];
  return told.flatMap(({ count, text }) => (count > 0 ? [`${formatCount(count)} ${text}`] : [])).join(', ');
}
