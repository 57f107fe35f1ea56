import { execute } from './execute.ts';
import { observe } from './observe.ts';
import { stamp, type RunContext } from './run-context.ts';

export interface RunTitle {
  readonly project: string;
  readonly environment: string;
  /** As the person wrote it. */
  readonly selection: string;
  readonly job?: string | undefined;
}

export type RunOutcome = 'succeeded' | 'failed' | 'canceled';

/** A whole run: observes, executes, and records its beginning and end. Steps that fail are in the log, not thrown. */
export async function runSelection(
  run: RunContext,
  { project, environment, selection, job }: RunTitle,
  failed: () => boolean,
): Promise<RunOutcome> {
  const started = run.clock.now().getTime();
  const title = { project, environment, selection, ...(job !== undefined && { job }) };
  await run.emit({ type: 'run.started', ...stamp(run), ...title, seed: run.seed, steps: run.selected.size });
  const outcome = await attempt(run, failed);
  await run.emit({ type: 'run.finished', ...stamp(run), status: outcome.status, milliseconds: run.clock.now().getTime() - started });
  if ('error' in outcome) throw outcome.error;
  return outcome.status;
}

type Attempted = { readonly status: RunOutcome } | { readonly status: 'failed'; readonly error: unknown };

/** What is wrong with the run as a whole (a resource that does not open, say) ends it as failed before it is thrown. */
async function attempt(run: RunContext, failed: () => boolean): Promise<Attempted> {
  try {
    await observe(run);
    await execute(run);
  } catch (error) {
    return run.signal.aborted ? { status: 'canceled' } : { status: 'failed', error };
  }
  return { status: run.signal.aborted ? 'canceled' : failed() ? 'failed' : 'succeeded' };
}
