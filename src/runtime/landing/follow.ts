import type { GroupMember } from '../resource/broker.ts';
import type { Clock } from '../resource/clock.ts';
import { keepTrying, type Progress } from '../stream/keep-trying.ts';
import { linkAbort, type LinkedAbort } from '../stream/linked-abort.ts';
import type { StreamNotice } from '../stream/notice.ts';
import { recordEncoder } from './encode.ts';
import { currentIncarnation } from './incarnation.ts';
import { consumerGroup, type TopicLanding } from './land.ts';
import { landPartition, type LandTools } from './land-partition.ts';
import { openPositions } from './positions.ts';
import { createOpenObjects } from './rotation.ts';
import { rememberTopic } from './same-topic.ts';
import { startOffset } from './start-offset.ts';

export interface FollowOptions extends TopicLanding {
  /** The key of the topic's asset. */
  readonly source: string;
  readonly clock: Clock;
  /** Ends it in order: what was read is landed. */
  readonly drain: AbortSignal;
  tell(notice: StreamNotice): void;
}

/** Milliseconds between two looks at the ends of the topic, and for the next incarnation. */
const LOOK = 5_000;

interface Lane extends Progress {
  readonly signal: AbortSignal;
}

/**
 * Lands a topic until it is told to end, together with all others in its consumer group: of the partitions that the group gives to this process, each by
 * itself. A partition that fails is taken up again; the others go on. Where the next incarnation is begun, all go over to it.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { reader, prefix, lake, clock, signal, tell } = options;
  const group = consumerGroup(prefix);
  const drain = linkAbort(options.drain);
  const hard = linkAbort(signal);
  const stopping = linkAbort(signal, drain.signal);
  /** The partitions that this process has, and how to let go of one. */
  const lanes = new Map<number, LinkedAbort>();
  /** All that is under way, of partitions that were lost too. */
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
    drain.abort(error);
  };
  const positions = await openPositions({ ...options, incarnation: await currentIncarnation(options), group });
  const shared = { encode: recordEncoder(options.topic, options.schema), open: createOpenObjects() };
  let life = { number: positions.incarnation.incarnation, over: linkAbort() };
  let member: GroupMember | undefined;

  /** Lands the partition in the present incarnation, until that is over. */
  const landOnce = async (partition: number, lane: Lane): Promise<void> => {
    const sameTopic = await rememberTopic(options.topic, reader);
    const chain = { ...(await renew()), partition };
    const present = linkAbort(lane.signal, life.over.signal);
    const tools: LandTools = {
      ...options,
      ...shared,
      sameTopic,
      commit: async (offsets) => member?.commit(offsets),
      landed(object) {
        lane.progressed();
        tell(positions.landed(chain, object));
      },
    };
    try {
      const ends = (await reader.offsets())[partition];
      if (ends === undefined) return;
      const start = await startOffset({ lake, reader, signal: present.signal }, chain, ends);
      positions.started(partition, start.from);
      if (start.from >= ends.end) lane.idle();
      await landPartition(tools, { chain, ...start, to: Infinity, signal: present.signal, drain: drain.signal });
    } finally {
      present.unlink();
    }
  };
  const land = async (partition: number, lane: Lane): Promise<void> => {
    for (;;) {
      const { over } = life;
      try {
        return await landOnce(partition, lane);
      } catch (error) {
        if (!over.signal.aborted || lane.signal.aborted || drain.signal.aborted) throw error;
      }
    }
  };
  /** The newest incarnation. Where it is a new one, what lands the one before is given up: the new one begins at the topic's start. */
  const renew = async () => {
    const newest = await currentIncarnation(options);
    if (newest.incarnation > life.number) {
      life.over.abort(new DOMException('The next incarnation was begun.', 'AbortError'));
      life = { number: newest.incarnation, over: linkAbort() };
      positions.renew(newest);
    }
    return positions.incarnation;
  };
  const begin = (partition: number): LinkedAbort => {
    const lane = linkAbort(hard.signal);
    const work = keepTrying((progress) => land(partition, { signal: lane.signal, ...progress }), {
      clock,
      until: lane.signal,
      drain: drain.signal,
      tell: (notice) => tell({ ...notice, partition }),
    });
    const done = work.catch(fail).finally(() => {
      lane.unlink();
      running.delete(done);
    });
    running.add(done);
    return lane;
  };
  const assigned = (partitions: readonly number[]): void => {
    if (stopping.signal.aborted) return;
    tell({ type: 'assigned', partitions });
    for (const [partition, lane] of lanes) {
      if (partitions.includes(partition)) continue;
      lane.abort(new DOMException('The partition went to another member.', 'AbortError'));
      lanes.delete(partition);
    }
    for (const partition of partitions) if (!lanes.has(partition)) lanes.set(partition, begin(partition));
  };
  const look = async ({ progressed }: Progress): Promise<void> => {
    while (!stopping.signal.aborted) {
      await renew();
      tell({ type: 'lag', lag: await positions.look([...lanes.keys()]) });
      progressed();
      await clock.sleep(LOOK, stopping.signal).catch(() => {}); // the end is no error
    }
  };

  try {
    member = await reader.join(group, { assigned, failed: fail });
    await keepTrying(look, { clock, until: stopping.signal, drain: drain.signal, tell });
  } finally {
    drain.abort(undefined);
    await Promise.all(running);
    for (const link of [stopping, drain, hard]) link.unlink();
    await member?.leave();
  }
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
