import type { ObjectStore } from '../../../src/runtime/resource/object-store.ts';

/** The topics, and where the chains of their objects are. */
export const TOPICS = ['listening_events', 'user_activity'] as const;
export type Topic = (typeof TOPICS)[number];
const CHAINS: Readonly<Record<Topic, string>> = { listening_events: 'listening/', user_activity: 'activity/' };

/** How many landed objects the lake has of a topic, and their bytes. */
export async function landedIn(lake: ObjectStore, topic: Topic): Promise<{ readonly count: number; readonly bytes: number }> {
  const sizes: number[] = [];
  for await (const { key, size } of lake.list(CHAINS[topic])) if (key.endsWith('.gz')) sizes.push(size);
  return { count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The digests of days, which are values of gold, byte by byte. */
export async function digestsIn(lake: ObjectStore): Promise<Readonly<Record<string, string>>> {
  const digests: [string, string][] = [];
  for await (const { key } of lake.list('values/gold/daily_digest/')) digests.push([key, Buffer.from(await lake.get(key)).toString()]);
  return Object.fromEntries(digests);
}
