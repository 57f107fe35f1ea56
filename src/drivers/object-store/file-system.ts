import type { ObjectInfo, ObjectStore } from '../../runtime/resource/object-store.ts';
import type { Faults } from '../../runtime/resource/faults.ts';
import { ensureDirectory } from '../disk/durable-file.ts';
import { guardDisk } from '../disk/file-error.ts';
import { getBody, readBody } from './file-system/body.ts';
import { clearStaging, deleteObject, finishDeletion } from './file-system/deletion.ts';
import { withKeyLock } from './file-system/key-lock.ts';
import { createLayout, type Layout } from './file-system/layout.ts';
import { findObject, readSidecar, settle } from './file-system/sidecar.ts';
import { claimKey, discard, replaceSidecar, stageObject, type StagedObject } from './file-system/staging.ts';
import { walkKeys } from './file-system/walk.ts';

/** Sidecars read at once while listing. */
const LIST_BATCH = 32;

export interface FileSystemStoreOptions {
  /** Created where missing; any number of processes may use it. */
  readonly directory: string;
  readonly faults: Faults;
}

/** Creates the object unless the key has one. */
async function create(layout: Layout, staged: StagedObject): Promise<'created' | 'exists'> {
  const { key } = staged.sidecar;
  while (!(await claimKey(layout, staged))) {
    const found = await readSidecar(layout, key);
    if (found === undefined) continue;
    if (!('deleted' in found)) {
      await settle(layout, found);
      return 'exists';
    }
    await finishDeletion(layout, key);
  }
  await settle(layout, staged.sidecar);
  return 'created';
}

/** Creates or replaces the object. The one before is settled first: its body must not be moved over the new one later. */
async function replace(layout: Layout, staged: StagedObject): Promise<void> {
  const { key } = staged.sidecar;
  await withKeyLock(layout, key, async () => {
    while (!(await claimKey(layout, staged))) {
      const found = await readSidecar(layout, key);
      if (found === undefined) continue;
      if (!('deleted' in found)) await settle(layout, found);
      await replaceSidecar(layout, key, staged.id);
      break;
    }
    await settle(layout, staged.sidecar);
  });
}

/**
 * Objects as plain files at their keys' paths. A sidecar in a hidden tree, created by link(2), is what decides that an object
 * exists and what it holds; whoever finds one whose body is not at its place yet moves it there.
 */
export async function openFileSystemStore({ directory, faults }: FileSystemStoreOptions): Promise<ObjectStore> {
  const layout = createLayout(directory);
  await guardDisk(`opening ${directory}`, async () => {
    await ensureDirectory(layout.sidecars);
    await ensureDirectory(layout.temporary);
    await clearStaging(layout);
  });

  async function withStaged<T>(object: Parameters<typeof stageObject>[2], work: (staged: StagedObject) => Promise<T>): Promise<T> {
    return guardDisk(`writing object '${object.key}'`, async () => {
      const staged = await stageObject(layout, faults, object);
      const result = await work(staged);
      // after an error the object may exist and need the staged body: then the next opener clears up
      await discard(layout, staged.id);
      return result;
    });
  }

  async function info(key: string): Promise<ObjectInfo | undefined> {
    const found = await findObject(layout, key);
    return found && { key, size: found.size, etag: found.etag };
  }

  return {
    async putIfAbsent(key, body, metadata) {
      if ((await findObject(layout, key)) !== undefined) return 'exists';
      return withStaged({ key, body, metadata }, (staged) => create(layout, staged));
    },
    async put(key, body, metadata) {
      return withStaged({ key, body, metadata }, async (staged) => {
        await replace(layout, staged);
        const { size, etag } = staged.sidecar;
        return { key, size, etag };
      });
    },
    async head(key) {
      const found = await findObject(layout, key);
      return found && { key, size: found.size, etag: found.etag, metadata: found.metadata };
    },
    get: (key, range = { from: 0 }) => getBody(layout, key, range),
    read: (key, { range = { from: 0 }, signal } = {}) => readBody(layout, key, { range, ...(signal && { signal }) }),
    async *list(prefix, { after = '', limit = Infinity, signal } = {}) {
      let keys: string[] = [];
      let listed = 0;
      const batch = async () => {
        signal?.throwIfAborted();
        const found = (await present(keys)).slice(0, limit - listed);
        keys = [];
        listed += found.length;
        return found;
      };
      for await (const key of walkKeys(layout.sidecars, { prefix, after })) {
        if (keys.push(key) < Math.min(LIST_BATCH, limit - listed)) continue;
        yield* await batch();
        if (listed >= limit) return;
      }
      yield* await batch();
    },
    delete: (key) => guardDisk(`deleting object '${key}'`, () => deleteObject(layout, key)),
    localPath: (key) => layout.body(key),
  };

  async function present(keys: readonly string[]): Promise<ObjectInfo[]> {
    return (await Promise.all(keys.map(info))).filter((object) => object !== undefined);
  }
}
