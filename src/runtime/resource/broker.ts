import { resource } from './resource.ts';

/** Milliseconds for which a topic keeps a record, counted from the record's own timestamp. */
export type Retention = number | 'forever';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** The broker's own default unless given. */
  readonly retention?: Retention;
}

/** A topic as the broker has it. */
export interface TopicState {
  readonly retention: Retention;
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
  /** Who appended it: where that was asked for, and the broker knows. */
  readonly author?: RecordAuthor;
}

/** Who appended a record to a partition, and as which of its records there, from 0 on; -1 for who has appended none. */
export interface RecordAuthor {
  readonly id: string;
  readonly sequence: number;
}

/** `start` is the first offset still kept, `end` the one that the next record will get. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** At the partition's end, waits for more records in place of ending. */
  readonly follow?: boolean;
  /** Gives each record its author. */
  readonly authors?: boolean;
}

export interface ProduceOptions {
  readonly signal?: AbortSignal;
  /**
   * Goes on in place of those who appended these records, by partition, in this call and in those that follow it: as each of them, right behind that record.
   * What they still have under way is then refused; or, where it was faster, this call is, with PRODUCER_FENCED.
   */
  readonly behind?: ReadonlyMap<number, RecordAuthor>;
}

/** What a member of a consumer group is told. */
export interface GroupListener {
  /**
   * All the partitions that are this member's now, each time the group divides them anew, in order. It may go on with those that it keeps. Another
   * member may have begun with one that it loses before it hears of that, and after a pause of its process it may hear late.
   */
  assigned(partitions: readonly number[]): void;
  /** The membership ended for good: nothing more is assigned. */
  failed(error: unknown): void;
}

/** A place in a consumer group. The broker hears that the member lives however long the member works on what it read. */
export interface GroupMember {
  /** As the broker's `commit`, in the member's name; what the broker refuses because the group was divided anew meanwhile is left out. */
  commit(offsets: ReadonlyMap<number, number>): Promise<void>;
  leave(): Promise<void>;
}

/**
 * What Spindle asks of a message broker: few methods, so that any client can stand behind them.
 * Records of one partition keep the order in which they were produced; an acknowledged record survives the process.
 */
export interface Broker {
  /**
   * Creates the topic, or checks that the existing one has as many partitions and keeps records no shorter than asked for: TOPIC_MISMATCH otherwise.
   * Gives the topic as it is.
   */
  ensureTopic(topic: TopicSpec): Promise<TopicState>;
  topicNames(): Promise<string[]>;
  /** One entry a partition, in order; TOPIC_UNKNOWN where there is no such topic. */
  offsets(topic: string): Promise<readonly PartitionOffsets[]>;
  /**
   * Tells the topic from one of the same name that was created after this one was deleted; undefined where the broker does not know. A broker whose topics
   * only its own process could delete has none.
   */
  topicId?(topic: string): Promise<string | undefined>;
  /**
   * Appends in the given order, for each partition; resolves once every record is kept. A failed call may have kept a prefix of each partition's records,
   * and may keep it later still: who goes on after it, or after a process that ended, says behind what.
   */
  produce(topic: string, records: readonly ProduceRecord[], options?: ProduceOptions): Promise<void>;
  /**
   * The records of one partition with `from <= offset < to`, in order, in batches of bounded size; ends early at the partition's end unless it follows.
   * Offsets may have gaps; OFFSET_OUT_OF_RANGE where the broker no longer has `from`.
   */
  read(
    topic: string,
    partition: number,
    span: { readonly from: number; readonly to: number },
    options?: ReadOptions,
  ): AsyncIterable<readonly BrokerRecord[]>;
  /** Remembers, for a group, how far it has come in each partition. A hint: while the group has members, only theirs are sure to be kept. */
  commit(group: string, topic: string, offsets: ReadonlyMap<number, number>): Promise<void>;
  committed(group: string, topic: string): Promise<ReadonlyMap<number, number>>;
  /** Joins a group, whose members divide the topic's partitions among themselves. */
  join(group: string, topic: string, listener: GroupListener): Promise<GroupMember>;
}

export const broker = resource<Broker>()('broker');
