import { warehouse, type Warehouse } from '../runtime/resource/warehouse.ts';
import type { RunContext } from '../runtime/run/run-context.ts';
import type { RunOutcome } from '../runtime/run/run-selection.ts';
import type { Tally } from '../runtime/run/tally.ts';
import { formatCount } from './format.ts';
import { RUN_COLUMNS, runLines } from './run-lines.ts';
import { runProblems, runTotals } from './run-problems.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

export interface RunSummaryReport {
  readonly json: unknown;
  text(style: Style): string;
}

interface TableLine {
  readonly table: string;
  readonly rows: number;
}

const TABLE_COLUMNS = [
  { title: 'table', text: ({ table: name }: TableLine) => name },
  { title: 'rows', text: ({ rows }: TableLine) => formatCount(rows), align: 'right' },
] as const;

/** What a run did, for the end of it: a line for each asset, the tables with their rows, failures and checks. */
export async function summarize(run: RunContext, tally: Tally, status: RunOutcome): Promise<RunSummaryReport> {
  const partitioned = run.graph.assets.filter(({ run: work, partitions }) => work !== undefined && partitions !== undefined);
  const lines = runLines(
    run.graph.keys.filter((key) => run.selected.has(key)),
    tally,
    // A run that was stopped did not get to all of them.
    new Set(status === 'canceled' ? [] : partitioned.map(({ key }) => key)),
  );
  const tables = status === 'canceled' ? [] : await tableLines(run);
  return {
    json: { run: run.run, status, assets: lines, tables, checks: tally.checks, failures: tally.failed },
    text: (style) =>
      [
        table(RUN_COLUMNS, lines, style.bold),
        ...(tables.length > 0 ? [table(TABLE_COLUMNS, tables, style.bold)] : []),
        ...runProblems(tally, style),
        `run ${run.run} ${status === 'succeeded' ? style.green(status) : style.red(status)}: ${runTotals(lines, tally)}`,
      ].join('\n\n'),
  };
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
