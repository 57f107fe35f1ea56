import { createHash, randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SpindleError } from '../../../runtime/errors.ts';
import type { Faults } from '../../../runtime/resource/faults.ts';
import { ensureDirectory, syncDirectory, writeNewFile } from '../../disk/durable-file.ts';
import { hasCode, ifPresent } from '../../disk/file-error.ts';
import { currentProcess, formatIdentity } from '../../disk/process-identity.ts';
import { objectDigest } from '../object-digest.ts';
import { checkMetadata } from '../object-metadata.ts';
import type { Layout } from './layout.ts';
import type { Sidecar } from './sidecar.ts';

/*
 * A staged object is two files under the temporary folder: <id>.body and <id>.json. The second outlives the first, so that whoever
 * clears up after a dead process finds the key of every body that a sidecar may name. An id starts with its process.
 */
export interface StagedObject {
  readonly sidecar: Sidecar;
  readonly id: string;
}

const bodyPath = (layout: Layout, id: string) => join(layout.temporary, `${id}.body`);
const copyPath = (layout: Layout, id: string) => join(layout.temporary, `${id}.copy`);
export const stagedSidecarPath = (layout: Layout, id: string) => join(layout.temporary, `${id}.json`);

const newId = () => `${formatIdentity(currentProcess())}+${randomUUID()}`;

export async function discard(layout: Layout, id: string): Promise<void> {
  for (const path of [copyPath(layout, id), bodyPath(layout, id), stagedSidecarPath(layout, id)]) await rm(path, { force: true });
}

/** Makes the folders that the object's files go to. */
async function makeRoom(layout: Layout, key: string): Promise<void> {
  const body = layout.body(key);
  const isFolder = (await ifPresent(stat(body)).catch(refuseClash(key)))?.isDirectory() ?? false;
  if (isFolder) refuseClash(key)();
  await ensureDirectory(dirname(body)).catch(refuseClash(key));
  await ensureDirectory(dirname(layout.sidecar(key))).catch(refuseClash(key));
}

function refuseClash(key: string): (cause?: Error) => never {
  return (cause) => {
    if (cause !== undefined && !hasCode(cause, 'ENOTDIR') && !hasCode(cause, 'EEXIST')) throw cause;
    throw new SpindleError(
      'VALUE_INVALID',
      `object '${key}' cannot be kept as a file: the same path is both an object and a folder of objects`,
      {
        remedy: 'Give one of the two another key.',
        cause,
      },
    );
  };
}

interface NewObject {
  readonly key: string;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Writes body and sidecar durably where nobody looks yet. */
export async function stageObject(layout: Layout, faults: Faults, object: NewObject): Promise<StagedObject> {
  const { key, body } = object;
  const metadata = checkMetadata(key, object.metadata);
  await makeRoom(layout, key);
  const id = newId();
  try {
    const written = await writeBody(bodyPath(layout, id), body, () => faults('land.torn-put'));
    const sidecar: Sidecar = { key, ...written, metadata, body: `${id}.body` };
    await writeNewFile(stagedSidecarPath(layout, id), JSON.stringify(sidecar));
    await syncDirectory(layout.temporary);
    return { sidecar, id };
  } catch (error) {
    await discard(layout, id);
    throw error;
  }
}

async function writeBody(
  path: string,
  body: NewObject['body'],
  between: () => void,
): Promise<{ readonly size: number; readonly etag: string }> {
  if (body instanceof Uint8Array) {
    await writeNewFile(path, body, between);
    return { size: body.length, etag: objectDigest(body) };
  }
  const hash = createHash('sha256');
  let size = 0;
  const handle = await open(path, 'wx');
  try {
    for await (const piece of body) {
      await handle.writeFile(piece);
      hash.update(piece);
      size += piece.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { size, etag: hash.digest('hex') };
}

/** Writes a sidecar that says that the object is gone; returns its id. */
export async function stageTombstone(layout: Layout, key: string): Promise<string> {
  const id = newId();
  await writeNewFile(stagedSidecarPath(layout, id), JSON.stringify({ key, deleted: true }));
  return id;
}

/** Makes the staged sidecar the key's, the moment at which the object exists; false where the key has one. */
export async function claimKey(layout: Layout, { sidecar, id }: StagedObject): Promise<boolean> {
  const path = layout.sidecar(sidecar.key);
  try {
    await link(stagedSidecarPath(layout, id), path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  await syncDirectory(dirname(path));
  return true;
}

/** Puts the staged sidecar in the place of the key's. */
export async function replaceSidecar(layout: Layout, key: string, id: string): Promise<void> {
  const path = layout.sidecar(key);
  await link(stagedSidecarPath(layout, id), copyPath(layout, id));
  await rename(copyPath(layout, id), path);
  await syncDirectory(dirname(path));
}
