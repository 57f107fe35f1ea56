import { open, type FileHandle } from 'node:fs/promises';
import { SpindleError } from '../../../runtime/errors.ts';
import type { ByteRange } from '../../../runtime/resource/object-store.ts';
import { ifPresent } from '../../disk/file-error.ts';
import { readAt } from '../../disk/read-at.ts';
import { objectNotFound } from '../object-key.ts';
import { PIECE_BYTES } from '../pieces.ts';
import type { Layout } from './layout.ts';
import { findObject } from './sidecar.ts';

/** An object may be replaced between the look at its sidecar and that at its body. */
const READ_ATTEMPTS = 5;

interface OpenBody {
  readonly handle: FileHandle;
  /** The range's end in the object. */
  readonly to: number;
}

/** The body that the sidecar says, opened: it stays the same where the object is replaced. */
async function openBody(layout: Layout, key: string, range: ByteRange): Promise<OpenBody> {
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
    const found = await findObject(layout, key);
    if (found === undefined) throw objectNotFound(key);
    const handle = await ifPresent(open(layout.body(key), 'r'));
    if (handle === undefined) continue;
    if (await isWhole(handle, found.size)) return { handle, to: Math.min(range.to ?? found.size, found.size) };
  }
  throw new SpindleError('STORE_CORRUPT', `the file of object '${key}' is missing or was changed: ${layout.body(key)}`, {
    remedy: `Restore the file, or delete it together with ${layout.sidecar(key)} and materialize the asset again.`,
  });
}

/** Whether the file is as long as that; closed where it is not. */
async function isWhole(handle: FileHandle, size: number): Promise<boolean> {
  let whole = false;
  try {
    whole = (await handle.stat()).size === size;
  } finally {
    if (!whole) await handle.close();
  }
  return whole;
}

/** The bytes of the range. */
export async function getBody(layout: Layout, key: string, range: ByteRange): Promise<Uint8Array> {
  const { handle, to } = await openBody(layout, key, range);
  try {
    return await readAt(handle, range.from, Math.max(0, to - range.from));
  } finally {
    await handle.close();
  }
}

/** The bytes of the range, in pieces. */
export async function* readBody(
  layout: Layout,
  key: string,
  { range, signal }: { readonly range: ByteRange; readonly signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const { handle, to } = await openBody(layout, key, range);
  try {
    for (let { from } = range; from < to; from += PIECE_BYTES) {
      signal?.throwIfAborted();
      yield await readAt(handle, from, Math.min(PIECE_BYTES, to - from));
    }
  } finally {
    await handle.close();
  }
}
