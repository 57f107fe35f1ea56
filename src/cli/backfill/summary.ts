import { selectionOf } from '../../runtime/graph/selection/selection-of.ts';
import type { RunContext } from '../../runtime/run/run-context.ts';
import type { RunOutcome } from '../../runtime/run/run-selection.ts';
import type { Tally } from '../../runtime/run/tally.ts';
import { formatCount, formatDuration } from '../format.ts';
import { runProblems } from '../run-problems.ts';
import type { RunSummaryReport } from '../run-summary.ts';
import { SHORT_ID } from '../runs/find-run.ts';
import { shellWord } from '../../runtime/shell-word.ts';
import { table, type TableColumn } from '../table.ts';

/** What a backfill did with the partitions of one asset. */
interface BackfillLine {
  readonly asset: string;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly milliseconds: number;
  readonly note: string;
}

const COLUMNS: readonly TableColumn<BackfillLine>[] = [
  { title: 'asset', text: ({ asset }) => asset },
  { title: 'done', text: ({ done }) => formatCount(done), align: 'right' },
  { title: 'failed', text: ({ failed }) => formatCount(failed), align: 'right' },
  { title: 'skipped', text: ({ skipped }) => formatCount(skipped), align: 'right' },
  {
    title: 'step time',
    text: ({ done, failed, milliseconds }) => (done + failed === 0 ? '' : formatDuration(milliseconds)),
    align: 'right',
  },
  { title: 'note', text: ({ note }) => note },
];
/** Failures of one asset that are shown; the others are counted. */
const SHOWN = 3;

/** A backfill at its end: partitions by asset, what went wrong, and the commands that go on. */
export function backfillSummary(run: RunContext, tally: Tally, status: RunOutcome): RunSummaryReport {
  const lines = run.graph.keys.filter((key) => run.selected.has(key)).map((key) => lineOf(run, key, tally));
  const sum = (of: (line: BackfillLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  const shown = { ...tally, failed: firstOfEach(tally.failed), checks: firstOfEach(tally.checks.filter(({ passed }) => !passed)) };
  const hidden = tally.failed.length - shown.failed.length;
  const done = sum((line) => line.done);
  const totals = `${formatCount(done)} ${done === 1 ? 'partition' : 'partitions'} done, ${formatCount(sum(({ failed }) => failed))} failed, ${formatCount(sum(({ skipped }) => skipped))} skipped`;
  const commands = status === 'succeeded' ? [] : goingOn(run, tally);
  return {
    json: { run: run.run, status, assets: lines, checks: tally.checks, failures: tally.failed, next: commands },
    text: (style) =>
      [
        table(COLUMNS, lines, style.bold),
        ...runProblems(shown, style),
        ...(hidden > 0 ? [`… and ${formatCount(hidden)} more: spindle runs logs ${run.run.slice(0, SHORT_ID)}`] : []),
        `run ${run.run} ${status === 'succeeded' ? style.green(status) : style.red(status)}: ${totals}`,
        ...(commands.length > 0 ? [`Go on with:\n${commands.map((command) => `  ${command}`).join('\n')}`] : []),
      ].join('\n\n'),
  };
}

function lineOf({ record }: RunContext, asset: string, { materialized, failed, skipped }: Tally): BackfillLine {
  const of = <T extends { readonly asset: string }>(events: readonly T[]) => events.filter((event) => event.asset === asset);
  const range = (partition: string | undefined) => (partition === undefined ? undefined : record.space(asset)?.range(partition));
  const count = (events: readonly { readonly partition?: string }[]) =>
    events.reduce((total, { partition }) => total + (range(partition)?.count() ?? 1), 0);
  const [done, wrong, left] = [of(materialized), of(failed), of(skipped)];
  const skips = left.filter(({ cause }) => cause !== 'fresh');
  return {
    asset,
    done: count(done),
    failed: count(wrong),
    skipped: count(skips),
    milliseconds: [...done, ...wrong].reduce((total, { milliseconds }) => total + milliseconds, 0),
    note: skips[0]?.reason ?? (done.length + wrong.length > 0 ? '' : (left[0]?.reason ?? 'nothing to do')),
  };
}

function firstOfEach<T extends { readonly asset: string }>(events: readonly T[]): readonly T[] {
  const counts = new Map<string, number>();
  return events.filter(({ asset }) => {
    const count = (counts.get(asset) ?? 0) + 1;
    counts.set(asset, count);
    return count <= SHOWN;
  });
}

/** What finishes the run; and, where partitions failed, what tries just those again. */
function goingOn(run: RunContext, { failed }: Tally): readonly string[] {
  const assets = [...new Set(failed.map(({ asset }) => asset))];
  return [
    `spindle runs resume ${run.run.slice(0, SHORT_ID)}`,
    ...(assets.length > 0 ? [`spindle backfill --select ${shellWord(selectionOf(assets))} --failed`] : []),
  ];
}
