import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes the names in a folder survive a power loss: created, linked, renamed and removed ones. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates the folder and its parents, durably. */
export async function ensureDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/** Writes a new file and its bytes durably; its name is durable once its folder is synced. `between` is called when half of the bytes are written. */
export async function writeNewFile(path: string, body: Uint8Array | string, between?: () => void): Promise<void> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const handle = await open(path, 'wx');
  try {
    const half = between === undefined ? 0 : bytes.length >> 1;
    await handle.writeFile(bytes.subarray(0, half));
    between?.();
    await handle.writeFile(bytes.subarray(half));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file as a whole: readers, and whoever starts after a crash, see the old content or the new. */
export async function replaceFile(path: string, body: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeNewFile(temporary, body);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}
