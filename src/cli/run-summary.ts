import { warehouse, type Warehouse } from '../runtime/resource/warehouse.ts';
import type { RunContext } from '../runtime/run/run-context.ts';
import type { RunOutcome } from '../runtime/run/run-selection.ts';
import type { Tally } from '../runtime/run/tally.ts';
import { formatBytes, formatCount, formatDuration } from './format.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

export interface RunSummaryReport {
  readonly json: unknown;
  text(style: Style): string;
}

interface Line {
  readonly asset: string;
  readonly result: 'materialized' | 'fresh' | 'skipped' | 'failed';
  readonly partitions: number;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly milliseconds: number | null;
  readonly note: string;
}

interface TableLine {
  readonly table: string;
  readonly rows: number;
}

/** What a run did, for the end of it: a line for each asset, the tables with their rows, failures and checks. */
export async function summarize(run: RunContext, tally: Tally, status: RunOutcome): Promise<RunSummaryReport> {
  const lines = run.graph.keys.filter((key) => run.selected.has(key)).flatMap((key) => lineOf(key, tally));
  const tables = status === 'canceled' ? [] : await tableLines(run);
  const checks = { passed: tally.checks.filter(({ passed }) => passed).length, failed: tally.checks.filter(({ passed }) => !passed) };
  const json = { run: run.run, status, assets: lines, tables, checks: tally.checks, failures: tally.failed };
  const text = (style: Style): string => {
    const parts = [table(COLUMNS, lines, style.bold)];
    if (tables.length > 0) parts.push(table(TABLE_COLUMNS, tables, style.bold));
    for (const { asset, partition, error } of tally.failed) {
      parts.push(
        `${style.red(`error[${error.code}]`)} ${asset}${partition === undefined ? '' : ` [${partition}]`}: ${error.message}${error.remedy === undefined ? '' : `\n  → ${error.remedy}`}`,
      );
    }
    for (const { asset, partition, check, error, metadata } of checks.failed) {
      const detail = error?.message ?? (Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : '');
      parts.push(
        `${style.red('check failed')} ${asset}${partition === undefined ? '' : ` [${partition}]`}: ${check}${detail === '' ? '' : `: ${detail}`}`,
      );
    }
    const count = (result: Line['result']) => lines.filter((line) => line.result === result).length;
    const outcome = status === 'succeeded' ? style.green(status) : style.red(status);
    parts.push(
      `run ${run.run} ${outcome}: ${count('materialized')} materialized, ${count('fresh')} fresh, ${count('skipped')} skipped, ${count('failed')} failed; ${checks.passed} checks passed, ${checks.failed.length} failed`,
    );
    return parts.join('\n\n');
  };
  return { json, text };
}

const COLUMNS = [
  { title: 'asset', text: ({ asset }: Line) => asset },
  { title: 'result', text: ({ result, partitions }: Line) => (partitions > 1 ? `${result} (${partitions})` : result) },
  { title: 'rows', text: ({ rows }: Line) => (rows === null ? '' : formatCount(rows)), align: 'right' },
  { title: 'bytes', text: ({ bytes }: Line) => (bytes === null ? '' : formatBytes(bytes)), align: 'right' },
  { title: 'time', text: ({ milliseconds }: Line) => (milliseconds === null ? '' : formatDuration(milliseconds)), align: 'right' },
  { title: 'note', text: ({ note }: Line) => note },
] as const;

const TABLE_COLUMNS = [
  { title: 'table', text: ({ table: name }: TableLine) => name },
  { title: 'rows', text: ({ rows }: TableLine) => formatCount(rows), align: 'right' },
] as const;

function lineOf(asset: string, { materialized, skipped, failed, observed }: Tally): readonly Line[] {
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
  if (wrong.length > 0) return [{ asset, result: 'failed', partitions: wrong.length, ...amounts, note: wrong[0]?.error.message ?? '' }];
  if (done.length > 0)
    return [{ asset, result: 'materialized', partitions: done.length, ...amounts, note: noteOf(done.map(({ metadata }) => metadata)) }];
  const [first] = left;
  if (first === undefined) return [];
  return [{ asset, result: first.cause === 'fresh' ? 'fresh' : 'skipped', partitions: left.length, ...nothing, note: first.reason }];
}

/** Records set aside are told wherever there are any. */
function noteOf(metadata: readonly Readonly<Record<string, unknown>>[]): string {
  const rejected = metadata.reduce((total, { rejected: count }) => total + (typeof count === 'number' ? count : 0), 0);
  return rejected > 0 ? `${formatCount(rejected)} set aside` : '';
}

async function tableLines(run: RunContext): Promise<readonly TableLine[]> {
  const names = run.graph.assets.flatMap(({ key, store }) =>
    run.selected.has(key) && store?.kind === 'table' ? (store.spec.location ?? []) : [],
  );
  if (names.length === 0) return [];
  const client = (await run.resources.open(warehouse.name)) as Warehouse;
  const existing = new Set((await client.tables()).map(({ name }) => name));
  const lines: TableLine[] = [];
  for (const name of names) if (existing.has(name)) lines.push({ table: name, rows: await client.count(name) });
  return lines;
}
