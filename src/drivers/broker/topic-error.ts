import { SpindleError } from '../../runtime/errors.ts';
import type { TopicSpec } from '../../runtime/resource/broker.ts';

export function unknownTopic(topic: string, known: readonly string[]): SpindleError {
  const listed = known.length === 0 ? 'the broker has no topics' : `the broker has ${known.join(', ')}`;
  return new SpindleError('TOPIC_UNKNOWN', `there is no topic '${topic}': ${listed}`, {
    remedy: 'Materialize the asset that produces the topic first.',
  });
}

export function topicMismatch(found: TopicSpec, wanted: TopicSpec): SpindleError {
  return new SpindleError(
    'TOPIC_MISMATCH',
    `topic '${found.name}' has ${found.partitions} partitions, but ${wanted.partitions} are declared: the number cannot change, since keys would move`,
    { remedy: `Declare ${found.partitions} partitions again, or use a new topic name.` },
  );
}

/** Refuses a partition that the topic does not have. */
export function checkPartition(topic: TopicSpec, partition: number): void {
  if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitions) return;
  throw new SpindleError('TOPIC_MISMATCH', `topic '${topic.name}' has partitions 0 to ${topic.partitions - 1}: there is no ${partition}`);
}

/** Refuses what Kafka would refuse too: https://kafka.apache.org names are at most 249 letters, digits, dots, underscores and hyphens. */
export function checkTopic({ name, partitions }: TopicSpec): void {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,248}$/.test(name)) {
    throw new SpindleError(
      'CONFIG_INVALID',
      `'${name}' is no topic name: use up to 249 letters, digits, '.', '_' and '-', not starting with '.'`,
    );
  }
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new SpindleError('CONFIG_INVALID', `topic '${name}' needs at least one partition, not ${partitions}`);
  }
}

export function offsetOutOfRange(topic: string, partition: number, from: number): SpindleError {
  return new SpindleError(
    'OFFSET_OUT_OF_RANGE',
    `topic '${topic}' partition ${partition} starts at offset 0: offset ${from} was never there`,
  );
}
