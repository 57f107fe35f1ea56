import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory } from '../../disk/durable-file.ts';
import { ifPresent } from '../../disk/file-error.ts';
import { hasEnded, parseIdentity } from '../../disk/process-identity.ts';
import { withKeyLock } from './key-lock.ts';
import type { Layout } from './layout.ts';
import { readSidecar, settle } from './sidecar.ts';
import { discard, replaceSidecar, stagedSidecarPath, stageTombstone } from './staging.ts';

/** Deletes the object: with the tombstone it is gone, the files follow. Body before sidecar, so that nobody creates the key again in between. */
export async function deleteObject(layout: Layout, key: string): Promise<void> {
  await withKeyLock(layout, key, async () => {
    const found = await readSidecar(layout, key);
    if (found === undefined) return;
    if (!('deleted' in found)) {
      await settle(layout, found);
      const id = await stageTombstone(layout, key);
      await replaceSidecar(layout, key, id);
      await discard(layout, id);
    }
    await removeFiles(layout, key);
  });
}

/** Finishes a deletion that another process began. */
export async function finishDeletion(layout: Layout, key: string): Promise<void> {
  await withKeyLock(layout, key, async () => {
    const found = await readSidecar(layout, key);
    if (found !== undefined && 'deleted' in found) await removeFiles(layout, key);
  });
}

async function removeFiles(layout: Layout, key: string): Promise<void> {
  await rm(layout.body(key), { force: true });
  await rm(layout.sidecar(key), { force: true });
  await syncDirectory(dirname(layout.sidecar(key)));
}

/** The key that a staged sidecar is for; undefined where its process died before it was whole, so that nothing can name it. */
async function stagedKey(path: string): Promise<string | undefined> {
  const text = await ifPresent(readFile(path, 'utf8'));
  const [, key] = /^\{"key":("(?:[^"\\]|\\.)*").*\}$/s.exec(text ?? '') ?? [];
  return key === undefined ? undefined : (JSON.parse(key) as string);
}

/** Finishes what processes began that have ended, and removes what they left behind. */
export async function clearStaging(layout: Layout): Promise<void> {
  const ids = new Set<string>();
  for (const file of await readdir(layout.temporary)) {
    const [, lockOwner] = /\.lock\+(.+)$/.exec(file) ?? [];
    const owner = parseIdentity(lockOwner ?? file);
    if (owner === undefined || !hasEnded(owner)) continue;
    if (lockOwner === undefined) ids.add(file.replace(/\.\w+$/, ''));
    else await rm(join(layout.temporary, file), { force: true });
  }
  for (const id of ids) {
    const key = await stagedKey(stagedSidecarPath(layout, id));
    const found = key === undefined ? undefined : await readSidecar(layout, key);
    if (found !== undefined && 'deleted' in found) await finishDeletion(layout, found.key);
    else if (found !== undefined) await settle(layout, found);
    await discard(layout, id);
  }
}
