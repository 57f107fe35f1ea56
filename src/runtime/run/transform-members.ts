import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { assess } from '../plan/assess.ts';
import { freshness } from '../plan/explain.ts';
import { inputVersions } from '../plan/inputs.ts';
import type { Reason } from '../plan/reason.ts';
import type { InputVersions, RecordedError } from './event.ts';
import { failStep } from './fail-step.ts';
import { requireInput } from './load-inputs.ts';
import { obstruction, skipStep } from './obstruction.ts';
import { recordedError } from './recorded-error.ts';
import { stamp, type RunContext } from './run-context.ts';

/** A model that is to be built, and the version that it will have. */
export interface Member {
  readonly asset: AssetDefinition;
  readonly reasons: readonly Reason[];
  readonly version: string;
  readonly inputs: InputVersions;
}

/**
 * The models to build, by key. A model's version follows from its code and inputs, so those behind it in the group are decided before
 * anything runs. What is fresh or obstructed is recorded as skipped.
 */
export async function staleMembers(run: RunContext, assets: readonly AssetDefinition[]): Promise<ReadonlyMap<string, Member>> {
  const members = new Map<string, Member>();
  for (const asset of assets) {
    const ahead = Object.values(asset.dependencies).flatMap(({ upstream }) => members.get(upstream.key) ?? []);
    const inputs = {
      ...inputVersions(run, asset, undefined),
      ...Object.fromEntries(ahead.map((member) => [member.asset.key, member.version])),
    };
    const reasons = [...assess(run, asset, undefined), ...changedAhead(run, asset, ahead)];
    const obstructed = obstruction(run, asset, { partition: undefined, stale: reasons.length > 0 });
    if (obstructed !== undefined) {
      await skipStep(run, { asset: asset.key, partition: undefined }, obstructed);
      continue;
    }
    if (reasons.length > 0) {
      const missing = missingInput(run, asset, members);
      if (missing !== undefined) failStep(run, { asset: asset.key, partition: undefined }, { error: missing, milliseconds: 0 });
      else
        members.set(asset.key, {
          asset,
          reasons,
          inputs,
          version: digest(run.codeVersion(asset), run.configVersion(asset), canonicalJson(inputs)),
        });
      continue;
    }
    await run.emit({ type: 'step.skipped', ...stamp(run), asset: asset.key, cause: 'fresh', reason: freshness(run, asset, undefined) });
  }
  return members;
}

/** The error of an input that was never materialized and is not built in the same call. */
function missingInput(run: RunContext, asset: AssetDefinition, members: ReadonlyMap<string, Member>): RecordedError | undefined {
  try {
    for (const dependency of Object.values(asset.dependencies)) {
      if (!members.has(dependency.upstream.key)) requireInput(run, { downstream: asset, dependency, partition: undefined });
    }
    return undefined;
  } catch (error) {
    return recordedError(error);
  }
}

function changedAhead(run: RunContext, asset: AssetDefinition, ahead: readonly Member[]): readonly Reason[] {
  const recorded = run.record.materialized(asset.key)?.inputs ?? {};
  return ahead.flatMap((member): readonly Reason[] => {
    const from = recorded[member.asset.key];
    return from === member.version
      ? []
      : [{ kind: 'input', asset: member.asset.key, from: typeof from === 'string' ? from : undefined, to: member.version }];
  });
}
