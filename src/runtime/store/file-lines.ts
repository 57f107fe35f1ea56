import { isSpindleError, SpindleError } from '../errors.ts';
import { decompressPieces } from './decompress-pieces.ts';
import type { Compression } from './compression.ts';
import { splitLines, type Line } from './lines.ts';

/** What the warehouses take as one value, and so as a line: more of one is not kept. */
export const LONGEST_LINE = 16 << 20;

export interface FileText {
  readonly key: string;
  readonly compression: Compression | 'none';
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

/** The lines of a file of the lake, some at a time, without those of white space alone. OBJECT_UNREADABLE, by its key, where it cannot be read to its end. */
export async function* fileLines({ key, compression, bytes, signal }: FileText): AsyncIterable<readonly Line[]> {
  try {
    const text = compression === 'none' ? bytes : decompressPieces(compression, bytes);
    for await (const lines of splitLines(text, LONGEST_LINE)) {
      signal?.throwIfAborted();
      yield lines.filter((line) => !isBlank(line));
    }
  } catch (error) {
    signal?.throwIfAborted();
    // a lake that does not answer, or a Node without zstd, says nothing about the file
    if (isSpindleError(error) && error.code !== 'OBJECT_NOT_FOUND') throw error;
    throw unreadableFile(key, error);
  }
}

function isBlank({ bytes }: Line): boolean {
  return bytes?.every((byte) => byte === 32 || byte === 9 || byte === 13) === true;
}

/** Why a file cannot be read that is another one by now. */
export const REPLACED = 'it was replaced while it was loaded';

export function unreadableFile(key: string, cause: unknown): SpindleError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  // whoever keeps an inbox moves and replaces files: the next listing tells
  const isGone = cause === REPLACED || (isSpindleError(cause) && cause.code === 'OBJECT_NOT_FOUND');
  return new SpindleError('OBJECT_UNREADABLE', `file ${key} cannot be read: ${reason}`, {
    remedy: 'Put a whole file in its place, or take it away, then run the same command again. Nothing was loaded.',
    cause,
    ...(isGone && { transient: true }),
  });
}
