import { SpindleError } from '../../runtime/errors.ts';
import type { PartitionOffsets, Retention, TopicSpec } from '../../runtime/resource/broker.ts';

export function unknownTopic(topic: string, known: readonly string[]): SpindleError {
  const listed = known.length === 0 ? 'the broker has no topics' : `the broker has ${known.join(', ')}`;
  return new SpindleError('TOPIC_UNKNOWN', `there is no topic '${topic}': ${listed}`, {
    remedy: 'Materialize the asset that produces the topic first.',
  });
}

/** A topic as it exists. */
export interface ExistingTopic {
  readonly partitions: number;
  readonly retention: Retention;
}

const counted = (partitions: number) => (partitions === 1 ? '1 partition' : `${partitions} partitions`);
const span = (retention: Retention) => (retention === 'forever' ? retention : `for ${retention} ms`);
const length = (retention: Retention) => (retention === 'forever' ? Infinity : retention);

/** Refuses an existing topic that has another number of partitions than declared, or that keeps records for a shorter time. */
export function checkExisting(found: ExistingTopic, { name, partitions, retention }: TopicSpec): void {
  if (found.partitions !== partitions) {
    throw new SpindleError(
      'TOPIC_MISMATCH',
      `topic '${name}' has ${counted(found.partitions)}, but ${partitions === 1 ? '1 is' : `${partitions} are`} declared: the number cannot change, since keys would move`,
      { remedy: `Declare ${counted(found.partitions)} again, or use a new topic name.` },
    );
  }
  if (retention === undefined || length(retention) <= length(found.retention)) return;
  const ms = retention === 'forever' ? -1 : retention;
  throw new SpindleError(
    'TOPIC_MISMATCH',
    `topic '${name}' keeps records ${span(found.retention)}, but ${span(retention)} is declared: they would be deleted too early`,
    { remedy: `Set the topic's retention.ms to ${ms} at the broker, declare a shorter retention, or use a new topic name.` },
  );
}

/** Refuses a partition that the topic does not have. */
export function checkPartition(topic: { readonly name: string; readonly partitions: number }, partition: number): void {
  if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitions) return;
  throw new SpindleError('TOPIC_MISMATCH', `topic '${topic.name}' has partitions 0 to ${topic.partitions - 1}: there is no ${partition}`, {
    remedy: 'Declare as many partitions as the topic has, or use a new topic name.',
  });
}

/** Refuses what Kafka would refuse too: https://kafka.apache.org names are at most 249 letters, digits, dots, underscores and hyphens. */
export function checkTopic({ name, partitions, retention }: TopicSpec): void {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,248}$/.test(name)) {
    throw new SpindleError(
      'CONFIG_INVALID',
      `'${name}' is no topic name: use up to 249 letters, digits, '.', '_' and '-', not starting with '.'`,
    );
  }
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new SpindleError('CONFIG_INVALID', `topic '${name}' needs at least one partition, not ${partitions}`);
  }
  if (retention !== undefined && retention !== 'forever' && !(Number.isSafeInteger(retention) && retention > 0)) {
    throw new SpindleError('CONFIG_INVALID', `topic '${name}' needs a retention of whole milliseconds or 'forever', not ${retention}`);
  }
}

/** Refuses to read from an offset that a partition no longer, or does not yet, hold. Its end is allowed: the next record will be there. */
export function checkOffset(topic: string, { partition, start, end }: PartitionOffsets, from: number): void {
  if (from >= start && from <= end) return;
  const why = from < start ? 'it was deleted, or was never there' : 'the topic is shorter than that, or was created anew';
  throw new SpindleError(
    'OFFSET_OUT_OF_RANGE',
    `topic '${topic}' partition ${partition} goes from offset ${start} to ${end}: offset ${from} cannot be read, ${why}`,
    { remedy: `Where landing reported this: spindle landing restart ${topic} begins anew with what the broker holds.` },
  );
}
