import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ifPresent } from '../../disk/file-error.ts';
import { readJsonFile } from '../../disk/json-file.ts';
import type { Layout } from './layout.ts';

/** What is said of an object that exists. `body` names the file under the temporary folder that the bytes were written to first. */
export interface Sidecar {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An object whose deletion began: it is no longer there, but its files may still be. */
export interface Tombstone {
  readonly key: string;
  readonly deleted: true;
}

export async function readSidecar(layout: Layout, key: string): Promise<Sidecar | Tombstone | undefined> {
  // synced before it got its name, so it is whole
  return (await readJsonFile(layout.sidecar(key))) as Sidecar | Tombstone | undefined;
}

/** Moves the body that the sidecar names to its place, unless that was done before. */
export async function settle(layout: Layout, sidecar: Sidecar): Promise<void> {
  await ifPresent(rename(join(layout.temporary, sidecar.body), layout.body(sidecar.key)));
}

/** The object's sidecar with its body in place, undefined where there is no object. */
export async function findObject(layout: Layout, key: string): Promise<Sidecar | undefined> {
  const found = await readSidecar(layout, key);
  if (found === undefined || 'deleted' in found) return undefined;
  await settle(layout, found);
  return found;
}
