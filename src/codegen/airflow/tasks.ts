import { relative, sep } from 'node:path';
import type { AssetDefinition, CheckDefinition } from '../../runtime/declare/definition.ts';
import { parseDuration } from '../../runtime/declare/duration.ts';
import { compare, type Graph } from '../../runtime/graph/model.ts';
import { grainOf } from '../../runtime/plan/inputs.ts';
import { edgesOf, type Assignment } from './assignment.ts';
import { assetDocs, checkDocs } from './docs.ts';
import type { CheckTask, RetryModel, TaskModel } from './model.ts';
import { plain, readable, taskIdOf } from './name.ts';
import type { Pools } from './pools.ts';
import { readBy, type ExportScope, type JobScope } from './scope.ts';

export interface TaskParts {
  readonly assignments: readonly Assignment[];
  readonly pools: Pools;
  /** Whether a run is asked for some partitions alone, by its key or its window. */
  readonly picked: boolean;
}

/** The tasks of a job, without their groups, each after those that it waits for. */
export function tasksOf(scope: ExportScope, job: JobScope, { assignments, pools, picked }: TaskParts): readonly TaskModel[] {
  const edges = edgesOf(scope, job);
  const ids = idsOf(assignments);
  const taskOf = new Map(assignments.flatMap(({ assets }, index) => assets.map(({ key }) => [key, ids[index]!] as const)));
  /** What dependents wait for: the task, or the last of its checks that block. */
  const gates = new Map<string, string>();
  return assignments.flatMap((assignment, index): readonly TaskModel[] => {
    const id = ids[index]!;
    const { assets } = assignment;
    const waited = new Set(assets.flatMap(({ key }) => edges.get(key)!.map((upstream) => taskOf.get(upstream)!)));
    waited.delete(id);
    const task = taskOfAssets(scope, assignment, {
      picked,
      id,
      after: [...waited].map((other) => gates.get(other)!),
      pool: pools.poolOf(assets),
    });
    const checks = checksOf(scope, assignment, task);
    const gate = checks.findLast(({ blocking }) => blocking);
    gates.set(id, gate?.task.id ?? id);
    if (gate === undefined) return [task, ...checks.map((check) => check.task)];
    return [{ ...task, outlets: [] }, ...checks.map((check) => (check === gate ? { ...check.task, outlets: task.outlets } : check.task))];
  });
}

/** Named by the asset; several by what they have in common. */
function idsOf(assignments: readonly Assignment[]): readonly string[] {
  const taken = new Map<string, number>();
  return assignments.map(({ assets, label }) => {
    if (assets.length === 1 && label?.kind !== 'dbt') return taskIdOf(assets[0]!.key);
    const id = taskIdOf(
      label === undefined ? joinedId(assets) : label.kind === 'dbt' ? `dbt__${plain(label.project)}` : `group__${plain(label.group)}`,
    );
    const count = (taken.get(id) ?? 0) + 1;
    taken.set(id, count);
    return count === 1 ? id : `${id}__${count}`;
  });
}

/** By what outlives the task, if anything does. */
function joinedId(assets: readonly AssetDefinition[]): string {
  const stored = assets.filter(({ store }) => store?.durable === true);
  const [first, ...others] = stored.length > 0 ? stored : assets;
  const rest = others.length === 0 ? '' : others.length === 1 ? `__and__${taskIdOf(others[0]!.key)}` : `__and_${others.length}_more`;
  return taskIdOf(`${taskIdOf(first!.key)}${rest}`);
}

interface Placed {
  readonly id: string;
  readonly after: readonly string[];
  readonly pool: string | undefined;
  readonly picked: boolean;
}

function taskOfAssets(scope: ExportScope, { assets, sources, label }: Assignment, { id, after, pool, picked }: Placed): TaskModel {
  const keys = assets.map(({ key }) => key);
  const own = new Set(keys);
  const [first] = assets;
  const common = {
    id,
    after,
    pool,
    group: undefined,
    retry: retryOf(assets),
    timeout: timeoutOf(assets),
    owners: [...new Set(assets.flatMap(({ owners }) => owners.map(readable)))].toSorted(),
    docs: readable(assetDocs(scope, assets)),
    inlets: [...new Set(assets.flatMap(readBy))].filter((key) => !own.has(key)).toSorted(inGraphOrder(scope.graph)),
    outlets: keys,
  };
  const dir = first?.transform?.dir;
  if (label?.kind === 'dbt' && scope.settings.dbt === 'cosmos' && dir !== undefined) {
    const place = relative(scope.root, dir).split(sep).join('/');
    return {
      ...common,
      kind: 'cosmos',
      keys,
      dir: place,
      project: label.project,
      select: assets.flatMap(({ transform }) => transform?.fqn ?? []),
    };
  }
  return {
    ...common,
    kind: 'materialize',
    keys,
    sources,
    checks: checksInside(scope, assets),
    withStale: picked && assets.some(hasLateData),
  };
}

const inGraphOrder =
  ({ level }: Graph) =>
  (a: string, b: string): number =>
    level(a) - level(b) || compare(a, b);

/** Checks are tasks where one asset that outlives the task is made: they read it in a process of their own. */
const checksInside = ({ graph }: ExportScope, assets: readonly AssetDefinition[]): boolean =>
  assets.length > 1 ||
  assets.some(({ store, transform }) => store?.durable !== true || transform !== undefined) ||
  !assets.some(({ key }) => graph.checksOf(key).some(({ run }) => run !== undefined));

/** True where a change upstream can make partitions stale that were made before: those that hold the time of a late row, or whose window holds a changed partition. */
export const hasLateData = (asset: AssetDefinition): boolean =>
  asset.partitions !== undefined &&
  Object.values(asset.dependencies).some((dependency) => grainOf(asset, dependency) !== undefined || dependency.mapping.kind === 'window');

interface PlacedCheck {
  readonly task: CheckTask;
  readonly blocking: boolean;
}

/** The asset's checks as tasks: those that block one after another, so that the last one stands for all; the others beside them. */
function checksOf({ graph }: ExportScope, { assets }: Assignment, made: TaskModel): readonly PlacedCheck[] {
  const [asset] = assets;
  if (asset === undefined || made.kind !== 'materialize' || made.checks) return [];
  const functions = graph.checksOf(asset.key).filter((check) => check.run !== undefined);
  const blocking = functions.filter((check) => check.blocking);
  const others = functions.filter((check) => !check.blocking);
  let before = made.id;
  const place = (check: CheckDefinition, after: string): PlacedCheck => {
    const task = checkTask(asset, check, { made, after });
    return { task, blocking: check.blocking };
  };
  const chain = blocking.map((check) => {
    const placed = place(check, before);
    before = placed.task.id;
    return placed;
  });
  return [...chain, ...others.map((check) => place(check, made.id))];
}

function checkTask(
  asset: AssetDefinition,
  check: CheckDefinition,
  { made, after }: { readonly made: TaskModel; readonly after: string },
): CheckTask {
  return {
    kind: 'check',
    key: asset.key,
    check: check.name,
    id: taskIdOf(`${made.id}__check__${plain(check.name)}`),
    after: [after],
    group: undefined,
    retry: made.retry,
    timeout: undefined,
    pool: made.pool,
    owners: made.owners,
    docs: readable(checkDocs(check)),
    inlets: [asset.key],
    outlets: [],
  };
}

/** Of several assets, the most patient policy. */
function retryOf(assets: readonly AssetDefinition[]): RetryModel {
  const retries = Math.max(...assets.map(({ retry }) => retry.attempts)) - 1;
  const patient = assets.filter(({ retry }) => retry.attempts - 1 === retries);
  return {
    retries,
    delay: Math.max(...patient.map(({ retry }) => parseDuration(retry.delay))),
    exponential: patient.some(({ retry }) => retry.backoff === 'exponential'),
  };
}

/** Airflow limits a task, Spindle a step: the same where a task is one step. */
function timeoutOf(assets: readonly AssetDefinition[]): number | undefined {
  const [asset, ...others] = assets;
  if (asset?.timeout === undefined || others.length > 0 || asset.partitions !== undefined) return undefined;
  return parseDuration(asset.timeout);
}
