import { SpindleError } from '../../runtime/errors.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';
import type { RunEvent, RunRequest } from '../../runtime/run/event.ts';
import type { RunScope } from '../../runtime/run/run-context.ts';
import { lastAttempt } from './last-attempt.ts';
import { stepSet, type StepEvent, type StepSet } from './step-set.ts';

/** The partitions that a rerun has to do with, from what the first run recorded of itself. */
export async function rerunScope(store: RunStore, { rerun }: RunRequest, graph: Graph): Promise<RunScope> {
  if (rerun === undefined) return {};
  const events = await store.events({ run: rerun.run });
  if (events.length === 0)
    throw new SpindleError('RUN_UNKNOWN', `The log has forgotten run ${rerun.run}, whose steps were to be made again.`, {
      remedy: 'Start a new run of what is left: spindle materialize, or spindle backfill.',
    });
  const steps = await stepsOf(store, graph, rerun.failed === true ? failures(lastAttempt(events)) : attempts(events));
  return { includes: steps.partitions };
}

export async function stepsOf(store: RunStore, graph: Graph, events: readonly StepEvent[]): Promise<StepSet> {
  return stepSet(events, graph, (await store.state([])).dynamicKeys);
}

/** What the run tried or meant to do. */
const attempts = (events: readonly RunEvent[]) =>
  events.filter(
    (event): event is StepEvent =>
      event.type === 'step.started' || event.type === 'step.failed' || (event.type === 'step.skipped' && event.cause !== 'fresh'),
  );

/** What went wrong, and what was left because of it. */
export const failures = (events: readonly RunEvent[]) =>
  events.filter(
    (event): event is StepEvent =>
      event.type === 'step.failed' ||
      (event.type === 'check.finished' && !event.passed && (event.blocking || event.severity === 'error')) ||
      (event.type === 'step.skipped' && (event.cause === 'upstream-failed' || event.cause === 'check-failed')),
  );
