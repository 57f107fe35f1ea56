import { finished } from 'node:stream/promises';
import type { Gzip } from 'node:zlib';
import { compressorOf, type Compression, type Compressor } from './compression.ts';

/** Bytes that are compressed as one piece: large enough that the thread pool's work outweighs the call, small enough to hold one for each open object. */
const PIECE = 256 << 10;
/** Pieces under way at most; a caller that waits for `settled` between batches keeps to it. */
const PIECES = 2;

/**
 * Lines of text, each ended by LF, compressed by and by as they come: memory holds what is compressed already and a piece of what is not. What stays below a piece is compressed
 * at once in the end, without a stream of its own.
 */
export class CompressedLines {
  readonly #compressor: Compressor;
  readonly #done: Buffer[] = [];
  readonly #spare: Buffer[] = [];
  #piece: Buffer | undefined;
  #filled = 0;
  #before = 0;
  #lines = 0;
  #compressed = 0;
  #stream: Gzip | undefined;
  #failure: Error | undefined;
  #underWay = 0;
  #wake: (() => void) | undefined;

  /** CONFIG_INVALID where this version of Node does not have the compression. */
  constructor(compression: Compression) {
    this.#compressor = compressorOf(compression);
  }

  /** Uncompressed. */
  get bytes(): number {
    return this.#before + this.#filled;
  }

  get lines(): number {
    return this.#lines;
  }

  /** What memory holds. */
  get held(): number {
    return this.#compressed + (this.#piece?.length ?? 0) + this.#underWay * PIECE;
  }

  add(line: string): void {
    const most = line.length * 3 + 1;
    if (this.#piece !== undefined && this.#filled + most > this.#piece.length) this.#push();
    this.#piece ??= most > PIECE ? Buffer.allocUnsafe(most) : (this.#spare.pop() ?? Buffer.allocUnsafe(PIECE));
    this.#filled += this.#piece.write(line, this.#filled);
    this.#piece[this.#filled++] = 10;
    this.#lines++;
  }

  /** Resolves when there is room for more. */
  async settled(): Promise<void> {
    while (this.#underWay >= PIECES && this.#failure === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Everything, compressed. Nothing can be added any more. */
  async finish(): Promise<Uint8Array> {
    if (this.#stream === undefined) return this.#compressor.all(this.#piece?.subarray(0, this.#filled) ?? Buffer.alloc(0));
    if (this.#filled > 0) this.#push();
    this.#stream.end();
    await finished(this.#stream, { cleanup: true });
    return Buffer.concat(this.#done);
  }

  /** Lets go of what was gathered. */
  discard(): void {
    this.#stream?.destroy();
  }

  #push(): void {
    const piece = this.#piece;
    if (piece === undefined) return;
    this.#stream ??= this.#open();
    this.#underWay++;
    this.#stream.write(piece.subarray(0, this.#filled), () => {
      this.#underWay--;
      if (piece.length === PIECE) this.#spare.push(piece);
      this.#wake?.();
    });
    this.#before += this.#filled;
    this.#filled = 0;
    this.#piece = undefined;
  }

  #open(): Gzip {
    const stream = this.#compressor.stream();
    stream.on('data', (chunk: Buffer) => {
      this.#done.push(chunk);
      this.#compressed += chunk.length;
    });
    stream.on('error', (error) => {
      this.#failure = error;
      this.#wake?.();
    });
    return stream;
  }
}
