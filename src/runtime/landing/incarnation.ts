import type { ObjectStore } from '../resource/object-store.ts';
import { topicPrefix } from './chain.ts';

const markerKey = (prefix: string, topic: string, incarnation: number): string =>
  `${topicPrefix(prefix, topic)}incarnations/${String(incarnation).padStart(4, '0')}.json`;

/** The incarnation that a topic's chain is in; the first one is begun where there is none. */
export async function currentIncarnation(lake: ObjectStore, prefix: string, topic: string): Promise<number> {
  const newest = await newestIncarnation(lake, prefix, topic);
  return newest > 0 ? newest : begin(lake, { prefix, topic, incarnation: 1 });
}

/** Begins the next incarnation, after the topic was created anew: its chain starts at offset zero again. */
export async function beginNextIncarnation(lake: ObjectStore, prefix: string, topic: string): Promise<number> {
  return begin(lake, { prefix, topic, incarnation: (await newestIncarnation(lake, prefix, topic)) + 1 });
}

/** The newest incarnation that was begun; 0 where none was. */
export async function newestIncarnation(lake: ObjectStore, prefix: string, topic: string): Promise<number> {
  let newest = 0;
  for await (const { key } of lake.list(`${topicPrefix(prefix, topic)}incarnations/`))
    newest = Math.max(newest, Number.parseInt(key.slice(-9), 10));
  return newest;
}

/** Create-only: of several that begin the same incarnation one wins, and it is begun all the same. */
async function begin(
  lake: ObjectStore,
  { prefix, topic, incarnation }: { prefix: string; topic: string; incarnation: number },
): Promise<number> {
  await lake.putIfAbsent(markerKey(prefix, topic, incarnation), Buffer.from(JSON.stringify({ topic, incarnation })), {});
  return incarnation;
}
