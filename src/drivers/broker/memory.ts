import type { Broker, BrokerRecord, Retention, TopicSpec } from '../../runtime/resource/broker.ts';
import { createArrival, type Arrival } from './arrival.ts';
import { createLocalGroups } from './local-group.ts';
import { checkExisting, checkOffset, checkPartition, checkTopic, unknownTopic } from './topic-error.ts';

const BATCH_RECORDS = 1_000;
const BATCH_BYTES = 1 << 20;

interface Topic {
  readonly spec: TopicSpec;
  /** Only remembered: nothing is deleted. */
  readonly retention: Retention;
  readonly logs: readonly BrokerRecord[][];
  readonly arrival: Arrival;
}

/** A broker in the memory of this process, for tests. */
export function createMemoryBroker(): Broker {
  const topics = new Map<string, Topic>();
  const committed = new Map<string, ReadonlyMap<number, number>>();
  const groups = createLocalGroups();
  const groupId = (group: string, topic: string) => JSON.stringify([group, topic]);

  function find(name: string): Topic {
    const topic = topics.get(name);
    if (topic === undefined) throw unknownTopic(name, [...topics.keys()].toSorted());
    return topic;
  }

  async function commit(group: string, topic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const { spec } = find(topic);
    for (const partition of offsets.keys()) checkPartition(spec, partition);
    committed.set(groupId(group, topic), new Map([...(committed.get(groupId(group, topic)) ?? []), ...offsets]));
  }

  return {
    async ensureTopic(spec) {
      checkTopic(spec);
      const found = topics.get(spec.name);
      if (found !== undefined) {
        checkExisting({ partitions: found.spec.partitions, retention: found.retention }, spec);
        return { retention: found.retention };
      }
      const retention = spec.retention ?? 'forever';
      topics.set(spec.name, { spec, retention, logs: Array.from({ length: spec.partitions }, () => []), arrival: createArrival() });
      return { retention };
    },
    async topicNames() {
      return [...topics.keys()].toSorted();
    },
    async offsets(topic) {
      return find(topic).logs.map((log, partition) => ({ partition, start: 0, end: log.length }));
    },
    async produce(topic, records, options) {
      options?.signal?.throwIfAborted();
      const { spec, logs, arrival } = find(topic);
      for (const record of records) checkPartition(spec, record.partition);
      for (const record of records) {
        const log = logs[record.partition];
        log?.push({ ...record, headers: { ...record.headers }, value: record.value && Uint8Array.from(record.value), offset: log.length });
      }
      arrival.arrived();
    },
    async *read(topic, partition, { from, to }, { signal, follow } = {}) {
      signal?.throwIfAborted();
      const { spec, logs, arrival } = find(topic);
      checkPartition(spec, partition);
      const log = logs[partition] ?? [];
      if (from < to) checkOffset(topic, { partition, start: 0, end: log.length }, from);
      for (let next = from; next < to;) {
        signal?.throwIfAborted();
        const batch = batchOf(log, next, to);
        if (batch.length > 0) yield batch;
        else if (follow) await arrival.wait(signal);
        else return;
        next += batch.length;
      }
    },
    commit,
    async committed(group, topic) {
      find(topic);
      return new Map(committed.get(groupId(group, topic)));
    },
    async join(group, topic, listener) {
      const { spec } = find(topic);
      return groups.join(groupId(group, topic), spec.partitions, { listener, commit: (offsets) => commit(group, topic, offsets) });
    },
  };
}

function batchOf(log: readonly BrokerRecord[], from: number, to: number): readonly BrokerRecord[] {
  const most = Math.min(from + BATCH_RECORDS, to, log.length);
  let end = from;
  for (let bytes = 0; end < most && bytes < BATCH_BYTES; end++) bytes += log[end]?.value?.length ?? 0;
  return log.slice(from, end);
}
