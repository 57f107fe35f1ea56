import { randomUUID } from 'node:crypto';
import { decide, type Decision } from '../runtime/automation/decide.ts';
import { createFactsSource, jobSubject } from '../runtime/automation/facts.ts';
import { groupFirings } from '../runtime/automation/groups.ts';
import type { Asset } from '../runtime/declare/asset.ts';
import type { Check } from '../runtime/declare/check.ts';
import type { Job } from '../runtime/declare/job.ts';
import type { KeyOf } from '../runtime/declare/project.ts';
import { SpindleError } from '../runtime/errors.ts';
import { buildGraph } from '../runtime/graph/graph.ts';
import type { FiredEvent, RunStore } from '../runtime/resource/run-store.ts';
import type { Configured } from '../runtime/run/fixture.ts';
import { startRun } from '../runtime/run/start-run.ts';
import { stillClock } from '../runtime/run/system-clock.ts';

export interface AutomationOptions {
  /** The ISO instant at which the conditions are asked. */
  readonly now: string;
  readonly jobs?: readonly Job[];
  readonly checks?: readonly Check[];
  /** What was recorded so far; nothing unless given. */
  readonly runStore?: RunStore;
  readonly config?: readonly Configured[];
}

/** What a daemon would do at an instant. */
export interface AutomationReport<K extends string> {
  /** The subjects that fire: keys of assets, and `job:` with the names of jobs. */
  readonly fires: readonly (K | `job:${string}`)[];
  /** The runs that would answer, in their order. */
  readonly runs: readonly {
    readonly keys: readonly K[];
    readonly job: string | undefined;
    readonly partitions: Readonly<Record<string, readonly string[]>>;
  }[];
  /** Whether an asset or a job fires, why or why not, and for which partitions. */
  of(subject: Asset<K> | Job): Decision;
  /** What would be recorded of the firings: append them to the run store to ask again at a later instant. */
  readonly events: readonly FiredEvent[];
}

/** Asks the conditions of assets and jobs at a fixed instant, over what a run store has recorded: `(await automation([plays], { now })).fires`. */
export async function automation<const A extends readonly Asset[]>(
  assets: A,
  { now, jobs = [], checks = [], runStore, config = [] }: AutomationOptions,
): Promise<AutomationReport<KeyOf<A>>> {
  const graph = buildGraph({
    assets: assets.map(({ definition }) => definition),
    checks: checks.map(({ definition }) => definition),
    jobs: jobs.map(({ definition }) => definition),
  });
  const run = await startRun({
    run: randomUUID(),
    graph,
    selection: graph.keys,
    resources: {
      open: (name) => Promise.reject(new SpindleError('RESOURCE_MISSING', `Conditions read the record alone, and not ${name}.`)),
    },
    clock: stillClock(now),
    signal: new AbortController().signal,
    runStore,
    config,
  });
  const asked = new Set([...assets.map(({ key }) => key), ...jobs.map(({ name }) => jobSubject(name))]);
  const source = createFactsSource(run, (await runStore?.state([]))?.fired ?? []);
  const decisions = decide(source, { follows: (subject) => asked.has(subject) });
  const firing = decisions.filter(({ fires }) => fires);
  return {
    fires: firing.map(({ subject }) => subject) as KeyOf<A>[],
    runs: groupFirings(graph, decisions).map(({ keys, job, partitions }) => ({ keys: keys as KeyOf<A>[], job, partitions })),
    of(subject) {
      const name = 'key' in subject ? subject.key : jobSubject(subject.name);
      const found = decisions.find((decision) => decision.subject === name);
      if (found !== undefined) return found;
      throw new SpindleError('USAGE', `${name} has no automation, or is not among what was asked.`, {
        remedy: 'Give it automation, or pass it to automation().',
      });
    },
    events: firing.map(({ subject, why, causes, seen }) => ({
      type: 'automation.fired',
      run: run.run,
      at: run.now.toISOString(),
      subject,
      why,
      causes,
      seen,
    })),
  };
}
