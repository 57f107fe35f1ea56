import { cronOf, previousTick } from '../automation/cron.ts';
import type { AssetDefinition } from '../declare/definition.ts';
import type { MaterializedEvent } from '../resource/run-store.ts';
import { inputVersions, type Reading } from './inputs.ts';
import type { InputVersions } from '../run/event.ts';
import type { Reason } from './reason.ts';

/** What planning is pure over, beside the graph. */
export interface Assessing extends Reading {
  codeVersion(asset: AssetDefinition): string;
  configVersion(asset: AssetDefinition): string;
  readonly force: boolean;
  readonly fullRefresh: boolean;
}

/** Why the asset (or this partition of it) is to be materialized; an empty list means that it is fresh. */
export function assess(context: Assessing, asset: AssetDefinition, partition: string | undefined): readonly Reason[] {
  const { record, force, fullRefresh } = context;
  const recorded = record.materialized(asset.key, partition);
  if (recorded === undefined) return [{ kind: 'missing' }];
  const reasons: Reason[] = [];
  if (record.gone(asset.key, partition)) reasons.push({ kind: 'gone' });
  if (fullRefresh) reasons.push({ kind: 'full-refresh' });
  else if (force) reasons.push({ kind: 'forced' });
  const code = context.codeVersion(asset);
  if (code !== recorded.codeVersion) reasons.push({ kind: 'code', from: recorded.codeVersion, to: code });
  if (context.configVersion(asset) !== recorded.configVersion) reasons.push({ kind: 'config' });
  reasons.push(...changedInputs(asset, recorded, inputVersions(context, asset, partition)), ...due(context, asset, recorded));
  const failure = record.failure(asset.key, partition);
  if (failure !== undefined) reasons.push({ kind: 'failed', code: failure.error.code, message: failure.error.message });
  return reasons;
}

function changedInputs(asset: AssetDefinition, recorded: MaterializedEvent, current: InputVersions): readonly Reason[] {
  const keys = new Set(Object.keys(current));
  for (const key of Object.keys(recorded.inputs)) if (inputOf(asset, key)) keys.add(key);
  return [...keys].flatMap((key): readonly Reason[] => {
    const from = text(recorded.inputs[inputName(recorded, asset, key)]);
    const to = text(current[key]);
    return from === to ? [] : [{ kind: 'input', asset: key, from, to }];
  });
}

const inputOf = (asset: AssetDefinition, key: string): boolean =>
  Object.values(asset.dependencies).some(({ upstream, mapping }) => upstream.key === key && mapping.kind !== 'order');

/** The key under which an input was recorded: today's, or one that the upstream had before it was renamed. */
function inputName({ inputs }: MaterializedEvent, asset: AssetDefinition, key: string): string {
  if (key in inputs) return key;
  const upstream = Object.values(asset.dependencies).find((dependency) => dependency.upstream.key === key)?.upstream;
  return upstream?.formerly.find((former) => former in inputs) ?? key;
}

const text = (version: string | Readonly<Record<string, string>> | undefined): string | undefined =>
  typeof version === 'object' ? JSON.stringify(version) : version;

/** A schedule that ticked since the last materialization makes the asset due: what it reads may change with time alone. */
function due({ now }: Assessing, asset: AssetDefinition, { at }: MaterializedEvent): readonly Reason[] {
  if (asset.automation === undefined) return [];
  return cronOf(asset.automation).flatMap(({ cron, timezone }): readonly Reason[] => {
    const tick = previousTick({ cron, timezone }, now);
    return tick !== undefined && tick.getTime() > Date.parse(at) ? [{ kind: 'due', cron, tick: tick.toISOString() }] : [];
  });
}
