import type { RunPart, RunStatus, RunSummary } from '../resource/run-store.ts';
import type { RunEvent } from './event.ts';

type Started = Extract<RunEvent, { type: 'run.started' }>;

/**
 * The run's summary after the event; a run (or a part) that starts again under its old name goes on. Undefined while the run has not started. What a part
 * tells that has not started is not counted.
 */
export function foldRun(summary: RunSummary | undefined, event: RunEvent): RunSummary | undefined {
  const { part } = event;
  if (event.type === 'run.started') return part === undefined ? startedRun(summary, event) : startedPart(summary, event, part);
  if (summary === undefined) return undefined;
  if (part === undefined) return { ...summary, ...counted(summary, event) };
  const before = summary.parts?.[part];
  return before === undefined ? summary : withPart(summary, part, { ...before, ...counted(before, event) });
}

/** What the event changes of a run or a part. */
function counted({ materialized, skipped, failed }: RunPart, event: RunEvent): Partial<RunPart> {
  switch (event.type) {
    case 'run.finished':
      return { status: event.status, finishedAt: event.at };
    case 'asset.materialized':
      return { materialized: materialized + 1 };
    case 'step.skipped':
      return { skipped: skipped + 1 };
    case 'step.failed':
      return { failed: failed + 1 };
    case 'run.started':
    case 'step.started':
    case 'step.waiting':
    case 'step.retried':
    case 'asset.observed':
    case 'check.finished':
    case 'log':
    case 'partitions.added':
    case 'partitions.removed':
    case 'automation.fired':
      return {};
  }
}

function startedRun(summary: RunSummary | undefined, event: Started): RunSummary {
  const { run, project, environment, selection, at, tags = summary?.tags } = event;
  const { startedAt = at, materialized = 0 } = summary ?? {};
  return {
    run,
    status: 'running',
    project,
    environment,
    selection,
    startedAt,
    materialized,
    // What was not done is tried again.
    skipped: 0,
    failed: 0,
    ...(tags !== undefined && tags.length > 0 && { tags }),
  };
}

/** What a part did not do when it was last started is tried again; the other parts stay as they are. */
function startedPart(summary: RunSummary | undefined, event: Started, part: string): RunSummary {
  const { parts = {}, skipped = 0, failed = 0 } = summary ?? {};
  const { external = summary?.external } = event;
  const going = {
    ...startedRun(summary, event),
    skipped,
    failed,
    parts,
    ...(external !== undefined && { external: { system: external.system, dag: external.dag, run: external.run } }),
  };
  const { materialized } = parts[part] ?? { materialized: 0 };
  return withPart(going, part, { status: 'running', materialized, skipped: 0, failed: 0 });
}

const NOTHING = { status: undefined, materialized: 0, skipped: 0, failed: 0 } as const;

function withPart(summary: RunSummary, name: string, part: RunPart): RunSummary {
  const before = summary.parts?.[name] ?? NOTHING;
  const parts = { ...summary.parts, [name]: part };
  return {
    ...summary,
    ...(part.status !== before.status && statusOf(Object.values(parts))),
    materialized: summary.materialized + part.materialized - before.materialized,
    skipped: summary.skipped + part.skipped - before.skipped,
    failed: summary.failed + part.failed - before.failed,
    parts,
  };
}

/** From the worst to the best. */
const PRECEDENCE = ['running', 'failed', 'canceled', 'succeeded'] as const satisfies readonly RunStatus[];

/** Of a run, from its parts. */
function statusOf(parts: readonly RunPart[]): Pick<RunSummary, 'status' | 'finishedAt'> {
  const status = PRECEDENCE.find((known) => parts.some((part) => part.status === known)) ?? 'running';
  if (status === 'running') return { status };
  const finishedAt = parts.reduce((latest, { finishedAt: at = '' }) => (at > latest ? at : latest), '');
  return { status, finishedAt };
}
