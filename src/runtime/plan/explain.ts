import type { AssetDefinition } from '../declare/definition.ts';
import type { Graph } from '../graph/graph.ts';
import type { Assessing } from './assess.ts';
import { inputVersions } from './inputs.ts';
import type { PlannedAsset, PlannedStep } from './plan.ts';
import { describeReason } from './reason.ts';

/** Why an asset is stale or fresh, in words: a sentence a line. */
export function explain(
  context: Assessing & { readonly graph: Graph },
  { asset, action, steps, unlisted, fresh, waitsFor, blockedBy }: PlannedAsset,
): readonly string[] {
  switch (action) {
    case 'observe':
      return [`${asset.key} is a source: something else writes it, Spindle only observes its version.`];
    case 'blocked':
      return [`${asset.key} would run, but ${blockedBy ?? 'an input is blocked'}.`];
    case 'perhaps':
      return [`${asset.key} is fresh now. It runs if ${waitsFor.join(' or ')} changes before its turn comes.`];
    case 'skip':
      return asset.partitions === undefined
        ? [`${asset.key} is fresh: ${freshness(context, asset, undefined)}.`]
        : [`${asset.key} is fresh in every partition that has data (${fresh}).`];
    case 'run':
      return [
        ...partitionsByReason(steps).map(([reason, partitions]) => `${stepsName(asset.key, partitions)} because ${reason}.`),
        ...(unlisted === 0 ? [] : [`${asset.key} runs in ${unlisted} more partitions because they were never materialized.`]),
      ];
  }
}

/** Partitions named in a sentence; of more, the first, the last and their number. */
const NAMED = 3;

function stepsName(key: string, partitions: readonly (string | undefined)[]): string {
  const [first] = partitions;
  if (first === undefined) return `${key} runs`;
  if (partitions.length <= NAMED) return `${key} [${partitions.join(', ')}] runs`;
  return `${key} runs in ${partitions.length} partitions (${first} … ${partitions.at(-1)})`;
}

function partitionsByReason(steps: readonly PlannedStep[]): readonly (readonly [string, readonly (string | undefined)[]])[] {
  const found = new Map<string, (string | undefined)[]>();
  for (const { partition, reasons } of steps) {
    for (const reason of reasons.map(describeReason)) {
      const known = found.get(reason);
      if (known === undefined) found.set(reason, [partition]);
      else known.push(partition);
    }
  }
  return [...found];
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
  return `${same} unchanged since it was materialized at ${recorded.at}`;
}
