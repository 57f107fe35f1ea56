import { describeCondition } from '../../runtime/automation/describe.ts';
import { parseDuration } from '../../runtime/declare/duration.ts';
import { compare } from '../../runtime/graph/model.ts';
import { assignmentsOf, type Assignment } from './assignment.ts';
import { assetUses } from './ledger/asset-uses.ts';
import type { RuntimeFeature, Use } from './ledger/feature.ts';
import { jobUses } from './ledger/job-uses.ts';
import type { DagModel, Deadline, PoolModel } from './model.ts';
import { dagIdOf, plain, readable, tagOf } from './name.ts';
import { poolsOf, type Pools } from './pools.ts';
import { dagClashes, environmentProblems, nameOfJob, taskClashes, textProblems } from './problems.ts';
import { isKeyed, keysOfExpression } from './schedule.ts';
import { scheduleOf, type Scheduled } from './schedule-of.ts';
import { jobScope, type ExportScope, type JobScope } from './scope.ts';
import { jobProblems } from './settings.ts';
import { startDateOf } from './start-date.ts';
import { inGroups } from './task-groups.ts';
import { tasksOf } from './tasks.ts';

/** All DAGs of a project. */
export interface Dags {
  /** By job. */
  readonly dags: readonly DagModel[];
  readonly pools: readonly PoolModel[];
  readonly uses: readonly Use[];
  /** What keeps them from being written: sentences with their remedies. */
  readonly problems: readonly string[];
  /** Jobs of which Airflow makes nothing. */
  readonly empty: readonly string[];
}

const RUNTIME: readonly RuntimeFeature[] = [
  'run.staleness',
  'run.record',
  'run.counts',
  'run.terminal-failures',
  'run.cancel',
  'run.claims',
  'run.config-and-seed',
];

export function dagsOf(scope: ExportScope): Dags {
  const jobs = scope.graph.jobs.map((job) => jobScope(scope, job));
  const filled = jobs.filter(({ made }) => made.size > 0);
  const assignments = new Map(filled.map((job) => [job, assignmentsOf(scope, job)]));
  const pools = poolsOf(
    scope,
    [...assignments.values()].flat().map(({ assets }) => assets),
  );
  const schedules = schedulesOf(scope, filled);
  const dags = filled.map((job) => dagOf(scope, job, { assignments: assignments.get(job)!, pools, scheduled: schedules.get(job)! }));
  const made = [...new Set(filled.flatMap((job) => [...job.made]))].toSorted(compare);
  const { providers, sharedHost } = scope.settings;
  const embedded = sharedHost && Object.values(providers).some((provider) => provider?.embedded !== undefined);
  return {
    dags,
    pools: [...pools.all].map(([name, description]) => ({ name, description: readable(description) })),
    uses: [
      ...RUNTIME.map((feature) => ({ feature, subject: '' })),
      ...(embedded ? [{ feature: 'job.embedded-drivers' as const, subject: '' }] : []),
      ...filled.flatMap((job, index) => [
        ...job.uses,
        ...jobUses(job),
        ...schedules.get(job)!.uses,
        ...assetUses(scope, job, dags[index]!),
      ]),
    ],
    problems: [
      ...(jobs.length === 0
        ? ['NO_JOBS: The project declares no jobs, and a job is what becomes a DAG: declare one with job(name, { select }).']
        : []),
      ...dagClashes(
        scope.project,
        jobs.map(({ job }) => job),
      ),
      ...dags.flatMap(taskClashes),
      ...textProblems(scope, jobs),
      ...jobs.flatMap(({ job, settings }) => jobProblems(nameOfJob(job.name), settings)),
      ...dags.filter(({ catchUp, schedule, windows }) => catchUp && schedule.kind !== 'partition' && !windows).map(nothingToCatchUp),
      ...environmentProblems(scope, made),
    ],
    empty: jobs.filter(({ made: of }) => of.size === 0).map(({ job }) => job.name),
  };
}

/** A DAG whose runs have partition keys passes them on to all of its assets, which decides what the next DAG can hear. */
function schedulesOf(scope: ExportScope, jobs: readonly JobScope[]): ReadonlyMap<JobScope, Scheduled> {
  const keyed = new Set(
    scope.settings.target === '2.9' ? [] : scope.graph.assets.flatMap(({ key, partitions }) => (partitions === undefined ? [] : [key])),
  );
  for (;;) {
    const before = keyed.size;
    const schedules = new Map(jobs.map((job) => [job, scheduleOf(scope, job, (key) => keyed.has(key))]));
    for (const [job, { schedule }] of schedules) if (isKeyed(schedule)) for (const key of job.made) keyed.add(key);
    if (keyed.size === before)
      return new Map([...schedules].map(([job, of]) => [job, { ...of, uses: [...of.uses, ...unkeyedMakers(scope, job, schedules)] }]));
  }
}

/** What is made by DAGs of both kinds has events with keys and events without, of which a DAG hears one kind alone. */
function unkeyedMakers(scope: ExportScope, job: JobScope, schedules: ReadonlyMap<JobScope, Scheduled>): readonly Use[] {
  const { schedule } = schedules.get(job)!;
  const awaited = 'assets' in schedule && scope.settings.target !== '2.9' ? keysOfExpression(schedule.assets) : [];
  return awaited.flatMap((key): readonly Use[] => {
    if (scope.graph.get(key).partitions !== undefined) return [];
    const makers = (keyed: boolean) =>
      [...schedules].filter(([{ made }, of]) => made.has(key) && isKeyed(of.schedule) === keyed).map(([of]) => of.job.name);
    const [keyed, plain] = [makers(true), makers(false)];
    if (keyed.length === 0 || plain.length === 0) return [];
    const detail = `of the events of ${key}, those of ${keyed.join(', ')} carry partition keys, those of ${plain.join(', ')} do not`;
    return [{ feature: 'trigger.mixed-keys', subject: `job ${job.job.name}`, detail }];
  });
}

interface DagParts {
  readonly assignments: readonly Assignment[];
  readonly pools: Pools;
  readonly scheduled: Scheduled;
}

function dagOf(scope: ExportScope, job: JobScope, { assignments, pools, scheduled }: DagParts): DagModel {
  const { schedule, windows, partitions } = scheduled;
  const { name, select, automation, tags } = job.job;
  const { settings } = job;
  const assets = [...job.made].map((key) => scope.graph.get(key));
  return {
    id: dagIdOf(scope.project, name),
    job: name,
    description: readable(`${select}${automation === undefined ? '' : `, when ${describeCondition(automation)}`}`),
    schedule,
    windows,
    partitions,
    start: startDateOf({ schedule, windows, settings, assets }, scope.zones),
    catchUp: settings.catchUp ?? false,
    maxActiveRuns: settings.maxActiveRuns ?? 1,
    timeout: settings.timeout === undefined ? undefined : parseDuration(settings.timeout),
    tags: [...new Set(['spindle', tagOf(scope.project), ...tags.map(readable)])].toSorted(compare),
    owner: plain(scope.project),
    onFailure: settings.onFailure,
    deadlines: scope.settings.target === '2.9' ? [] : deadlinesOf(job, scope),
    tasks: inGroups(scope.graph, tasksOf(scope, job, { assignments, pools, picked: partitions || windows })),
  };
}

/** One alert for each time that assets are to be no older than. */
function deadlinesOf({ made, settings: { onDeadline } }: JobScope, { graph }: ExportScope): readonly Deadline[] {
  if (onDeadline === undefined) return [];
  const byTime = new Map<number, string[]>();
  for (const key of made) {
    const { freshness } = graph.get(key);
    if (freshness === undefined) continue;
    const within = parseDuration(freshness);
    byTime.set(within, [...(byTime.get(within) ?? []), key]);
  }
  return [...byTime].toSorted(([a], [b]) => a - b).map(([within, assets]) => ({ within, assets, callback: onDeadline }));
}

const nothingToCatchUp = ({ job }: DagModel): string =>
  `CATCH_UP: The job ${JSON.stringify(job)} has nothing to catch up with: that takes a single schedule and assets that are all partitioned by time. Leave catchUp out.`;
