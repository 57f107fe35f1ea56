import type { PartitionOffsets } from '../resource/broker.ts';
import type { Clock } from '../resource/clock.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import { topicVersion } from '../store/topic-version.ts';
import type { TopicReader } from '../store/topic-handle.ts';
import type { Flush } from '../stream/notice.ts';
import { partitionPrefix, type ChainPartition } from './chain.ts';
import { chainEnds } from './chain-end.ts';
import { versionOfEnds } from './chain-version.ts';
import type { Incarnation } from './incarnation.ts';
import type { LandedObject } from './land-partition.ts';

export interface PositionsOptions {
  readonly lake: ObjectStore;
  readonly prefix: string;
  readonly incarnation: Incarnation;
  /** The key of the topic's asset. */
  readonly source: string;
  readonly group: string;
  readonly reader: Pick<TopicReader, 'offsets' | 'committed'>;
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly signal: AbortSignal;
}

/** How far each partition of a topic is landed, as far as one process knows: of its own at once, of the others by what their members commit. */
export interface Positions {
  readonly incarnation: Incarnation;
  /** Goes over to the next incarnation. */
  renew(incarnation: Incarnation): void;
  /** The partition is landed from there on. */
  started(partition: number, from: number): void;
  /** What to tell of an object that was landed. */
  landed(chain: ChainPartition, object: LandedObject): Flush;
  /** Asks the broker; gives the lag of the named partitions. */
  look(own: readonly number[]): Promise<ReadonlyMap<number, number>>;
}

const folderOf = (chain: Omit<ChainPartition, 'compression'>): string => partitionPrefix(chain).slice(0, -1);

/** Reads where the chains end. What members commit counts from then on, where it changes: what was committed before may belong to an incarnation that is over. */
export async function openPositions(options: PositionsOptions): Promise<Positions> {
  const { lake, prefix, source, group, reader, clock, signal } = options;
  let { incarnation } = options;
  const offsets = await reader.offsets();
  const committed = new Map(await reader.committed(group));
  const ends = await chainEnds(lake, prefix, signal);
  const next = new Map<number, number>();
  const fill = (partitions: readonly PartitionOffsets[]): void => {
    for (const { partition, start } of partitions) {
      const last = ends.get(folderOf({ ...incarnation, partition }));
      if (!next.has(partition)) next.set(partition, last === undefined ? start : last + 1);
    }
  };
  const moved = (chain: ChainPartition, expected: number): void => {
    ends.set(folderOf(chain), expected - 1);
    if (chain.incarnation === incarnation.incarnation) next.set(chain.partition, expected);
  };
  fill(offsets);
  return {
    get incarnation() {
      return incarnation;
    },
    renew(newest) {
      incarnation = newest;
      next.clear();
    },
    started: (partition, from) => void next.set(partition, from),
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
      const [partitions, newest] = await Promise.all([reader.offsets(), reader.committed(group)]);
      fill(partitions);
      for (const [partition, offset] of newest) {
        if (committed.get(partition) === offset) continue;
        committed.set(partition, offset);
        if (!own.includes(partition) && offset > 0) moved({ ...incarnation, partition }, offset);
      }
      return new Map(
        partitions
          .filter(({ partition }) => own.includes(partition))
          .map((ends) => [ends.partition, lagOf(ends, next.get(ends.partition))]),
      );
    },
  };
}

/** Of a topic that was made anew all is still to be landed. */
function lagOf({ start, end }: PartitionOffsets, next = start): number {
  return end - (next > end ? start : next);
}
