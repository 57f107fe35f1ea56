import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectStore } from 'spindle';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { land } from '../../../src/runtime/landing/land.ts';
import { noFaults, type FaultPoint } from '../../../src/runtime/resource/faults.ts';
import type { TopicReader } from '../../../src/runtime/store/topic-handle.ts';
import { manualClock } from '../stream/manual-clock.ts';
import { ROTATION, startFollower, type Follower } from './follow-rig.ts';
import { goodPlays, landedPlaces, Play, PREFIX, TOPIC } from './plays.ts';
import { scriptedTopic, type ScriptedTopic } from './scripted-topic.ts';

const PARTITIONS = 2;
const POINTS = ['land.before-put', 'land.after-put', 'land.after-commit'] as const satisfies readonly FaultPoint[];

/** Where a process stands still, as after SIGSTOP, until it is woken. */
function gate() {
  let open = Promise.resolve();
  let wake: (() => void) | undefined;
  return {
    passed: () => open,
    stall() {
      if (wake === undefined) open = new Promise((resolve) => (wake = resolve));
    },
    wake() {
      wake?.();
      wake = undefined;
    },
  };
}

interface Lander {
  readonly follower: Follower;
  readonly gate: ReturnType<typeof gate>;
  readonly member: number;
}

/** The lake and the topic as one process sees them: it may stand still before and after whatever it asks for. */
function through({ passed }: ReturnType<typeof gate>, lake: ObjectStore, reader: TopicReader) {
  const waiting = async <T>(work: () => Promise<T>): Promise<T> => {
    await passed();
    const result = await work();
    await passed();
    return result;
  };
  return {
    lake: {
      ...lake,
      putIfAbsent: (...put) => waiting(() => lake.putIfAbsent(...put)),
      head: (key) => waiting(() => lake.head(key)),
      async *list(...list) {
        await passed();
        yield* lake.list(...list);
      },
    } satisfies ObjectStore,
    reader: {
      ...reader,
      offsets: () => waiting(reader.offsets),
      async *read(...read) {
        for await (const batch of reader.read(...read)) {
          await passed();
          yield batch;
        }
      },
    } satisfies TopicReader,
  };
}

type Action = (world: World) => void | Promise<void>;

interface World {
  readonly topic: ScriptedTopic;
  readonly lake: ObjectStore;
  readonly landers: Lander[];
  readonly time: ReturnType<typeof manualClock>;
}

const boundedLanding = ({ topic, lake }: Pick<World, 'topic' | 'lake'>) =>
  land({
    topic: TOPIC,
    reader: topic.reader,
    lake,
    prefix: PREFIX,
    schema: Play,
    rotation: { ...ROTATION, records: 7 },
    compression: 'gzip',
    signal: new AbortController().signal,
    faults: noFaults,
    progress: () => {},
  });

const partition = fc.integer({ min: 0, max: PARTITIONS - 1 });
/** Which of the landers that there are then. */
const which = fc.nat(3);
const named = (act: (lander: Lander, world: World) => void): fc.Arbitrary<Action> =>
  which.map((index) => (world) => {
    const lander = world.landers[index % Math.max(1, world.landers.length)];
    if (lander !== undefined) act(lander, world);
  });

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...goodPlays(4)) },
  { weight: 1, arbitrary: fc.constantFrom('no JSON', '{}', '') },
);
const appending: fc.Arbitrary<Action> = fc
  .tuple(partition, fc.array(value, { minLength: 1, maxLength: 12 }), fc.constantFrom(0, 0, 0, 3))
  .map(
    ([to, values, gap]) =>
      ({ topic }) =>
        topic.append(to, values, gap),
  );
const starting: fc.Arbitrary<Action> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.option(fc.tuple(fc.constantFrom(...POINTS), fc.integer({ min: 1, max: 4 }), fc.boolean())))
  .map(([records, fault]) => (world) => {
    const { topic, lake, landers, time } = world;
    const own = gate();
    let hits = 0;
    const faults = (at: FaultPoint) => {
      if (fault === null || at !== fault[0] || ++hits !== fault[1]) return;
      if (fault[2]) void lander.follower.kill();
      throw new Error(`injected at ${at}`);
    };
    const member = topic.members.length;
    const lander: Lander = {
      follower: startFollower({ ...through(own, lake, topic.reader), clock: time.clock, rotation: { records }, faults }),
      gate: own,
      member,
    };
    landers.push(lander);
  });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: appending },
  { weight: 2, arbitrary: starting },
  // Any partitions to any member: it may hear late, twice, or never of what it lost.
  {
    weight: 4,
    arbitrary: fc.tuple(which, fc.subarray([0, 1])).map(([index, has]) => ({ topic }: World) => {
      topic.members[index % Math.max(1, topic.members.length)]?.listener.assigned(has);
    }),
  },
  { weight: 2, arbitrary: named(({ gate: own }) => own.stall()) },
  { weight: 2, arbitrary: named(({ gate: own }) => own.wake()) },
  { weight: 1, arbitrary: named(({ follower }) => void follower.kill()) },
  { weight: 1, arbitrary: named(({ follower }) => void follower.drain().catch(() => {})) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(300, 5_000, 60_000).map(
      (milliseconds) =>
        ({ time }: World) =>
          time.advance(milliseconds),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Action>(async (world) => void (await boundedLanding(world))) },
);

describe('several landers of one topic', () => {
  it('land each record in exactly one object, whatever becomes of them, and whoever believes to have a partition', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(action, fc.nat(6)), { minLength: 5, maxLength: 60 }), async (steps) => {
        const world: World = { topic: scriptedTopic(PARTITIONS), lake: createMemoryObjectStore(), landers: [], time: manualClock() };
        const { topic, lake, landers } = world;
        for (const [act, turns] of steps) {
          await act(world);
          for (let turn = 0; turn < turns; turn++) await setImmediate();
        }
        // Zombies go on as well, after others have landed all.
        await boundedLanding(world);
        for (const { gate: own } of landers) own.wake();
        await Promise.all(landers.map(({ follower }) => follower.drain().catch(() => {})));
        await boundedLanding(world);
        expect(await landedPlaces(lake)).toEqual(topic.places());
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});
