import { createArrival } from '../../../src/drivers/broker/arrival.ts';
import { SpindleError } from '../../../src/runtime/errors.ts';
import type { BrokerRecord, GroupListener } from '../../../src/runtime/resource/broker.ts';
import type { TopicReader } from '../../../src/runtime/store/topic-handle.ts';
import { playRecords, TOPIC, type Value } from './plays.ts';

interface Log {
  start: number;
  end: number;
  readonly records: BrokerRecord[];
}

/** A place in the group, whose partitions the test gives. */
export interface ScriptedMember {
  readonly listener: GroupListener;
  left: boolean;
}

/** A topic that does at once what a broker does seldom: gaps, retention, being made anew, members that hear late that they lost a partition. */
export interface ScriptedTopic {
  readonly reader: TopicReader;
  readonly members: readonly ScriptedMember[];
  readonly committed: ReadonlyMap<number, number>;
  /** How a broker that keeps ids of topics tells it from those before it. */
  readonly id: string;
  /** Appends after as many offsets that no record has. */
  append(partition: number, values: readonly Value[], gap?: number): void;
  /** Deletes all before the offset. */
  retain(partition: number, start: number): void;
  /** Makes the topic anew, with other records than it had. */
  recreate(): void;
  /** Every read from now on, and those that wait, fail with it; undefined mends it. */
  fail(error: Error | undefined): void;
  /** `partition:offset` of every record that was ever appended since the topic was made, sorted. */
  places(): string[];
}

const BATCH = 5;

export function scriptedTopic(partitions = 1): ScriptedTopic {
  const arrival = createArrival();
  const committed = new Map<number, number>();
  const members: ScriptedMember[] = [];
  let life = 0;
  let failure: Error | undefined;
  let logs: Log[] = [];
  let places: string[] = [];
  const begin = (): void => {
    logs = Array.from({ length: partitions }, () => ({ start: 0, end: 0, records: [] }));
    places = [];
  };
  begin();
  const logOf = (partition: number): Log => logs[partition] as Log;

  return {
    members,
    committed,
    get id() {
      return `life ${life}`;
    },
    append(partition, values, gap = 0) {
      const log = logOf(partition);
      log.end += gap;
      for (const record of playRecords(values, partition)) {
        places.push(`${partition}:${log.end}`);
        log.records.push({ ...record, timestamp: record.timestamp + life, offset: log.end++ });
      }
      arrival.arrived();
    },
    retain(partition, start) {
      const log = logOf(partition);
      log.start = start;
      log.records.splice(0, log.records.filter(({ offset }) => offset < start).length);
    },
    recreate() {
      life++;
      begin();
      arrival.arrived();
    },
    fail(error) {
      failure = error;
      arrival.arrived();
    },
    places: () => places.toSorted(),
    reader: {
      offsets: async () => logs.map(({ start, end }, partition) => ({ partition, start, end })),
      async *read(partition, { from, to }, { signal, follow } = {}) {
        for (let next = from; next < to;) {
          signal?.throwIfAborted();
          if (failure !== undefined) throw failure;
          const { start, end, records } = logOf(partition);
          if (next < start || next > end)
            throw new SpindleError('OFFSET_OUT_OF_RANGE', `${TOPIC} has ${start} to ${end}, and not ${next}`, { transient: true });
          const at = records.findIndex(({ offset }) => offset >= next);
          const batch = at < 0 ? [] : records.slice(at, at + BATCH).filter(({ offset }) => offset < to);
          next = (batch.at(-1)?.offset ?? Math.min(end, to) - 1) + 1;
          if (batch.length > 0) yield batch;
          else if (next < to && follow === true) await arrival.wait(signal);
          else return;
        }
      },
      async commit(_, offsets) {
        for (const [partition, next] of offsets) committed.set(partition, next);
      },
      committed: async () => new Map(committed),
      async join(_, listener) {
        const member: ScriptedMember = { listener, left: false };
        members.push(member);
        return {
          async commit(offsets) {
            if (!member.left) for (const [partition, next] of offsets) committed.set(partition, next);
          },
          async leave() {
            member.left = true;
          },
        };
      },
    },
  };
}
