import { schedulesOf, type CronSchedule } from '../automation/cron.ts';
import type { AssetDefinition } from '../declare/definition.ts';
import type { MaterializedEvent } from '../resource/run-store.ts';
import { inputsIn, inputVersions, isUnseen, type Reading } from './inputs.ts';
import type { InputVersions } from '../run/event.ts';
import type { RecordedFields } from '../run/recorded-fields.ts';
import type { StepName } from '../run/step-name.ts';
import { fieldChanges } from './field-change.ts';
import type { Reason } from './reason.ts';

/** What planning is pure over, beside the graph. */
export interface Assessing extends Reading {
  codeVersion(asset: AssetDefinition): string;
  configVersion(asset: AssetDefinition): string;
  /** What `code` and `config` reasons say of their changes. */
  fields(asset: AssetDefinition): RecordedFields;
  readonly force: boolean;
  readonly fullRefresh: boolean;
  /** The latest tick of a schedule at or before `now`. */
  tick(schedule: CronSchedule): Date | undefined;
  /** True for what the run made before it was stopped: as long as it is there, it is not made again. */
  done?(step: StepName): boolean;
  /** Why a step is to be done even where nothing else calls for it: what its condition said. It was last done at the given ISO instant. */
  asked?(step: StepName, materializedAt: string): string | undefined;
}

/** Why the asset (or this partition of it) is to be materialized; an empty list means that it is fresh. */
export function assess(context: Assessing, asset: AssetDefinition, partition: string | undefined): readonly Reason[] {
  const { record, force, fullRefresh } = context;
  const recorded = record.materialized(asset.key, partition);
  if (recorded === undefined) return [{ kind: 'missing' }];
  const gone = record.gone(asset.key, partition);
  if (!gone && context.done?.({ asset: asset.key, partition: recorded.partition }) === true) return [];
  const reasons: Reason[] = gone ? [{ kind: 'gone' }] : [];
  if (fullRefresh) reasons.push({ kind: 'full-refresh' });
  else if (force) reasons.push({ kind: 'forced' });
  const code = context.codeVersion(asset);
  if (code !== recorded.codeVersion)
    reasons.push({
      kind: 'code',
      from: recorded.codeVersion,
      to: code,
      schema: fieldChanges(recorded.schema, context.fields(asset).schema),
    });
  if (context.configVersion(asset) !== recorded.configVersion)
    reasons.push({ kind: 'config', changes: fieldChanges(recorded.config, context.fields(asset).config) });
  const changed = changedInputs(asset, inputsIn(recorded, partition), inputVersions(context, asset, partition));
  reasons.push(...changed.filter(({ asset: key }) => !isUnseenInput(context, asset, key)), ...due(context, asset, recorded));
  const failure = record.failure(asset.key, partition);
  if (failure !== undefined) reasons.push({ kind: 'failed', code: failure.error.code, message: failure.error.message });
  const asked = reasons.length > 0 ? undefined : context.asked?.({ asset: asset.key, partition }, recorded.at);
  return asked === undefined ? reasons : [{ kind: 'fired', why: asked }];
}

type InputReason = Extract<Reason, { kind: 'input' }>;

function changedInputs(asset: AssetDefinition, recorded: InputVersions, current: InputVersions): readonly InputReason[] {
  const data = Object.values(asset.dependencies).filter(({ mapping }) => mapping.kind !== 'order');
  const keys = new Set(data.map(({ upstream }) => upstream.key));
  return [...keys].flatMap((key): readonly InputReason[] => {
    const from = text(recorded[inputName(recorded, asset, key)]);
    const to = text(current[key]);
    return from === to ? [] : [{ kind: 'input', asset: key, from, to }];
  });
}

const isUnseenInput = (context: Assessing, asset: AssetDefinition, key: string): boolean =>
  Object.values(asset.dependencies).some((dependency) => dependency.upstream.key === key && isUnseen(context, asset, dependency));

/** The key under which an input was recorded: today's, or one that the upstream had before it was renamed. */
function inputName(inputs: InputVersions, asset: AssetDefinition, key: string): string {
  if (key in inputs) return key;
  const upstream = Object.values(asset.dependencies).find((dependency) => dependency.upstream.key === key)?.upstream;
  return upstream?.formerly.find((former) => former in inputs) ?? key;
}

const text = (version: string | Readonly<Record<string, string>> | undefined): string | undefined =>
  typeof version === 'object' ? JSON.stringify(version) : version;

/** A schedule that ticked since the last materialization makes the asset due: what it reads may change with time alone. What a partition reads does not. */
function due({ tick: latest }: Assessing, asset: AssetDefinition, { at }: MaterializedEvent): readonly Reason[] {
  if (asset.automation === undefined || asset.partitions !== undefined) return [];
  return schedulesOf(asset.automation).flatMap(({ cron, timezone }): readonly Reason[] => {
    const tick = latest({ cron, timezone });
    return tick !== undefined && tick.getTime() > Date.parse(at) ? [{ kind: 'due', cron, tick: tick.toISOString() }] : [];
  });
}
