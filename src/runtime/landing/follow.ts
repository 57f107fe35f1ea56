import type { GroupMember } from '../resource/broker.ts';
import type { Clock } from '../resource/clock.ts';
import type { Faults } from '../resource/faults.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import type { Compression } from '../store/compression.ts';
import type { Row } from '../store/row.ts';
import type { TopicReader } from '../store/topic-handle.ts';
import { keepTrying } from '../stream/keep-trying.ts';
import type { StreamNotice } from '../stream/notice.ts';
import { chainEnds } from './chain-end.ts';
import { recordEncoder } from './encode.ts';
import { currentIncarnation } from './incarnation.ts';
import { consumerGroup } from './land.ts';
import { landPartition, type LandTools } from './land-partition.ts';
import { createPositions } from './positions.ts';
import { createOpenObjects, type Rotation } from './rotation.ts';
import { startOffset } from './start-offset.ts';

export interface FollowOptions {
  readonly topic: string;
  /** The key of the topic's asset. */
  readonly source: string;
  readonly reader: TopicReader;
  readonly lake: ObjectStore;
  readonly prefix: string;
  readonly schema: Row;
  readonly rotation: Rotation;
  readonly compression: Compression;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** Ends it in order: what was read is landed. */
  readonly drain: AbortSignal;
  tell(notice: StreamNotice): void;
}

/** Milliseconds between two looks at the ends of the topic. */
const LOOK = 5_000;

/** A partition that this process has. */
interface Lane {
  stop(): void;
  readonly done: Promise<void>;
}

/**
 * Lands a topic until it is told to end, together with all others in its consumer group: of the partitions that the group gives to this process, each by
 * itself. A partition that fails is taken up again; the others go on.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { reader, prefix, lake, clock, signal, tell } = options;
  const group = consumerGroup(prefix);
  const ending = new AbortController();
  const drain = AbortSignal.any([options.drain, ending.signal]);
  const stopping = AbortSignal.any([signal, drain]);
  const lanes = new Map<number, Lane>();
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
    ending.abort();
  };
  await reader.offsets(); // a topic that is not there yet is told before anything is begun
  const incarnation = await currentIncarnation(options);
  const positions = createPositions({
    incarnation,
    ends: await chainEnds(lake, prefix, signal),
    source: options.source,
    group,
    reader,
    clock,
  });
  const shared = { encode: recordEncoder(options.topic, options.schema), open: createOpenObjects(), elapsed: () => clock.elapsed() };
  let member: GroupMember | undefined;

  const land = async (partition: number, lane: { readonly signal: AbortSignal; progressed(): void }): Promise<void> => {
    const chain = { ...(await currentIncarnation(options)), partition };
    const tools: LandTools = {
      ...options,
      ...shared,
      commit: async (offsets) => member?.commit(offsets),
      landed(object) {
        lane.progressed();
        tell(positions.landed(chain, object));
      },
    };
    const ends = (await reader.offsets())[partition];
    if (ends === undefined) return;
    const from = await startOffset({ lake, reader, signal: lane.signal }, chain, ends);
    positions.started(partition, from);
    await landPartition(tools, { chain, from, to: Infinity, signal: lane.signal, drain });
  };
  const begin = (partition: number): Lane => {
    const lost = new AbortController();
    const until = AbortSignal.any([signal, lost.signal]);
    const done = keepTrying((progressed) => land(partition, { signal: until, progressed }), {
      clock,
      until,
      drain,
      tell: (notice) => tell({ ...notice, partition }),
    });
    return { stop: () => lost.abort(new DOMException('The partition went to another member.', 'AbortError')), done: done.catch(fail) };
  };
  const assigned = (partitions: readonly number[]): void => {
    if (drain.aborted) return;
    tell({ type: 'assigned', partitions });
    for (const [partition, { stop }] of lanes) {
      if (partitions.includes(partition)) continue;
      stop();
      lanes.delete(partition);
    }
    for (const partition of partitions) if (!lanes.has(partition)) lanes.set(partition, begin(partition));
  };
  const look = async (progressed: () => void): Promise<void> => {
    while (!stopping.aborted) {
      tell({ type: 'lag', lag: await positions.look([...lanes.keys()]) });
      progressed();
      await clock.sleep(LOOK, stopping).catch(() => {}); // the end is no error
    }
  };

  member = await reader.join(group, { assigned, failed: fail });
  try {
    await keepTrying(look, { clock, until: stopping, drain, tell });
  } finally {
    ending.abort();
    await Promise.all([...lanes.values()].map(({ done }) => done));
    await member.leave();
  }
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
