import { open } from 'node:fs/promises';
import type { LoadObject, TableLoad } from '../../../runtime/resource/warehouse.ts';
import { guardDisk } from '../../disk/file-error.ts';
import { isPlainPath } from './read-json.ts';
import type { Staging } from '../staging.ts';

/** Objects copied at once: each waits for the network far longer than for the disk. */
const COPIES = 8;

/** Files that DuckDB reads objects from. */
export interface Fetched {
  /** In the order of the objects. */
  readonly paths: readonly string[];
  /** Removes those that are copies. */
  discard(): Promise<void>;
}

/** Finds a file for each object: the object itself where the store has a path for it, a copy otherwise. Nothing is left where one fails. */
export async function fetchObjects(staging: Staging, { lake, signal }: TableLoad, objects: readonly LoadObject[]): Promise<Fetched> {
  const failing = new AbortController();
  const ending = signal === undefined ? failing.signal : AbortSignal.any([signal, failing.signal]);
  const copies: string[] = [];
  const paths = Array.from<string>({ length: objects.length });
  const queue = [...objects.entries()].toReversed();
  const discard = () => staging.remove(...copies);

  const work = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [index, { key }] = next;
      const local = lake.localPath?.(key);
      if (local !== undefined && isPlainPath(local)) {
        paths[index] = local;
        continue;
      }
      const copy = await staging.reserve();
      copies.push(copy);
      await guardDisk(`copying object '${key}'`, () => copyTo(copy, lake.read(key, { signal: ending })));
      paths[index] = copy;
    }
  };
  const fail = (error: unknown) => {
    failing.abort(error); // the others end too, with this reason
    throw error;
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(COPIES, objects.length) }, () => work().catch(fail)));
  if (workers.some(({ status }) => status === 'rejected')) {
    await discard();
    throw ending.reason;
  }
  return { paths, discard };
}

async function copyTo(path: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for await (const piece of body) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}
