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

/** What a stream makes of the pieces. */
async function* through(stream: Gzip, pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const ended = new AbortController();
  const feed = async () => {
    for await (const piece of pieces) {
      if (ended.signal.aborted) return;
      if (!stream.write(piece)) await once(stream, 'drain', { signal: ended.signal });
    }
    stream.end();
  };
  const feeding = feed().catch((error: unknown) => {
    if (!ended.signal.aborted) stream.destroy(error as Error);
  });
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    // zeros behind the last member of gzip end the stream before it was fed all
    ended.abort();
    await feeding;
  }
}
