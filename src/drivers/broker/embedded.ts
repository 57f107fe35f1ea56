import { join } from 'node:path';
import { SpindleError } from '../../runtime/errors.ts';
import type { Broker } from '../../runtime/resource/broker.ts';
import type { Faults } from '../../runtime/resource/faults.ts';
import { ensureDirectory } from '../disk/durable-file.ts';
import { guardDisk } from '../disk/file-error.ts';
import { acquireLock } from '../disk/lock.ts';
import { createQueue } from '../disk/queue.ts';
import { createGroupOffsets } from './embedded/group-offsets.ts';
import { createTopic, listTopics, Topic } from './embedded/topic.ts';
import { createLocalGroups } from './local-group.ts';
import { checkExisting, checkOffset, checkPartition, checkTopic, unknownTopic } from './topic-error.ts';

const SEGMENT_BYTES = 64 * 1024 * 1024;
/** Long enough for two that start at once to sort out who is first. */
const LOCK_PATIENCE = 200;

export interface EmbeddedBrokerOptions {
  /** Created where missing; one process owns it while the broker is open. */
  readonly directory: string;
  readonly faults: Faults;
  readonly segmentBytes?: number;
}

export type EmbeddedBroker = Broker & { close(): Promise<void> };

async function takeOwnership(directory: string): Promise<() => Promise<void>> {
  await ensureDirectory(directory);
  const lock = await acquireLock(directory, 'broker', LOCK_PATIENCE);
  if (lock.held) return lock.release;
  const { pid, host } = lock.owner;
  throw new SpindleError('BROKER_LOCKED', `the embedded broker in ${directory} belongs to process ${pid} on ${host}, which is running`, {
    remedy: `Wait until process ${pid} ends or stop it. If it is certain that no such process runs, delete ${lock.path}.`,
    transient: true,
  });
}

/** A broker in a folder, for one process: segment files for each topic partition, every acknowledged record synced to the disk. */
export async function openEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { directory, faults, segmentBytes = SEGMENT_BYTES } = options;
  const topicsDirectory = join(directory, 'topics');
  const release = await guardDisk(`opening ${directory}`, () => takeOwnership(directory));
  const checkpoints = createGroupOffsets(join(directory, 'groups'));
  const groups = createLocalGroups();
  const topics = new Map<string, Topic>();
  const opening = createQueue();
  let closed = false;

  function refuseClosed(): void {
    if (closed) throw new SpindleError('INTERNAL', `the embedded broker in ${directory} was closed and cannot be used any more`);
  }

  function open(name: string): Promise<Topic | undefined> {
    return opening(async () => {
      refuseClosed();
      const topic = topics.get(name) ?? (await Topic.open(topicsDirectory, name, { faults, segmentBytes }));
      if (topic !== undefined) topics.set(name, topic);
      return topic;
    });
  }

  async function find(name: string): Promise<Topic> {
    refuseClosed();
    const topic = topics.get(name) ?? (await open(name));
    if (topic === undefined) throw unknownTopic(name, await listTopics(topicsDirectory));
    return topic;
  }

  async function commit(group: string, topic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const { spec } = await find(topic);
    for (const partition of offsets.keys()) checkPartition(spec, partition);
    await guardDisk(`committing the offsets of group '${group}'`, () => checkpoints.merge(group, topic, offsets));
  }

  return {
    async ensureTopic(spec) {
      checkTopic(spec);
      await guardDisk(`creating topic '${spec.name}'`, () =>
        opening(async () => {
          refuseClosed();
          if (!(await listTopics(topicsDirectory)).includes(spec.name)) await createTopic(topicsDirectory, spec);
        }),
      );
      // nothing is ever deleted here
      const retention = 'forever';
      checkExisting({ partitions: (await find(spec.name)).spec.partitions, retention }, spec);
      return { retention };
    },
    topicNames: () => listTopics(topicsDirectory),
    async offsets(topic) {
      return (await find(topic)).offsets();
    },
    async produce(topic, records, { signal } = {}) {
      signal?.throwIfAborted();
      await (await find(topic)).append(records);
    },
    async *read(topic, partition, { from, to }, { signal, follow } = {}) {
      signal?.throwIfAborted();
      const log = (await find(topic)).log(partition);
      if (from < to) checkOffset(topic, { partition, start: 0, end: log.end }, from);
      for (let next = from; next < to;) {
        for await (const batch of log.read(next, to, signal)) {
          next += batch.length;
          yield batch;
        }
        if (!follow || next >= to) return;
        refuseClosed();
        if (next >= log.end) await log.grown(signal);
      }
    },
    commit,
    async committed(group, topic) {
      await find(topic);
      return checkpoints.read(group, topic);
    },
    async join(group, topic, listener) {
      const { spec } = await find(topic);
      return groups.join(JSON.stringify([group, topic]), spec.partitions, { listener, commit: (offsets) => commit(group, topic, offsets) });
    },
    async close() {
      if (closed) return;
      closed = true;
      await opening(() => Promise.all([...topics.values()].map((topic) => topic.close())));
      await release();
    },
  };
}
