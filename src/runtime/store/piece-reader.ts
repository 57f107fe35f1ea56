/** Takes bytes off pieces that come one after the other, as many as are wanted at a time. */
export class PieceReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array();

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next bytes, which stay: so many, or fewer where there are no more. */
  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const next = await this.#pieces.next();
      if (next.done === true) break;
      this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    }
    return Buffer.from(this.#held.buffer, this.#held.byteOffset, Math.min(length, this.#held.length));
  }

  /** The next bytes, in pieces as they come. RangeError where there are fewer. */
  async *take(length: number): AsyncIterable<Uint8Array> {
    for (let left = length; left > 0;) {
      if ((await this.peek(1)).length === 0) throw new RangeError('the data is cut off');
      const part = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Lets go of what is left. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
