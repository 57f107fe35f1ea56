import { once } from 'node:events';
import type { Gzip } from 'node:zlib';
import { decompressorOf, type Compression } from './compression.ts';
import { PieceReader } from './piece-reader.ts';
import { framePieces } from './zstd-frames.ts';

/**
 * The text of some members that come in pieces: memory holds a few pieces, whatever the size. Rejects what is cut off, was changed or is of no such format; CONFIG_INVALID where
 * this version of Node does not have the compression.
 */
export async function* decompressPieces(compression: Compression, pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const decompressor = decompressorOf(compression);
  switch (compression) {
    case 'gzip':
      return yield* through(decompressor(), pieces);
    case 'zstd': {
      const reader = new PieceReader(pieces);
      try {
        // Node ends with the first frame, whatever comes behind it
        do yield* through(decompressor(), framePieces(reader));
        while ((await reader.peek(1)).length > 0);
      } finally {
        await reader.close();
      }
    }
  }
}

interface Fed {
  readonly start: number;
  readonly piece: Uint8Array;
}

/** What a stream makes of the pieces. Zeros behind the last member of gzip pad it and end the stream; it would pass over all that follows, so anything else there is refused. */
async function* through(stream: Gzip, pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const left = new AbortController();
  const fed: Fed[] = [];
  const feed = async () => {
    let size = 0;
    for await (const piece of pieces) {
      if (left.signal.aborted) return;
      if (stream.readableEnded) assertPadding(piece);
      else {
        fed.push({ start: size, piece });
        while (fed[0] !== undefined && fed[0].start + fed[0].piece.length <= stream.bytesWritten) fed.shift();
        if (!stream.write(piece)) await Promise.race(['drain', 'end'].map((event) => once(stream, event, { signal: left.signal })));
      }
      size += piece.length;
    }
    stream.end();
  };
  const feeding = feed().catch((error: unknown) => {
    if (left.signal.aborted) return;
    if (stream.readableEnded) throw error;
    stream.destroy(error as Error);
  });
  feeding.catch(() => {}); // whoever reads to the end is told
  try {
    yield* stream as AsyncIterable<Uint8Array>;
    await feeding;
    for (const { start, piece } of fed) assertPadding(piece.subarray(Math.max(0, stream.bytesWritten - start)));
  } finally {
    left.abort();
    await feeding.catch(() => {});
  }
}

function assertPadding(bytes: Uint8Array): void {
  if (bytes.some((byte) => byte !== 0)) throw new Error('something else follows its compressed text');
}
