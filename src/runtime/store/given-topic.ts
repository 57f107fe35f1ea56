import { SpindleError } from '../errors.ts';
import type { BrokerRecord } from '../resource/broker.ts';
import type { TopicReader } from './topic-handle.ts';

/** Rows that a test gave, as the records of a topic with one partition. Each was recorded a millisecond after the one before. */
export function givenTopicReader(rows: readonly unknown[]): TopicReader {
  const committed = new Map<string, ReadonlyMap<number, number>>();
  const record = (offset: number): BrokerRecord => ({
    partition: 0,
    offset,
    key: null,
    value: Buffer.from(JSON.stringify(rows[offset])),
    headers: {},
    timestamp: offset,
  });
  return {
    offsets: async () => [{ partition: 0, start: 0, end: rows.length }],
    async *read(_partition, { from, to }) {
      const last = Math.min(to, rows.length);
      if (from < last) yield Array.from({ length: last - from }, (_, index) => record(from + index));
    },
    commit: async (group, offsets) => void committed.set(group, offsets),
    committed: async (group) => committed.get(group) ?? new Map(),
    join: async () => {
      throw new SpindleError('INTERNAL', 'Rows that a test gives in place of a topic are not followed.');
    },
  };
}
