import type { Clock } from '../resource/clock.ts';
import { topicVersion } from '../store/topic-version.ts';
import type { TopicReader } from '../store/topic-handle.ts';
import type { Flush } from '../stream/notice.ts';
import { partitionPrefix, type ChainPartition } from './chain.ts';
import { versionOfEnds } from './chain-version.ts';
import type { Incarnation } from './incarnation.ts';
import type { LandedObject } from './land-partition.ts';

export interface PositionsOptions {
  readonly incarnation: Incarnation;
  /** The last offset of every chain under the prefix, by its folder. */
  readonly ends: Map<string, number>;
  /** The key of the topic's asset. */
  readonly source: string;
  readonly group: string;
  readonly reader: Pick<TopicReader, 'offsets' | 'committed'>;
  readonly clock: Clock;
}

/** How far each partition of a topic is landed, as far as one process knows: of its own at once, of the others by what their members commit. */
export interface Positions {
  started(partition: number, expected: number): void;
  /** What to tell of an object that was landed. */
  landed(chain: ChainPartition, object: LandedObject): Flush;
  /** Asks the broker; gives the lag of the named partitions. */
  look(own: readonly number[]): Promise<ReadonlyMap<number, number>>;
}

export function createPositions({ incarnation, ends, source, group, reader, clock }: PositionsOptions): Positions {
  const next = new Map<number, number>();
  const moved = (chain: ChainPartition, expected: number) => {
    next.set(chain.partition, expected);
    if (expected > 0) ends.set(partitionPrefix(chain).slice(0, -1), expected - 1);
  };
  return {
    started: (partition, expected) => void next.set(partition, expected),
    landed(chain, { link, created }) {
      moved(chain, link.last + 1);
      const now = clock.now().getTime();
      const records = created === undefined ? 0 : link.rows + link.rejected;
      return {
        type: 'flushed',
        version: versionOfEnds(ends),
        inputs: { [source]: topicVersion([...next].toSorted(([a], [b]) => a - b)) },
        records,
        rows: created === undefined ? 0 : link.rows,
        rejected: created === undefined ? 0 : link.rejected,
        bytes: created?.bytes ?? 0,
        bytesIn: created?.bytesIn ?? 0,
        latencies: created?.timestamps.map((timestamp) => now - timestamp) ?? [],
        milliseconds: created === undefined ? 0 : Math.round(clock.elapsed() - created.openedAt),
        metadata: { partition: chain.partition, last: link.last, ...(created === undefined && { adopted: 1 }) },
      };
    },
    async look(own) {
      const [offsets, committed] = await Promise.all([reader.offsets(), reader.committed(group)]);
      for (const { partition, start } of offsets) {
        const others = committed.get(partition)?.offset;
        if (own.includes(partition) && next.has(partition)) continue;
        if (others !== undefined) moved({ ...incarnation, partition }, others);
        else if (!next.has(partition)) next.set(partition, start);
      }
      return new Map(
        offsets
          .filter(({ partition }) => own.includes(partition))
          .map(({ partition, start, end }) => [partition, end - (next.get(partition) ?? start)]),
      );
    },
  };
}
