import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import type { Assessing } from '../plan/assess.ts';
import { inputVersions } from '../plan/inputs.ts';
import type { PlannedAsset } from '../plan/plan.ts';
import type { Reason } from '../plan/reason.ts';
import type { AssetRecord } from '../plan/record.ts';

/** A digest of what would go into a step: equal where trying again could only give the same. */
export function causeOf(source: Assessing, asset: AssetDefinition, partition: string | undefined): string {
  const inputs = inputVersions(source, asset, partition);
  const gone = source.record.gone(asset.key, partition);
  return digest(source.codeVersion(asset), source.configVersion(asset), canonicalJson(inputs), String(gone));
}

/** The same for all that a job would do. */
export function jobCause(source: Assessing, planned: readonly PlannedAsset[]): string {
  const parts = planned.flatMap(({ asset, steps }) =>
    steps.flatMap(({ partition, reasons }) =>
      reasons.some((reason) => isStaleness(reason) || reason.kind === 'missing')
        ? [asset.key, partition ?? '', causeOf(source, asset, partition)]
        : [],
    ),
  );
  return digest(...parts);
}

/** The version of an asset as a whole: of a partitioned one, of all that was materialized of it. */
export function wholeVersion(record: AssetRecord, { key, partitions }: AssetDefinition): string | undefined {
  return partitions === undefined ? record.version(key) : record.whole(key);
}

/** What differs between the asset and what it would be. A tick, a failure and a request do not make it another one. */
export function isStaleness({ kind }: Reason): boolean {
  switch (kind) {
    case 'gone':
    case 'code':
    case 'config':
    case 'input':
      return true;
    case 'missing':
    case 'forced':
    case 'full-refresh':
    case 'upstream':
    case 'due':
    case 'fired':
    case 'failed':
      return false;
  }
}
