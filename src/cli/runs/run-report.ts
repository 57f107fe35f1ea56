import type { RunEvent } from '../../runtime/run/event.ts';
import { createTally } from '../../runtime/run/tally.ts';
import { RUN_COLUMNS, runLines } from '../run-lines.ts';
import { runProblems, runTotals } from '../run-problems.ts';
import type { Style } from '../style.ts';
import { table, type TableColumn } from '../table.ts';
import { lastAttempt } from './last-attempt.ts';
import { durationText, statusText } from './run-list.ts';
import { shownParts, type ShownPart } from './run-parts.ts';
import type { ListedRun } from './run-status.ts';

export interface RunReport {
  readonly json: unknown;
  text(style: Style): string;
}

/** One run from its events: what `materialize` said at its end, also of a run that never came to its end. */
export function reportRun(run: ListedRun, recorded: readonly RunEvent[]): RunReport {
  const events = lastAttempt(recorded);
  const tally = createTally();
  for (const event of events) tally.listen(event);
  // Each in the order in which the run came to it; what was only observed is nothing that the run did.
  const assets = new Set(events.flatMap((event) => ('asset' in event && event.type !== 'asset.observed' ? [event.asset] : [])));
  const lines = runLines([...assets], tally);
  const ended = new Set([...tally.materialized, ...tally.failed, ...tally.skipped].map(({ asset }) => asset));
  const unfinished = [
    ...new Set(events.flatMap((event) => (event.type === 'step.started' && !ended.has(event.asset) ? [event.asset] : []))),
  ];
  const { parts: _, ...head } = run;
  const parts = shownParts(run, recorded);
  return {
    json: { ...head, ...(run.parts !== undefined && { parts }), assets: lines, checks: tally.checks, failures: tally.failed, unfinished },
    text: (style) =>
      [
        runHead(run, style),
        ...(run.parts === undefined ? [] : [table(partColumns(style), Object.entries(parts), style.bold)]),
        ...(lines.length > 0 ? [table(RUN_COLUMNS, lines, style.bold)] : []),
        ...runProblems(tally, style),
        ...(unfinished.length > 0
          ? [`In work when it ${run.status === 'running' ? 'was last heard of' : 'ended'}: ${unfinished.join(', ')}`]
          : []),
        runTotals(lines, tally),
      ].join('\n\n'),
  };
}

type NamedPart = readonly [name: string, part: ShownPart];

const partColumns = (style: Style): readonly TableColumn<NamedPart>[] => [
  { title: 'task', text: ([name]) => name },
  { title: 'try', text: ([, part]) => (part.try === undefined ? '' : String(part.try)), align: 'right' },
  { title: 'status', text: ([, { status }]) => statusText(status, style) },
  { title: 'started', text: ([, { startedAt }]) => startedAt },
  { title: 'time', text: ([, part]) => durationText(part), align: 'right' },
  { title: 'materialized', text: ([, { materialized }]) => String(materialized), align: 'right' },
  { title: 'skipped', text: ([, { skipped }]) => String(skipped), align: 'right' },
  { title: 'failed', text: ([, { failed }]) => String(failed), align: 'right' },
];

function runHead(run: ListedRun, style: Style): string {
  const next = run.external === undefined ? 'run' : 'try';
  const died = run.status === 'died' ? `  (its process is no more; the next ${next} goes on from what it had done)` : '';
  const time = durationText(run);
  return [
    `run          ${style.bold(run.run)}`,
    `status       ${statusText(run.status, style)}${died}`,
    `started      ${run.startedAt}${time === '' ? '' : `, for ${time}`}`,
    `project      ${run.project}, environment ${run.environment}`,
    ...(run.external === undefined ? [`selection    ${run.selection}`] : [`airflow      DAG ${run.external.dag}, run ${run.external.run}`]),
    ...(run.tags === undefined ? [] : [`tags         ${run.tags.join(', ')}`]),
  ].join('\n');
}
