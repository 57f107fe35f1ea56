import { decide } from '../../runtime/automation/decide.ts';
import { createFactsSource } from '../../runtime/automation/facts.ts';
import { freshnessOf, freshnessText } from '../../runtime/automation/freshness.ts';
import { groupFirings, type FiringGroup } from '../../runtime/automation/groups.ts';
import type { Evaluation } from '../../runtime/automation/loop.ts';
import { nextTickOf } from '../../runtime/automation/next-tick.ts';
import { observe } from '../../runtime/run/observe.ts';
import type { RunContext, RunScope } from '../../runtime/run/run-context.ts';
import { runSelection, type RunOutcome } from '../../runtime/run/run-selection.ts';
import { createTally } from '../../runtime/run/tally.ts';
import type { Pipeline } from '../pipeline.ts';
import { requireRunStore } from '../require-run-store.ts';
import { titleOf } from '../run-title.ts';
import { answeredFirings } from './answered-firings.ts';
import type { Backoff } from './backoff.ts';
import type { DaemonReport } from './report.ts';
import { scopeOf, type DaemonScope } from './scope.ts';

export interface EvaluateOptions {
  readonly job?: string | undefined;
  readonly select?: string | undefined;
  readonly signal: AbortSignal;
  readonly report: DaemonReport;
  readonly memory: DaemonMemory;
}

/** What a daemon knows beside the run store. */
export interface DaemonMemory {
  /** The freshness warnings that were given: each is given once. */
  readonly warned: Set<string>;
  readonly backoff: Backoff;
}

export interface Evaluated extends Evaluation {
  /** True where a run failed, or could not be. */
  readonly failed: boolean;
}

/**
 * Observes, asks the conditions, and starts a run for each group of what fires, one after the other. A group whose run cannot be keeps no other
 * from its own; where the stores cannot be asked, the conditions that need not ask them are followed all the same.
 */
export async function evaluateOnce(pipeline: Pipeline, options: EvaluateOptions): Promise<Evaluated> {
  const { signal, report, memory } = options;
  const { graph } = pipeline.session;
  const scope = scopeOf(graph, options);
  const store = await requireRunStore(pipeline);
  const run = await pipeline.start({ keys: scope.observed });
  const observed = await tryObserve(run, options);
  const follows = (subject: string) => scope.follows(subject) && (observed || !scope.asks(subject));
  const decisions = decide(createFactsSource(run, await answeredFirings(store)), { follows });
  const groups = groupFirings(graph, decisions);
  warnOverdue(run, { scope, made: new Set(groups.flatMap(({ keys }) => keys)) }, options);
  const fired: string[] = [];
  let failed = !observed;
  for (const group of groups) {
    const subjects = group.decisions.map(({ subject }) => subject);
    const name = subjects.join(' ');
    if (signal.aborted) break;
    if (memory.backoff.waits(name)) continue;
    try {
      const outcome = await answer(pipeline, group, { at: run.now, report });
      failed ||= outcome === 'failed';
      memory.backoff.worked(name);
      fired.push(...subjects);
    } catch (error) {
      if (signal.aborted) break;
      failed = true;
      report.failed(error, memory.backoff.failed(name));
    }
  }
  const now = run.clock.now();
  const again = observed ? Infinity : now.getTime() + memory.backoff.left(OBSERVING);
  const tick = nextTickOf(graph, now, scope.follows);
  return { fired, failed, nextTick: again < (tick?.getTime() ?? Infinity) ? new Date(again) : tick };
}

/** What observing is called among what may have to wait. */
const OBSERVING = '@observe';

/** False where a store cannot be asked, which is told and tried again later. */
async function tryObserve(run: RunContext, { signal, report, memory: { backoff } }: EvaluateOptions): Promise<boolean> {
  if (backoff.waits(OBSERVING)) return false;
  try {
    await observe(run);
    backoff.worked(OBSERVING);
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    report.failed(error, backoff.failed(OBSERVING));
    return false;
  }
}

/** The run of a group. What is wrong with the run as a whole is thrown; what fails within it is reported. */
async function answer(
  pipeline: Pipeline,
  group: FiringGroup,
  { at, report }: { readonly at: Date; readonly report: DaemonReport },
): Promise<RunOutcome> {
  const { keys, job, tags, decisions } = group;
  const tally = createTally();
  const request = pipeline.request(keys);
  const run = await pipeline.start({ request, scope: runScope(group, at), listen: tally.listen });
  const { graph } = pipeline.session;
  const selection = job === undefined ? keys.join(' ') : graph.job(job).select;
  for (const decision of decisions) report.fired(decision, run.run);
  const fired = decisions.map(({ subject, why, causes, seen }) => ({ at: at.toISOString(), subject, why, causes, seen }));
  const status = await runSelection(run, { ...titleOf(pipeline), selection, job, tags, request, fired }, tally.hasFailed);
  report.finished({ run: run.run, status, keys, tally });
  return status;
}

function runScope({ partitions, asked }: FiringGroup, at: Date): RunScope {
  return {
    includes: (asset) => partitions[asset],
    // What another run made since the conditions were asked is not made again.
    asked: ({ asset, partition }, materializedAt) =>
      partition === undefined && Date.parse(materializedAt) <= at.getTime() ? asked[asset] : undefined,
  };
}

/** Once for each time that an asset becomes overdue, and not for what is about to be made. */
function warnOverdue(
  { graph, record, now }: RunContext,
  { scope, made }: { readonly scope: DaemonScope; readonly made: ReadonlySet<string> },
  { report, memory: { warned } }: EvaluateOptions,
): void {
  for (const asset of graph.assets) {
    const freshness = scope.watches(asset.key) && !made.has(asset.key) ? freshnessOf(asset, record, now) : undefined;
    if (freshness === undefined || freshness.status === 'on-time') continue;
    const occurrence = `${asset.key} ${freshness.status === 'overdue' ? freshness.since.toISOString() : ''}`;
    if (warned.has(occurrence)) continue;
    warned.add(occurrence);
    report.warned(asset.key, freshnessText(freshness, asset.freshness ?? ''));
  }
}
