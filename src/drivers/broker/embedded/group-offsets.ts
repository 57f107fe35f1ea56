import { join } from 'node:path';
import { ensureDirectory, replaceFile } from '../../disk/durable-file.ts';
import { readJsonFile } from '../../disk/json-file.ts';
import { createQueue } from '../../disk/queue.ts';

/** The next offset to read; as an object with notes beside it where some versions wrote it. */
type Stored = number | { readonly offset: number };
type ByTopic = Readonly<Record<string, Readonly<Record<string, Stored>>>>;

/** The committed offsets: one JSON file a group, replaced as a whole. */
export interface GroupOffsets {
  read(group: string, topic: string): Promise<Map<number, number>>;
  merge(group: string, topic: string, offsets: ReadonlyMap<number, number>): Promise<void>;
}

const restored = (entry: Stored): number => (typeof entry === 'number' ? entry : entry.offset);

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
        const added = Object.fromEntries(offsets);
        await replaceFile(path(group), JSON.stringify({ ...all, [topic]: { ...all[topic], ...added } }));
      });
    },
  };
}
