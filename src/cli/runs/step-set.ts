import type { Graph } from '../../runtime/graph/graph.ts';
import { createPartitionSpace } from '../../runtime/partitions/space.ts';
import type { DynamicKeys } from '../../runtime/partitions/key.ts';
import type { RunEvent } from '../../runtime/run/event.ts';
import type { StepName } from '../../runtime/run/step-name.ts';
import { currentKey } from './current-key.ts';

export type StepEvent = Extract<RunEvent, { asset: string }>;

/** The steps of these events, as sets of partitions. */
export interface StepSet {
  readonly assets: ReadonlySet<string>;
  /** The keys of an asset's partitions, and of ranges of them; undefined where the asset as a whole is meant. */
  partitions(asset: string): Iterable<string> | undefined;
  has(step: StepName): boolean;
}

/** Steps of recorded events, for a graph whose assets may have been renamed since. What was told of an asset as a whole holds for each of its partitions. */
export function stepSet(events: Iterable<StepEvent>, graph: Graph, dynamicKeys: DynamicKeys): StepSet {
  const current = currentKey(graph);
  const keys = new Map<string, Set<string>>();
  for (const { asset, partition = '' } of events) {
    const key = current(asset);
    if (!graph.has(key)) continue;
    const known = keys.get(key) ?? new Set();
    keys.set(key, known.add(partition));
  }
  const sets = new Map(
    [...keys].map(([asset, parts]) => {
      const { partitions } = graph.get(asset);
      const set = partitions === undefined || parts.has('') ? undefined : createPartitionSpace(partitions, { dynamicKeys }).ofKeys(parts);
      return [asset, set] as const;
    }),
  );
  return {
    assets: new Set(sets.keys()),
    partitions: (asset) => (keys.get(asset)?.has('') === true ? undefined : (keys.get(asset) ?? [])),
    has: ({ asset, partition }) => sets.has(asset) && (partition === undefined || sets.get(asset)?.has(partition) !== false),
  };
}
