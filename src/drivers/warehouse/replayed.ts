import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { LoadObject } from '../../runtime/resource/warehouse.ts';
import { readGood } from './chain-object.ts';

/** A replay among the objects of a load. */
export type Replay = LoadObject & { readonly resolves: string };

/** One row of a replay: the dead letter that it was. */
export interface ReplayedRow {
  /** The key of the replay. */
  readonly object: string;
  /** What the key of the object that carried the dead letter begins with. */
  readonly resolves: string;
  readonly topic: unknown;
  readonly partition: unknown;
  readonly offset: unknown;
}

export function isReplay(object: LoadObject): object is Replay {
  return object.resolves !== undefined;
}

/** The rows of a replay, few enough to pass through Node. */
export async function readReplayed(lake: ObjectStore, replay: Replay): Promise<readonly ReplayedRow[]> {
  const rows = await readGood(lake, replay);
  const { key: object, resolves } = replay;
  return rows.map(({ _topic: topic, _partition: partition, _offset: offset }) => ({ object, resolves, topic, partition, offset }));
}
