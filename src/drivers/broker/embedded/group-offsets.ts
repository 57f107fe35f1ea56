import { join } from 'node:path';
import type { Checkpoint } from '../../../runtime/resource/broker.ts';
import { ensureDirectory, replaceFile } from '../../disk/durable-file.ts';
import { readJsonFile } from '../../disk/json-file.ts';
import { createQueue } from '../../disk/queue.ts';

/** A checkpoint without a note is its offset alone, as all were before there were notes. */
type Stored = number | Checkpoint;
type ByTopic = Readonly<Record<string, Readonly<Record<string, Stored>>>>;

/** The committed offsets: one JSON file a group, replaced as a whole. */
export interface GroupOffsets {
  read(group: string, topic: string): Promise<Map<number, Checkpoint>>;
  merge(group: string, topic: string, offsets: ReadonlyMap<number, Checkpoint>): Promise<void>;
}

const stored = (checkpoint: Checkpoint): Stored => (checkpoint.note === undefined ? checkpoint.offset : checkpoint);
const restored = (entry: Stored): Checkpoint => (typeof entry === 'number' ? { offset: entry } : entry);

export function createGroupOffsets(directory: string): GroupOffsets {
  const queue = createQueue();
  const path = (group: string) => join(directory, `${encodeURIComponent(group)}.json`);
  const load = async (group: string) => ((await readJsonFile(path(group))) ?? {}) as ByTopic;
  return {
    async read(group, topic) {
      const offsets = Object.entries((await load(group))[topic] ?? {});
      return new Map(offsets.map(([partition, entry]) => [Number(partition), restored(entry)]));
    },
    merge(group, topic, offsets) {
      return queue(async () => {
        await ensureDirectory(directory);
        const all = await load(group);
        const added = Object.fromEntries([...offsets].map(([partition, checkpoint]) => [partition, stored(checkpoint)]));
        await replaceFile(path(group), JSON.stringify({ ...all, [topic]: { ...all[topic], ...added } }));
      });
    },
  };
}
