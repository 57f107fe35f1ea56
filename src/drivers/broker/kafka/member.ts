import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, Kafka, PartitionAssigner } from 'kafkajs';
import type { GroupListener, GroupMember } from '../../../runtime/resource/broker.ts';
import { isLeftOut } from './group-offsets.ts';
import { toSpindleError, typeOf } from './kafka-error.ts';
import type { KafkaSettings } from './settings.ts';

/** How often a member says that it lives, and hears that the group is to be divided anew. */
const HEARTBEAT_MILLISECONDS = 1_000;
/** kafkajs's loop, which has nothing to fetch, sleeps so long between heartbeats, and when it is stopped. */
const IDLE_MILLISECONDS = 100;
/** How often a member looks whether the topic is there and has more partitions. */
const TOPIC_MILLISECONDS = 10_000;
/** How long a group waits, when it is divided anew, for members that have not come back. */
const REBALANCE_MILLISECONDS = 30_000;
/** A member that cannot say goodbye is forgotten by the group after its session. */
const LEAVE_MILLISECONDS = 5_000;
const RETRIES = { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000 };

export interface Membership {
  readonly group: string;
  readonly topic: string;
  readonly listener: GroupListener;
  readonly settings: KafkaSettings;
  tell(message: string): void;
  /** How many partitions the topic has by now, 0 where it is gone. */
  partitions(topic: string): Promise<number>;
  createAssigner(owned: () => Readonly<Record<string, readonly number[]>>): readonly PartitionAssigner[];
}

/**
 * A place in a group, by a consumer of kafkajs that reads nothing: with all partitions paused, its loop only says that the member lives, however long
 * somebody works on what was read by offset.
 */
export async function joinGroup(
  kafka: Kafka,
  { group, topic, listener, settings, tell, partitions, createAssigner }: Membership,
): Promise<GroupMember> {
  const { sessionTimeout } = settings;
  let mine: readonly number[] = [];
  let state: 'joining' | 'joined' | 'left' = 'joining';
  let crash: { readonly error: unknown } | undefined;
  const consumer = kafka.consumer({
    groupId: group,
    partitionAssigners: [...createAssigner(() => ({ [topic]: mine }))],
    sessionTimeout,
    rebalanceTimeout: REBALANCE_MILLISECONDS,
    heartbeatInterval: Math.min(HEARTBEAT_MILLISECONDS, Math.floor(sessionTimeout / 3)),
    maxWaitTimeInMs: IDLE_MILLISECONDS,
    metadataMaxAge: TOPIC_MILLISECONDS,
    allowAutoTopicCreation: false,
    retry: {
      ...RETRIES,
      // kafkajs joins anew after what may pass, for which it takes a topic that is gone too
      restartOnFailure: async (error) =>
        state !== 'left' && (typeOf(error) !== 'UNKNOWN_TOPIC_OR_PARTITION' || (await partitions(topic)) > 0),
    },
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    if (state === 'left') return;
    consumer.pause([{ topic }]);
    mine = (payload.memberAssignment[topic] ?? []).toSorted((a, b) => a - b);
    listener.assigned(mine);
  });
  consumer.on(consumer.events.CRASH, ({ payload: { restart, error } }) => {
    mine = [];
    if (state === 'left') return;
    if (restart) {
      tell(`${error.message}; joining the group '${group}' again`);
      return;
    }
    crash = { error: toSpindleError(error, { right: 'Read', topic, group }, settings) };
    if (state === 'joined') listener.failed(crash.error);
  });

  try {
    await consumer.connect();
    await consumer.subscribe({ topic });
    await consumer.run({ autoCommit: false, eachBatch: async () => {} });
    // what stops the first attempt to join for good is told by an event only
    if (crash !== undefined) throw crash.error;
  } catch (error) {
    state = 'left';
    await consumer.disconnect();
    throw toSpindleError(error, { right: 'Read', topic, group }, settings);
  }
  state = 'joined';
  return {
    commit: (offsets) => commit(consumer, topic, new Map([...offsets].filter(([partition]) => mine.includes(partition)))),
    async leave() {
      if (state === 'left') return;
      state = 'left';
      mine = [];
      await Promise.race([consumer.disconnect(), sleep(LEAVE_MILLISECONDS, undefined, { ref: false })]);
    },
  };
}

async function commit(consumer: Consumer, topic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
  if (offsets.size === 0) return;
  try {
    await consumer.commitOffsets([...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) })));
  } catch (error) {
    if (!isLeftOut(error)) throw error;
  }
}
