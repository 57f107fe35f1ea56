import { builtTogether } from '../../../runtime/graph/built-together.ts';
import { parseDuration } from '../../../runtime/declare/duration.ts';
import type { AssetDefinition, CheckDefinition } from '../../../runtime/declare/definition.ts';
import type { DagModel, TaskModel } from '../model.ts';
import { isMade, type ExportScope, type JobScope } from '../scope.ts';
import type { AssetFeature, CheckFeature, Use } from './feature.ts';

/** What the features of an asset depend on beside the asset. */
interface AssetPlace {
  readonly asset: AssetDefinition;
  /** The task that makes it. */
  readonly task: TaskModel;
  readonly scope: ExportScope;
  readonly alerts: boolean;
}

type FeaturesOf = (place: AssetPlace) => readonly AssetFeature[];
const none: FeaturesOf = () => [];
const where =
  (feature: AssetFeature, used: (asset: AssetDefinition) => boolean): FeaturesOf =>
  ({ asset }) =>
    used(asset) ? [feature] : [];

/** Every field of an asset's definition with the features that it stands for: a field that is added does not compile until it is here. */
const BY_FIELD: { readonly [F in keyof Required<AssetDefinition>]: FeaturesOf } = {
  key: () => ['task'],
  description: where('asset.description', ({ description }) => description !== undefined),
  group: where('asset.group', ({ group }) => group !== undefined),
  owners: where('asset.owners', ({ owners }) => owners.length > 0),
  tags: where('asset.tags', ({ tags }) => Object.keys(tags).length > 0),
  formerly: where('asset.formerly', ({ formerly }) => formerly.length > 0),
  store: ({ asset }) => [asset.store?.durable === true ? 'store.durable' : 'store.memory'],
  dependencies: ({ asset }) => Object.values(asset.dependencies).map(({ mapping }): AssetFeature => `dependency.${mapping.kind}`),
  config: where('asset.config', ({ config }) => config !== undefined),
  resources: where('asset.resources', ({ resources }) => Object.keys(resources).length > 0),
  partitions: ({ asset }) => (asset.partitions === undefined ? [] : [`partitions.${asset.partitions.kind}`]),
  backfill: where('asset.range', ({ backfill }) => backfill === 'range'),
  automation: where('asset.automation', ({ automation }) => automation !== undefined),
  freshness: ({ asset, alerts }) => (asset.freshness === undefined ? [] : [alerts ? 'asset.freshness-alert' : 'asset.freshness']),
  retry: ({ asset: { retry } }) => [
    ...(retry.attempts > 1 ? (['asset.retry'] as const) : []),
    ...(retry.attempts > 1 && retry.backoff === 'exponential' ? (['asset.retry-backoff'] as const) : []),
  ],
  timeout: ({ asset: { timeout }, task }) =>
    timeout === undefined ? [] : [task.timeout === parseDuration(timeout) ? 'asset.timeout' : 'asset.timeout-of-several'],
  pool: where('asset.pool', ({ pool }) => pool !== undefined),
  codeVersion: where('asset.code-version', ({ codeVersion, transform }) => codeVersion !== undefined && transform === undefined),
  run: none,
  observe: none,
  shared: where('multi-asset', ({ shared }) => shared !== undefined),
  transform: ({ asset, scope }) =>
    asset.transform === undefined ? [] : [builtTogether(asset) === undefined ? 'dbt.model' : `dbt.${scope.settings.dbt}`],
};

/** Where a check runs: in a task of its own, in the task that makes the asset, in dbt, or nowhere: as a test of a source, or of several models. */
type CheckPlace = 'task' | 'inside' | 'dbt' | 'source' | 'several';

const CHECK_FIELDS: {
  readonly [F in keyof Required<CheckDefinition>]: (check: CheckDefinition, place: CheckPlace) => readonly CheckFeature[];
} = {
  asset: () => [],
  name: () => [],
  blocking: ({ blocking }, place) => (blocking && place === 'task' ? ['check.blocking'] : []),
  severity: ({ blocking, severity }, place) => (blocking || place !== 'task' ? [] : [severity === 'error' ? 'check.error' : 'check.warn']),
  description: ({ description }) => (description === undefined ? [] : ['check.description']),
  run: (_, place) => (place === 'inside' ? ['check.inside'] : []),
  uniqueId: (_, place) =>
    place === 'dbt' ? ['check.dbt'] : place === 'several' ? ['check.dbt-of-several'] : place === 'source' ? ['check.dbt-of-source'] : [],
  transform: () => [],
};

/** The features of the assets of a DAG, its inputs and its checks. */
export function assetUses(scope: ExportScope, job: JobScope, dag: DagModel): readonly Use[] {
  const { graph } = scope;
  const uses: Use[] = [];
  for (const task of dag.tasks) {
    if (task.kind === 'check') continue;
    const alerts = dag.deadlines.length > 0;
    for (const key of task.keys) {
      const place: AssetPlace = { asset: graph.get(key), task, scope, alerts };
      const features = Object.values(BY_FIELD).flatMap((of: FeaturesOf) => of(place));
      if (scope.settings.granularity === 'group' && task.keys.length > 1) features.push('granularity.group');
      uses.push(...[...new Set(features)].map((feature) => ({ feature, subject: key })));
      for (const check of graph.checksOf(key)) {
        const where: CheckPlace =
          check.run === undefined ? dbtPlace(check, scope) : task.kind === 'cosmos' || task.checks ? 'inside' : 'task';
        const subject = `${key}: ${check.name}`;
        uses.push(
          ...Object.values(CHECK_FIELDS)
            .flatMap((of) => of(check, where))
            .map((feature) => ({ feature, subject })),
        );
      }
    }
  }
  for (const key of job.selected) {
    const asset = graph.get(key);
    if (!isMade(asset)) uses.push({ feature: asset.observe === undefined ? 'source' : 'source.observe', subject: key });
  }
  return uses;
}

/** Cosmos tests a model when it and what comes before it are built, and no source. */
function dbtPlace({ asset, transform }: CheckDefinition, { graph, settings }: ExportScope): CheckPlace {
  if (settings.dbt === 'cosmos' && asset.transform === undefined) return 'source';
  const reads = transform?.reads ?? [];
  const meet = reads.some((key) => {
    const before = graph.ancestors(key);
    return reads.every((other) => other === key || before.has(other));
  });
  return settings.dbt !== 'cosmos' || reads.length === 0 || meet ? 'dbt' : 'several';
}
