import { expect, vi } from 'vitest';
import type { ObjectStore } from 'spindle';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { parseChainKey } from '../../../src/runtime/landing/chain.ts';
import { beginNextIncarnation } from '../../../src/runtime/landing/incarnation.ts';
import { follow } from '../../../src/runtime/landing/follow.ts';
import type { Rotation } from '../../../src/runtime/landing/rotation.ts';
import type { Clock } from '../../../src/runtime/resource/clock.ts';
import { noFaults, type Faults } from '../../../src/runtime/resource/faults.ts';
import type { Compression } from '../../../src/runtime/store/compression.ts';
import type { TopicReader } from '../../../src/runtime/store/topic-handle.ts';
import type { StreamNotice } from '../../../src/runtime/stream/notice.ts';
import { manualClock } from '../stream/manual-clock.ts';
import { landedPlaces, Play, PREFIX, TOPIC } from './plays.ts';
import { scriptedTopic } from './scripted-topic.ts';

export interface Following {
  readonly reader: TopicReader;
  readonly lake: ObjectStore;
  readonly clock: Clock;
  readonly rotation?: Partial<Rotation>;
  readonly compression?: Compression;
  readonly faults?: Faults;
}

/** A lander that follows the topic of plays. */
export interface Follower {
  readonly notices: readonly StreamNotice[];
  /** Those of one type. */
  told<T extends StreamNotice['type']>(type: T): Extract<StreamNotice, { type: T }>[];
  /** Orders it to end, and waits for that. */
  drain(): Promise<void>;
  /** Ends it as a process that dies does. */
  kill(): Promise<void>;
  /** Settles when it has ended. */
  readonly done: Promise<void>;
}

export const ROTATION: Rotation = { bytes: 1 << 20, records: 3, every: 5_000, thin: 60_000 };

export function startFollower({ rotation = {}, compression = 'gzip', faults = noFaults, ...rest }: Following): Follower {
  const [hard, drain] = [new AbortController(), new AbortController()];
  const notices: StreamNotice[] = [];
  const done = follow({
    ...rest,
    topic: TOPIC,
    source: 'stream/plays',
    prefix: PREFIX,
    schema: Play,
    rotation: { ...ROTATION, ...rotation },
    compression,
    faults,
    signal: hard.signal,
    drain: drain.signal,
    tell: (notice) => notices.push(notice),
  });
  done.catch(() => {}); // whoever waits for it is told
  return {
    notices,
    told: (type) => notices.filter((notice): notice is never => notice.type === type),
    done,
    drain() {
      drain.abort();
      return done;
    },
    async kill() {
      hard.abort(new Error('killed'));
      await done.catch(() => {}); // it was to end so
    },
  };
}

/** A topic, a lake, a clock, and landers of them. */
export function followScene(partitions = 1) {
  const topic = scriptedTopic(partitions);
  const lake = createMemoryObjectStore();
  const { clock, advance } = manualClock();
  const start = (options: Partial<Following> = {}) => startFollower({ reader: topic.reader, lake, clock, ...options });
  /** Starts one that has these partitions. */
  const startWith = async (has: readonly number[], options: Partial<Following> = {}): Promise<Follower> => {
    const members = topic.members.length;
    const follower = start(options);
    await vi.waitFor(() => expect(topic.members.length).toBeGreaterThan(members));
    topic.members[members]?.listener.assigned(has);
    return follower;
  };
  return { topic, lake, clock, advance, start, startWith, landed: () => landedPlaces(lake) };
}

export const restartLanding = (lake: ObjectStore) => beginNextIncarnation({ lake, prefix: PREFIX, topic: TOPIC, compression: 'gzip' });

/** The lake with another `putIfAbsent` for objects of chains. */
export const withPut = (lake: ObjectStore, put: ObjectStore['putIfAbsent']): ObjectStore => ({
  ...lake,
  putIfAbsent: (...object) => (parseChainKey(object[0]) === undefined ? lake.putIfAbsent(...object) : put(...object)),
});
