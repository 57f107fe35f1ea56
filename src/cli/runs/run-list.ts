import type { RunSummary } from '../../runtime/resource/run-store.ts';
import { formatDuration } from '../format.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import { SHORT_ID } from './find-run.ts';
import type { ListedRun, ShownStatus } from './run-status.ts';

/** Runs as a table, newest first. */
export function runListText(runs: readonly ListedRun[], style: Style): string {
  if (runs.length === 0) return 'There is no run yet.';
  const columns = [
    { title: 'run', text: ({ run }: ListedRun) => run.slice(0, SHORT_ID) },
    { title: 'status', text: ({ status }: ListedRun) => statusText(status, style) },
    { title: 'started', text: ({ startedAt }: ListedRun) => startedAt },
    { title: 'time', text: durationText, align: 'right' },
    { title: 'materialized', text: ({ materialized }: ListedRun) => String(materialized), align: 'right' },
    { title: 'skipped', text: ({ skipped }: ListedRun) => String(skipped), align: 'right' },
    { title: 'failed', text: ({ failed }: ListedRun) => String(failed), align: 'right' },
    {
      title: 'selection',
      text: ({ selection, parts }: ListedRun) => (parts === undefined ? selection : taskCount(Object.keys(parts).length)),
    },
    ...(runs.some(({ external }) => external !== undefined)
      ? [{ title: 'airflow', text: ({ external }: ListedRun) => (external === undefined ? '' : `${external.dag} ${external.run}`) }]
      : []),
    ...(runs.some(({ tags }) => tags !== undefined)
      ? [{ title: 'tags', text: ({ tags = [] }: ListedRun) => tags.map(shortTag).join(', ') }]
      : []),
  ] as const;
  return table(columns, runs, style.bold);
}

const taskCount = (count: number): string => `${count} ${count === 1 ? 'task' : 'tasks'}`;

/** Of a tag that names a run, as much of the id as the list shows. */
export function shortTag(tag: string): string {
  return tag.replace(/^(rerun-of=\w{8})[\w-]{28}$/, '$1');
}

export function durationText({ startedAt, finishedAt }: Pick<RunSummary, 'startedAt' | 'finishedAt'>): string {
  return finishedAt === undefined ? '' : formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
}

export function statusText(status: ShownStatus, style: Style): string {
  switch (status) {
    case 'succeeded':
      return style.green(status);
    case 'failed':
    case 'died':
      return style.red(status);
    case 'running':
    case 'canceled':
      return style.yellow(status);
  }
}
