import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { inputVersions } from '../plan/inputs.ts';
import { parsePartition } from '../partitions/key.ts';
import { wholeSlice, type PartitionSlice } from '../partitions/slice.ts';
import type { Resource } from '../resource/resource.ts';
import type { StoreContext } from '../store/store.ts';
import type { RunContext } from './run-context.ts';

export interface StoreAccess {
  readonly asset: AssetDefinition;
  readonly partition: string | undefined;
  /** The slice to read; the partition's own unless given. */
  readonly slice?: PartitionSlice;
  readonly signal?: AbortSignal;
  readonly attempt?: number;
}

/** What an asset's store gets to read or write with: its resources opened, its slice, its identity. */
export async function storeContext(run: RunContext, access: StoreAccess): Promise<StoreContext> {
  const { asset, partition, slice, signal = run.signal, attempt = 1 } = access;
  const codeVersion = run.codeVersion(asset);
  return {
    resources: await openAll(run, asset.store?.resources ?? {}),
    assetKey: asset.key,
    partitions: slice ?? ownSlice(run, asset, partition),
    partition,
    signal,
    attempt: [run.run, asset.key, partition ?? '', attempt].join('/'),
    identity: digest(codeVersion, run.configVersion(asset), canonicalJson(inputVersions(run, asset, partition)), partition ?? ''),
    generation: codeVersion,
    description: asset.description,
    fullRefresh: run.fullRefresh && run.selected.has(asset.key),
    version: run.record.version(asset.key, partition),
    faults: run.faults,
    now: () => run.clock.now(),
    progress: (done, total) => run.progress({ asset: asset.key, partition }, done, total),
  };
}

function ownSlice({ zones }: RunContext, { key, partitions }: AssetDefinition, partition: string | undefined): PartitionSlice {
  return partitions === undefined || partition === undefined
    ? wholeSlice
    : parsePartition(partitions, partition, { asset: key, zones }).slice;
}

/** Opens named resources, in parallel. */
export async function openAll({ resources }: RunContext, needed: Readonly<Record<string, Resource>>): Promise<Record<string, unknown>> {
  const opened = await Promise.all(Object.entries(needed).map(async ([field, { name }]) => [field, await resources.open(name)] as const));
  return Object.fromEntries(opened);
}
