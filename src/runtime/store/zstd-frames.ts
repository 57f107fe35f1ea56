import type { PieceReader } from './piece-reader.ts';

/** What begins a frame (RFC 8878), and one that holds no content. */
const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
/** By the flag of a frame: bytes of its content's size, and of the dictionary's id. */
const SIZE_BYTES = [0, 2, 4, 8] as const;
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const RLE = 1;

/** The frames of some zstd bytes, one after the other: Node decompresses the first, and leaves the others out without a word. RangeError for what is cut off, or no zstd. */
export function* zstdFrames(bytes: Uint8Array): Iterable<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < bytes.length;) {
    const [end, hasContent] = frameAt(view, start);
    if (end > bytes.length) throw new RangeError(`the zstd frame at byte ${start} is cut off`);
    if (hasContent) yield bytes.subarray(start, end);
    start = end;
  }
}

/** Where the frame that begins at `start` ends, and whether it has content. */
function frameAt(view: DataView, start: number): readonly [end: number, hasContent: boolean] {
  const need = (at: number, length: number): number => {
    if (at + length > view.byteLength) throw new RangeError(`the zstd frame at byte ${start} is cut off`);
    return at;
  };
  const magic = view.getUint32(need(start, 4), true);
  if (magic >>> 4 === SKIPPABLE >>> 4) return [start + 8 + view.getUint32(need(start + 4, 4), true), false];
  if (magic !== MAGIC) throw new RangeError(`no zstd frame begins at byte ${start}`);
  const descriptor = view.getUint8(need(start + 4, 1));
  let at = start + headerBytes(descriptor);
  for (let isLast = false; !isLast;) {
    need(at, 3);
    const block = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    isLast = (block & 1) === 1;
    at += 3 + blockBytes(block);
  }
  return [at + checksumBytes(descriptor), true];
}

/** The next frame of a reader, which stands at its first byte; nothing of one without content. RangeError for what is cut off, or no zstd. */
export async function* framePieces(reader: PieceReader): AsyncIterable<Uint8Array> {
  const start = await reader.peek(8);
  const magic = start.length < 4 ? undefined : start.readUInt32LE();
  if (magic !== undefined && magic >>> 4 === SKIPPABLE >>> 4 && start.length === 8) {
    for await (const _ of reader.take(8 + start.readUInt32LE(4)));
    yield EMPTY_FRAME;
    return;
  }
  if (magic !== MAGIC) throw new RangeError('no zstd frame begins where one should');
  const descriptor = start[4] ?? 0;
  yield* reader.take(headerBytes(descriptor));
  for (let isLast = false; !isLast;) {
    const head = await reader.peek(3);
    if (head.length < 3) throw new RangeError('the zstd frame is cut off');
    const block = head.readUIntLE(0, 3);
    isLast = (block & 1) === 1;
    yield* reader.take(3 + blockBytes(block));
  }
  yield* reader.take(checksumBytes(descriptor));
}

/** A decompressor wants a frame. */
const EMPTY_FRAME = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0]);

/** Of a frame's header with its magic number, by the byte that describes it. */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0b10_0000) !== 0;
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 && isSingleSegment ? 1 : (SIZE_BYTES[sizeFlag] ?? 0);
  return 5 + (isSingleSegment ? 0 : 1) + (DICTIONARY_BYTES[descriptor & 0b11] ?? 0) + sizeBytes;
}

/** Of a block's content, by its header. */
const blockBytes = (block: number): number => (((block >>> 1) & 0b11) === RLE ? 1 : block >>> 3);

const checksumBytes = (descriptor: number): number => ((descriptor & 0b100) === 0 ? 0 : 4);
