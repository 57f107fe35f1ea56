import type { FiredEvent } from '../resource/run-store.ts';
import { transformer, type Transformer } from '../resource/transformer.ts';
import type { RunRequest } from './event.ts';
import { checkGiven } from './check-given.ts';
import { execute } from './execute.ts';
import { observe } from './observe.ts';
import { planOf } from './plan-of.ts';
import { stamp, type RunContext } from './run-context.ts';

export interface RunTitle {
  readonly project: string;
  readonly environment: string;
  /** As the person wrote it. */
  readonly selection: string;
  readonly job?: string | undefined;
  /** Names the process among all that may write to the run store. */
  readonly process?: string | undefined;
  readonly tags?: readonly string[];
  /** What starts the run again under its own id. */
  readonly request?: RunRequest | undefined;
  /** The conditions that the run answers. */
  readonly fired?: readonly Firing[];
}

/** A condition that fired: the event, but for the run that answers it. `at` is the instant at which it was evaluated. */
export type Firing = Omit<FiredEvent, 'type' | 'run'>;

export type RunOutcome = 'succeeded' | 'failed' | 'canceled';

/** A whole run: observes, executes, and records its beginning and end. Steps that fail are in the log, not thrown. */
export async function runSelection(run: RunContext, title: RunTitle, failed: () => boolean): Promise<RunOutcome> {
  const work = async () => {
    await observe(run);
    // A run that cannot even ask the stores answers nothing: what fired fires again.
    for (const firing of title.fired ?? []) await run.emit({ type: 'automation.fired', ...stamp(run), ...firing });
    warmUp(run);
    await checkGiven(run);
    await execute(run);
  };
  return recordRun(run, title, { work, failed });
}

export interface RunWork {
  work(): Promise<void>;
  /** Asked when the work is done. */
  failed(): boolean;
}

/** Does the work between the recorded beginning and end of a run. */
export async function recordRun(
  run: RunContext,
  { project, environment, selection, job, process, tags = [], request }: RunTitle,
  work: RunWork,
): Promise<RunOutcome> {
  const started = run.clock.elapsed();
  const title = {
    project,
    environment,
    selection,
    ...(job !== undefined && { job }),
    ...(process !== undefined && { process }),
    ...(tags.length > 0 && { tags }),
    ...(request !== undefined && { request }),
    ...(run.external !== undefined && { external: run.external }),
  };
  await run.emit({ type: 'run.started', ...stamp(run), ...title, seed: run.seed, steps: run.selected.size });
  const outcome = await attempt(run, work);
  try {
    await run.emit({
      type: 'run.finished',
      ...stamp(run),
      status: outcome.status,
      milliseconds: Math.round(run.clock.elapsed() - started),
    });
  } finally {
    await run.runStore?.release(run.holder);
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.status;
}

type Attempted = { readonly status: RunOutcome } | { readonly status: 'failed'; readonly error: unknown };

/** What is wrong with the run as a whole (a resource that does not open, say) ends it as failed before it is thrown. */
async function attempt(run: RunContext, { work, failed }: RunWork): Promise<Attempted> {
  try {
    await work();
  } catch (error) {
    return run.signal.aborted ? { status: 'canceled' } : { status: 'failed', error };
  }
  return { status: run.signal.aborted ? 'canceled' : failed() ? 'failed' : 'succeeded' };
}

/** Has the transformer start up while the steps before it run, if the plan has any models. What fails here fails again where it is used, and is told there. */
function warmUp(run: RunContext): void {
  if (![...run.selected].some((key) => run.graph.get(key).transform !== undefined)) return;
  const models = planOf(run).assets.some(({ asset, action }) => asset.transform !== undefined && action !== 'skip');
  if (!models) return;
  void run.resources.open(transformer.name).then(
    (opened) => (opened as Transformer).prepare?.(run.signal).catch(() => {}),
    () => {},
  );
}
