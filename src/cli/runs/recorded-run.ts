import { SpindleError } from '../../runtime/errors.ts';
import type { RunStore, RunSummary } from '../../runtime/resource/run-store.ts';
import type { RunEvent, RunRequest } from '../../runtime/run/event.ts';
import { MASK } from '../redact.ts';
import { findRun, SHORT_ID } from './find-run.ts';
import { shownStatus, type ShownStatus } from './run-status.ts';

type Started = Extract<RunEvent, { type: 'run.started' }>;

/** A run that can be started again. */
export interface RecordedRun {
  readonly run: string;
  readonly status: ShownStatus;
  readonly started: Started;
  readonly request: RunRequest;
  readonly events: readonly RunEvent[];
}

/** The run whose id begins so, with all that was recorded of it; USAGE where that does not say how it was asked for, another system runs it, or it still runs. */
export async function recordedRun(store: RunStore, prefix: string): Promise<RecordedRun> {
  const summary = await findRun(store, prefix);
  const { run, external } = summary;
  if (external !== undefined)
    throw new SpindleError('USAGE', `Run ${run.slice(0, SHORT_ID)} is one of Airflow: ${external.run} of the DAG ${external.dag}.`, {
      remedy: 'Clear its tasks in Airflow: they go on from what is recorded.',
    });
  const status = await shownStatus(store, summary);
  const events = await store.events({ run });
  const started = events.findLast((event) => event.type === 'run.started');
  const id = run.slice(0, SHORT_ID);
  if (status === 'running') {
    throw new SpindleError(
      'USAGE',
      `Run ${id} is still running${started?.process === undefined ? '' : `, in process ${processOf(started)}`}.`,
      {
        remedy: `Wait for its end, or stop it with Ctrl-C where it runs. Look at it with: spindle runs show ${id}`,
      },
    );
  }
  if (started?.request === undefined) {
    throw new SpindleError(
      'USAGE',
      `Run ${id} did not record how it was asked for: it was no materialization, or one of an older version.`,
      {
        remedy: 'Run its command again.',
      },
    );
  }
  if (JSON.stringify(started.request.config ?? {}).includes(MASK)) {
    throw new SpindleError('USAGE', `Run ${id} was given a secret as a config value, which was not recorded.`, {
      field: '--config',
      remedy: 'Run its command again, and let a variable of a provider hold the secret.',
    });
  }
  return { run, status, started, request: started.request, events };
}

/** The newest run that failed, was canceled or died, of those that can be started again. */
export async function newestStopped(store: RunStore): Promise<RunSummary> {
  for (const summary of await store.runs()) {
    if (summary.status === 'succeeded' || summary.external !== undefined) continue;
    if (summary.status === 'running' && (await shownStatus(store, summary)) === 'running') continue;
    const started = await store.events({ run: summary.run, types: ['run.started'], limit: 1 });
    if (started.some((event) => event.type === 'run.started' && event.request !== undefined)) return summary;
  }
  throw new SpindleError('RUN_UNKNOWN', 'No run that can be started again failed, was canceled or died: nothing is to be resumed.', {
    remedy: 'Run `spindle runs` to see the runs, or `spindle materialize` to start one.',
  });
}

/** The data of a run are those of its environment, which may share the run store with others. */
export function requireEnvironment({ run, started }: RecordedRun, environment: string): void {
  if (started.environment === environment) return;
  const message = `Run ${run.slice(0, SHORT_ID)} was one of the environment "${started.environment}", and not of "${environment}".`;
  throw new SpindleError('USAGE', message, { field: '--env', remedy: `Add --env ${started.environment}.` });
}

const processOf = ({ process = '' }: Started): string => process.split('+', 1)[0] ?? '';
