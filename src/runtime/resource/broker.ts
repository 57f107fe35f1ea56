import { resource } from './resource.ts';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
}

/** A record to append. `timestamp` is milliseconds since the epoch. */
export interface ProduceRecord {
  readonly partition: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: number;
}

export interface BrokerRecord extends ProduceRecord {
  readonly offset: number;
}

/** `start` is the first offset still kept, `end` the one that the next record will get. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

/**
 * What Spindle asks of a message broker: few methods, so that any client can stand behind them.
 * Records of one partition keep the order in which they were produced; an acknowledged record survives the process.
 */
export interface Broker {
  /** Creates the topic, or checks that the existing one has as many partitions: TOPIC_MISMATCH otherwise. */
  ensureTopic(topic: TopicSpec): Promise<void>;
  topicNames(): Promise<string[]>;
  /** One entry a partition, in order; TOPIC_UNKNOWN where there is no such topic. */
  offsets(topic: string): Promise<readonly PartitionOffsets[]>;
  /** Appends in the given order, for each partition; resolves once every record is kept. A failed call may have kept a prefix of each partition's records. */
  produce(topic: string, records: readonly ProduceRecord[], options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** The records of one partition with `from <= offset < to`, in order, in batches; ends early at the partition's end. */
  read(
    topic: string,
    partition: number,
    span: { readonly from: number; readonly to: number },
    options?: { readonly signal?: AbortSignal },
  ): AsyncIterable<readonly BrokerRecord[]>;
  /** Remembers, for a group, the next offset to read of each partition. */
  commit(group: string, topic: string, offsets: ReadonlyMap<number, number>): Promise<void>;
  committed(group: string, topic: string): Promise<ReadonlyMap<number, number>>;
}

export const broker = resource<Broker>()('broker');
