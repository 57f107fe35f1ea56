import type { CronSchedule } from '../../runtime/automation/cron.ts';
import type { AirflowTarget } from '../../runtime/declare/airflow.ts';
import type { AssetDefinition, Mapping } from '../../runtime/declare/definition.ts';
import type { PartitionsDefinition, TimeDefinition, TimeUnit } from '../../runtime/partitions/definition.ts';
import { timesOf } from '../../runtime/partitions/pairing.ts';
import type { RunFeature, Use } from './ledger/feature.ts';
import { KEY_FORMATS, mapperOf, type Mapper } from './mapper.ts';
import { stopsAtClockChange, ticksOnce } from './partition-tick.ts';
import { keysOfExpression, type AssetExpression, type Schedule } from './schedule.ts';
import { inputsOf, type ExportScope, type JobScope } from './scope.ts';
import { hasLateData } from './tasks.ts';
import { triggerOf } from './trigger.ts';

export interface Scheduled {
  readonly schedule: Schedule;
  /** Whether each run is asked for the partitions that its interval completes. */
  readonly windows: boolean;
  /** Whether the partition key of a run is one of the job's assets. */
  readonly partitions: boolean;
  readonly uses: readonly Use[];
}

/** How the runs of a job come about. `keyed` says of which assets the events carry partition keys: a DAG hears either those or the others. */
export function scheduleOf(scope: ExportScope, job: JobScope, keyed: (key: string) => boolean): Scheduled {
  const scheduled = withoutLateData(scope, job, keyed);
  const late = (scheduled.partitions || scheduled.windows) && [...job.made].some((key) => hasLateData(scope.graph.get(key)));
  return late ? { ...scheduled, uses: [...scheduled.uses, { feature: 'runs.late-data', subject: `job ${job.job.name}` }] } : scheduled;
}

function withoutLateData(scope: ExportScope, job: JobScope, keyed: (key: string) => boolean): Scheduled {
  const subject = `job ${job.job.name}`;
  const { automation } = job.job;
  const trigger = automation === undefined ? undefined : triggerOf(automation, inputsOf(scope, job));
  const features = new Set(trigger?.features);
  const uses: Use[] = [...features].map((feature) => ({ feature, subject }));
  const use = (feature: RunFeature, detail?: string): void => void uses.push({ feature, subject, ...(detail !== undefined && { detail }) });
  const made = [...job.made].map((key) => scope.graph.get(key));
  const partitioned = made.filter(({ partitions }) => partitions !== undefined);

  const { assets } = trigger ?? {};
  const ticks = expressible(trigger?.crons ?? [], scope.settings.target);
  const stops = ticks.length === 1 && stopsAtClockChange(ticks[0]!, scope.zones);
  if (stops) uses.push({ feature: 'automation.cron-dialect', subject, detail: `clocks of ${ticks[0]!.timezone} change by half an hour` });
  const crons = stops ? [] : ticks;
  const [cron] = crons;
  if (assets !== undefined && cron !== undefined) {
    const deaf = keysOfExpression(assets).filter(keyed);
    if (deaf.length > 0) use('trigger.mixed-keys', `the events of ${deaf.join(', ')} carry partition keys`);
    if (partitioned.length > 0) use('runs.due');
    return { schedule: { kind: 'assets-or-time', assets, crons }, windows: false, partitions: false, uses };
  }
  if (assets !== undefined) return { ...onAssets(scope, job, { assets, keyed, use }), uses };
  const whole = commonDefinition(made);
  if (
    cron !== undefined &&
    crons.length === 1 &&
    whole?.kind === 'time' &&
    scope.settings.target === '3.3' &&
    ticksOnce(cron, whole, scope.zones)
  ) {
    use('runs.partition');
    return { schedule: { kind: 'partition', cron, keyFormat: tickFormat(whole.unit) }, windows: false, partitions: true, uses };
  }
  const windows =
    crons.length === 1 &&
    partitioned.length > 0 &&
    partitioned.length === made.length &&
    partitioned.every(({ partitions }) => timesOf(partitions!).length > 0);
  if (partitioned.length > 0) use(windows ? 'runs.window' : 'runs.due');
  return { schedule: crons.length === 0 ? { kind: 'none' } : { kind: 'time', crons }, windows, partitions: false, uses };
}

/** The ticks that one DAG of the target can have. */
function expressible(crons: readonly CronSchedule[], target: AirflowTarget): readonly CronSchedule[] {
  return target === '2.9' ? crons.slice(0, 1) : crons.filter(({ timezone }) => timezone === crons[0]?.timezone);
}

/** How a tick within a window is written as the key of the window. Of hours the tick may have other minutes. */
const tickFormat = (unit: TimeUnit): string => KEY_FORMATS[unit].replace('%M', '00');

interface OnAssets {
  readonly assets: AssetExpression;
  readonly keyed: (key: string) => boolean;
  readonly use: (feature: RunFeature, detail?: string) => void;
}

function onAssets(scope: ExportScope, job: JobScope, { assets, keyed, use }: OnAssets): Omit<Scheduled, 'uses'> {
  const keys = keysOfExpression(assets);
  const with_ = keys.filter(keyed);
  const plain: Omit<Scheduled, 'uses'> = { schedule: { kind: 'assets', assets }, windows: false, partitions: false };
  const made = [...job.made].map((key) => scope.graph.get(key));
  const partitioned = made.some(({ partitions }) => partitions !== undefined);
  if (scope.settings.target === '2.9' || with_.length === 0) {
    if (partitioned) use('trigger.due');
    return plain;
  }
  if (with_.length < keys.length) {
    const deaf = keys.filter((key) => !keyed(key));
    use('trigger.mixed-keys', `the events of ${deaf.join(', ')} carry no partition key, those of ${with_.join(', ')} do`);
  }
  const definition = commonDefinition(made);
  const mappers = new Map<string, Mapper>();
  for (const key of with_) {
    const mapper = definition === undefined ? undefined : triggerMapper(scope, job, { key, definition, use });
    if (mapper === undefined) break;
    mappers.set(key, mapper);
  }
  const mapped = mappers.size === with_.length;
  if (!mapped) {
    // A run for each new partition, which finds out itself what is stale.
    if (definition === undefined) use('trigger.whole');
    for (const key of with_) mappers.set(key, { kind: 'fixed', key: 'all' });
  }
  return { schedule: { kind: 'partitioned-assets', assets, mappers: Object.fromEntries(mappers) }, windows: false, partitions: mapped };
}

/** How a new partition of the asset is mapped to one of the job's; undefined where Airflow has no way. */
function triggerMapper(
  { graph }: ExportScope,
  { made }: JobScope,
  { key, definition, use }: { readonly key: string; readonly definition: PartitionsDefinition; readonly use: OnAssets['use'] },
): Mapper | undefined {
  const upstream = graph.get(key).partitions;
  if (upstream === undefined) {
    use('trigger.unmapped', `${key} has no partitions, and its events carry those of the DAG that makes it`);
    return undefined;
  }
  const mappings = new Map<string, Mapping>();
  for (const reader of made)
    for (const { upstream: read, mapping } of Object.values(graph.get(reader).dependencies))
      if (read.key === key) mappings.set(mapping.kind === 'window' ? 'window' : mapping.kind === 'order' ? 'same' : mapping.kind, mapping);
  if (mappings.size > 1) {
    use('trigger.unmapped', `${key} is read in several ways (${[...mappings.keys()].toSorted().join(', ')})`);
    return undefined;
  }
  const mapping: Mapping = [...mappings.values()][0] ?? { kind: 'same' };
  const found = mapperOf({ mapping, upstream, downstream: definition });
  if ('problem' in found) {
    use('trigger.unmapped', `${key}: ${found.problem}`);
    return undefined;
  }
  use(featureOf(found.mapper, mapping, found.emulated !== undefined), `from ${key}`);
  return found.mapper;
}

function featureOf(mapper: Mapper, mapping: Mapping, emulated: boolean): RunFeature {
  if (mapping.kind === 'window') return 'trigger.window';
  if (emulated) return 'trigger.each-of-finer';
  switch (mapper.kind) {
    case 'identity':
    case 'allowed':
    case 'fixed':
    case 'start-of':
      return 'trigger.same';
    case 'roll-up':
      return 'trigger.roll-up';
    case 'fan-out':
    case 'chain':
      return 'trigger.fan-out';
    case 'product':
      return 'trigger.cross';
  }
}

/** The partitions that all assets share; undefined where they differ or one has none. Where the start alone differs, those that start last. */
function commonDefinition(assets: readonly AssetDefinition[]): PartitionsDefinition | undefined {
  const definitions = assets.flatMap(({ partitions }) => partitions ?? []);
  const [first, ...others] = definitions;
  if (first === undefined || definitions.length < assets.length) return undefined;
  if (others.every((other) => JSON.stringify(other) === JSON.stringify(first))) return first;
  const times = definitions.flatMap((definition): readonly TimeDefinition[] => (definition.kind === 'time' ? [definition] : []));
  const alike =
    times.length === definitions.length && times.every(({ unit, timezone }) => unit === times[0]!.unit && timezone === times[0]!.timezone);
  return alike ? times.toSorted((a, b) => (a.start < b.start ? -1 : 1)).at(-1) : undefined;
}
