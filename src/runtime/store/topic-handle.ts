import type { BrokerRecord, GroupListener, GroupMember, PartitionOffsets, ReadOptions } from '../resource/broker.ts';
import type { Rows } from './rows.ts';

/** The records of one topic, as landing reads them: a broker's, or the rows that a test gave. */
export interface TopicReader {
  offsets(): Promise<readonly PartitionOffsets[]>;
  topicId?(): Promise<string | undefined>;
  read(
    partition: number,
    span: { readonly from: number; readonly to: number },
    options?: ReadOptions,
  ): AsyncIterable<readonly BrokerRecord[]>;
  commit(group: string, offsets: ReadonlyMap<number, number>): Promise<void>;
  committed(group: string): Promise<ReadonlyMap<number, number>>;
  join(group: string, listener: GroupListener): Promise<GroupMember>;
}

/** `Wire` is the schema's input side: what lies at rest. Reads decode it to `T`. */
export interface TopicHandle<T, Wire = T> extends Rows<T> {
  readonly kind: 'topic';
  readonly topic: string;
  readonly reader: TopicReader;
  readonly _wire?: Wire;
}
