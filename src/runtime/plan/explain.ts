import type { AssetDefinition } from '../declare/definition.ts';
import type { Graph } from '../graph/graph.ts';
import type { Assessing } from './assess.ts';
import { inputVersions } from './inputs.ts';
import type { PlannedAsset } from './plan.ts';
import { describeReason } from './reason.ts';

/** Why an asset is stale or fresh, in words: a sentence a line. */
export function explain(
  context: Assessing & { readonly graph: Graph },
  { asset, action, steps, fresh, waitsFor, blockedBy }: PlannedAsset,
): readonly string[] {
  switch (action) {
    case 'observe':
      return [`${asset.key} is a source: something else writes it, Spindle only observes its version.`];
    case 'blocked':
      return [`${asset.key} would run, but ${blockedBy ?? 'an input is blocked'}.`];
    case 'perhaps':
      return [
        `${asset.key} is fresh now. It runs if ${waitsFor.join(' or ')} changes, which ${waitsFor.length === 1 ? 'runs' : 'run'} first.`,
      ];
    case 'skip':
      return asset.partitions === undefined
        ? [`${asset.key} is fresh: ${freshness(context, asset, undefined)}.`]
        : [`${asset.key} is fresh in every partition that has data (${fresh}).`];
    case 'run':
      return steps.flatMap(({ partition, reasons }) => {
        const name = partition === undefined ? asset.key : `${asset.key} [${partition}]`;
        return reasons.map((reason) => `${name} runs because ${describeReason(reason)}.`);
      });
  }
}

/** Why a fresh step is fresh: what was compared and found equal. */
export function freshness(context: Assessing, asset: AssetDefinition, partition: string | undefined): string {
  const recorded = context.record.materialized(asset.key, partition);
  if (recorded === undefined) return 'nothing calls for it';
  const inputs = Object.keys(inputVersions(context, asset, partition));
  const same =
    inputs.length === 0
      ? 'code and config are'
      : `code, config and ${inputs.length === 1 ? `the input ${inputs[0]}` : `its ${inputs.length} inputs`} are`;
  return `${same} as when it was materialized at ${recorded.at}`;
}
