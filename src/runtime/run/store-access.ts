import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { parsePartition } from '../partitions/key.ts';
import { wholeSlice, type PartitionSlice } from '../partitions/slice.ts';
import type { Resource } from '../resource/resource.ts';
import type { StatementOrigin, Warehouse } from '../resource/warehouse.ts';
import type { StoreContext } from '../store/store.ts';
import { firstAttempt } from './attempts.ts';
import type { InputVersions } from './event.ts';
import type { RunContext } from './run-context.ts';

export interface StoreAccess {
  readonly asset: AssetDefinition;
  readonly partition: string | undefined;
  /** The slice to read; the partition's own unless given. */
  readonly slice?: PartitionSlice;
  /** The partitions that are read as one; all that were materialized unless given. */
  readonly keys?: () => readonly string[];
  readonly signal?: AbortSignal;
  readonly attempt?: number;
  /** Of a step that writes: the versions of what it read. */
  readonly inputs?: InputVersions;
}

/** What an asset's store gets to read or write with: its resources opened, its slice, its identity. */
export async function storeContext(run: RunContext, access: StoreAccess): Promise<StoreContext> {
  const { asset, partition, slice, signal = run.signal, attempt = firstAttempt(run), inputs = {} } = access;
  const codeVersion = run.codeVersion(asset);
  return {
    resources: await openAll(run, asset.store?.resources ?? {}, originOf(run, asset.key, partition)),
    assetKey: asset.key,
    project: run.project,
    formerKeys: asset.formerly,
    partitions: slice ?? ownSlice(run, asset, partition),
    partition,
    ...(asset.partitions !== undefined && partition === undefined && { keys: access.keys ?? (() => run.record.partitions(asset.key)) }),
    signal,
    attempt: [run.holder, asset.key, partition ?? '', attempt].join('/'),
    identity: () => digest(codeVersion, run.configVersion(asset), canonicalJson(inputs), partition ?? ''),
    generation: codeVersion,
    description: asset.description,
    fullRefresh: run.fullRefresh && run.selected.has(asset.key),
    version: run.record.version(asset.key, partition),
    faults: run.faults,
    now: () => run.clock.now(),
    progress: (done, total) => run.progress({ asset: asset.key, partition }, done, total),
  };
}

/** The slice that a partition is; all of the asset without one. */
export function ownSlice({ zones }: RunContext, { key, partitions }: AssetDefinition, partition: string | undefined): PartitionSlice {
  return partitions === undefined || partition === undefined
    ? wholeSlice
    : parsePartition(partitions, partition, { asset: key, zones }).slice;
}

/** Whose work a step's statements are. */
export const originOf = ({ project, run }: RunContext, asset: string, partition: string | undefined): StatementOrigin => ({
  ...(project !== undefined && { project }),
  asset,
  ...(partition !== undefined && { partition }),
  run,
});

/** Opens named resources, in parallel. Those that keep a history of their own are told whose work it is. */
export async function openAll(
  { resources }: Pick<RunContext, 'resources'>,
  needed: Readonly<Record<string, Resource>>,
  origin?: StatementOrigin,
): Promise<Record<string, unknown>> {
  const opened: Record<string, unknown> = {};
  const names = Object.entries(needed);
  if (names.length > 0)
    await Promise.all(names.map(async ([field, { name }]) => (opened[field] = onBehalf(await resources.open(name), origin))));
  return opened;
}

function onBehalf(resource: unknown, origin: StatementOrigin | undefined): unknown {
  const { onBehalfOf } = Object(resource) as Partial<Warehouse>;
  return origin !== undefined && typeof onBehalfOf === 'function' ? onBehalfOf.call(resource, origin) : resource;
}
