import type { Broker, BrokerRecord, TopicSpec } from '../../runtime/resource/broker.ts';
import { checkPartition, checkTopic, offsetOutOfRange, topicMismatch, unknownTopic } from './topic-error.ts';

const BATCH_RECORDS = 1_000;

interface Topic {
  readonly spec: TopicSpec;
  readonly logs: readonly BrokerRecord[][];
}

/** A broker in the memory of this process, for tests. */
export function createMemoryBroker(): Broker {
  const topics = new Map<string, Topic>();
  const groups = new Map<string, Map<number, number>>();
  const groupId = (group: string, topic: string) => JSON.stringify([group, topic]);

  function find(name: string): Topic {
    const topic = topics.get(name);
    if (topic === undefined) throw unknownTopic(name, [...topics.keys()].toSorted());
    return topic;
  }

  return {
    async ensureTopic(spec) {
      checkTopic(spec);
      const found = topics.get(spec.name);
      if (found === undefined) {
        topics.set(spec.name, { spec, logs: Array.from({ length: spec.partitions }, () => []) });
      } else if (found.spec.partitions !== spec.partitions) {
        throw topicMismatch(found.spec, spec);
      }
    },
    async topicNames() {
      return [...topics.keys()].toSorted();
    },
    async offsets(topic) {
      return find(topic).logs.map((log, partition) => ({ partition, start: 0, end: log.length }));
    },
    async produce(topic, records, options) {
      options?.signal?.throwIfAborted();
      const { spec, logs } = find(topic);
      for (const record of records) checkPartition(spec, record.partition);
      for (const record of records) {
        const log = logs[record.partition];
        log?.push({ ...record, headers: { ...record.headers }, value: record.value && Uint8Array.from(record.value), offset: log.length });
      }
    },
    async *read(topic, partition, span, options) {
      const { spec, logs } = find(topic);
      checkPartition(spec, partition);
      if (span.from < 0) throw offsetOutOfRange(topic, partition, span.from);
      for (let from = span.from; ; from += BATCH_RECORDS) {
        options?.signal?.throwIfAborted();
        const batch = logs[partition]?.slice(from, Math.min(from + BATCH_RECORDS, span.to)) ?? [];
        if (from >= span.to || batch.length === 0) return;
        yield batch;
      }
    },
    async commit(group, topic, offsets) {
      const { spec } = find(topic);
      for (const partition of offsets.keys()) checkPartition(spec, partition);
      groups.set(groupId(group, topic), new Map([...(groups.get(groupId(group, topic)) ?? []), ...offsets]));
    },
    async committed(group, topic) {
      find(topic);
      return new Map(groups.get(groupId(group, topic)));
    },
  };
}
