import type { Graph } from '../runtime/graph/graph.ts';
import type { PartitionRequest, RunRequest } from '../runtime/run/event.ts';
import { parseConfig } from './config-option.ts';

/** The options that say how a selection is to be run. */
export interface RequestArguments {
  readonly partition?: string | undefined;
  /** In place of a key. */
  readonly partitions?: PartitionRequest | undefined;
  readonly config?: readonly string[] | undefined;
  readonly now?: string | undefined;
  readonly seed?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly force?: boolean | undefined;
  readonly fullRefresh?: boolean | undefined;
  /** Beside the named partitions, those that were made before and are stale by now. */
  readonly withStale?: boolean | undefined;
}

/** What a command line asks for, as the log keeps it: all but the keys, which the selection names. */
export function requestOf(args: RequestArguments, graph: Graph): Omit<RunRequest, 'keys'> {
  const { partition, partitions = partition === undefined ? undefined : { key: partition }, now, seed, concurrency } = args;
  const config: Record<string, Record<string, unknown>> = {};
  for (const { asset, values } of parseConfig(args.config ?? [], graph)) config[asset] = { ...config[asset], ...(values as object) };
  return {
    ...(partitions !== undefined && { partitions: args.withStale === true ? { ...partitions, stale: true } : partitions }),
    ...(args.force === true && { force: true }),
    ...(args.fullRefresh === true && { fullRefresh: true }),
    ...(concurrency !== undefined && { concurrency }),
    ...(seed !== undefined && { seed }),
    ...(now !== undefined && { now }),
    ...(Object.keys(config).length > 0 && { config }),
  };
}
