import type { SASLOptions } from 'kafkajs';
import type { Broker, GroupMember } from '../../runtime/resource/broker.ts';
import { noFaults, type Faults } from '../../runtime/resource/faults.ts';
import { createAssigner } from './kafka/assigner.ts';
import { Cluster } from './kafka/cluster.ts';
import { openCompressor } from './kafka/codec.ts';
import { GroupOffsets } from './kafka/group-offsets.ts';
import { closedError } from './kafka/kafka-error.ts';
import { loadKafkaJs } from './kafka/load-kafka-js.ts';
import { createLog, createNotices } from './kafka/log.ts';
import { joinGroup } from './kafka/member.ts';
import { connectionSettings, openSocket } from './kafka/node.ts';
import { Producer } from './kafka/producer.ts';
import { Reader } from './kafka/reader.ts';
import type { KafkaSettings } from './kafka/settings.ts';
import { topicId } from './kafka/topic-id.ts';
import { Topics } from './kafka/topics.ts';

export type KafkaBroker = Broker & { close(): Promise<void> };

export interface KafkaBrokerOptions {
  readonly settings: KafkaSettings;
  notify(message: string): void;
  readonly faults?: Faults;
}

/** Apache Kafka, or what speaks its protocol, from version 2.3 on. Nothing is connected before it is used. */
export async function openKafkaBroker({ settings, notify, faults = noFaults }: KafkaBrokerOptions): Promise<KafkaBroker> {
  const [{ kafkajs, internals }, compressor] = await Promise.all([loadKafkaJs(), openCompressor(settings.compression)]);
  const cluster = new Cluster(internals, settings, notify);
  const topics = new Topics(cluster);
  const producer = new Producer(cluster, topics, { compressor, faults });
  const reader = new Reader(cluster, topics);
  const groups = new GroupOffsets(cluster, topics);
  const members = new Set<GroupMember>();
  const tell = createNotices(notify);
  let closed = false;

  function kafka() {
    const { ssl, sasl } = connectionSettings(settings);
    return new kafkajs.Kafka({
      brokers: [...settings.brokers],
      clientId: settings.clientId,
      ...(ssl !== undefined && { ssl }),
      ...(sasl !== undefined && { sasl: sasl as SASLOptions }),
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      socketFactory: openSocket,
      logLevel: kafkajs.logLevel.WARN,
      logCreator: createLog(tell),
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
    });
  }

  return {
    ensureTopic: (spec) => topics.ensure(spec),
    topicNames: () => topics.names(),
    offsets: (topic) => topics.offsets(topic),
    topicId: (topic) => topicId(cluster, topic),
    produce: (topic, records, options = {}) => producer.produce(topic, records, options),
    read: (topic, partition, span, options) => reader.read(topic, partition, { ...span, ...options }),
    commit: (group, topic, offsets) => groups.commit(group, topic, offsets),
    committed: (group, topic) => groups.committed(group, topic),
    async join(group, topic, listener) {
      if (closed) throw closedError();
      // kafkajs would keep the reason to itself where the group or the topic may not be used
      await groups.committed(group, topic);
      const partitions = (name: string) => topics.partitions(name);
      const joined = await joinGroup(kafka(), {
        group,
        topic,
        listener,
        settings,
        tell,
        partitions,
        // the second one is for members that are no Spindle
        createAssigner: (owned) => [createAssigner(kafkajs, { owned, partitions }), kafkajs.PartitionAssigners.roundRobin],
      });
      const member: GroupMember = {
        commit: (offsets) => joined.commit(offsets),
        async leave() {
          members.delete(member);
          await joined.leave();
        },
      };
      members.add(member);
      if (closed) await member.leave();
      return member;
    },
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all([...members].map((member) => member.leave()));
      await cluster.close();
    },
  };
}
