import type { ObjectHead, ObjectStore } from '../../runtime/resource/object-store.ts';
import { objectDigest } from './object-digest.ts';
import { checkObjectKey, objectNotFound } from './object-key.ts';
import { checkMetadata } from './object-metadata.ts';
import { joinPieces, pieces } from './pieces.ts';

interface StoredObject {
  readonly head: ObjectHead;
  readonly body: Uint8Array;
}

/** An object store in the memory of this process, for tests. */
export function createMemoryObjectStore(): ObjectStore {
  const objects = new Map<string, StoredObject>();

  /** A key under which something lies was checked when it was put there. */
  function find(key: string): StoredObject | undefined {
    const object = objects.get(key);
    if (object === undefined) checkObjectKey(key);
    return object;
  }

  function set(key: string, body: Uint8Array, metadata: Readonly<Record<string, string>>): ObjectHead {
    const head = { key, size: body.length, etag: objectDigest(body), metadata: checkMetadata(key, metadata) };
    objects.set(key, { head, body: new Uint8Array(body) });
    return head;
  }

  return {
    async putIfAbsent(key, body, metadata) {
      checkObjectKey(key);
      if (objects.has(key)) return 'exists';
      set(key, body, metadata);
      return 'created';
    },
    async put(key, body, metadata) {
      checkObjectKey(key);
      const { size, etag } = set(key, await joinPieces(body), metadata);
      return { key, size, etag };
    },
    async head(key) {
      return find(key)?.head;
    },
    async get(key, range = { from: 0 }) {
      const object = find(key);
      if (object === undefined) throw objectNotFound(key);
      return object.body.slice(range.from, range.to);
    },
    async *read(key, { range = { from: 0 }, signal } = {}) {
      const object = find(key);
      if (object === undefined) throw objectNotFound(key);
      for (const piece of pieces(object.body.slice(range.from, range.to))) {
        signal?.throwIfAborted();
        yield piece;
      }
    },
    async *list(prefix, { after = '', limit = Infinity, signal } = {}) {
      let listed = 0;
      for (const key of [...objects.keys()].toSorted()) {
        signal?.throwIfAborted();
        const object = objects.get(key);
        if (object === undefined || key <= after || !key.startsWith(prefix)) continue;
        if (++listed > limit) return;
        const { size, etag } = object.head;
        yield { key, size, etag };
      }
    },
    async delete(key) {
      checkObjectKey(key);
      objects.delete(key);
    },
  };
}
