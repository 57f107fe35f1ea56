import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const deflate = promisify(gzip);

/** Lines gathered as UTF-8 bytes, each ended by LF: a fraction of what the same lines cost as strings. */
export class LineBuffer {
  #buffer = Buffer.allocUnsafe(1 << 16);
  #bytes = 0;
  #lines = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get lines(): number {
    return this.#lines;
  }

  add(line: string): void {
    const most = this.#bytes + line.length * 3 + 1;
    if (most > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(most, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#bytes);
      this.#buffer = larger;
    }
    this.#bytes += this.#buffer.write(line, this.#bytes);
    this.#buffer[this.#bytes++] = 10;
    this.#lines++;
  }

  /** The lines compressed, at the fastest level: objects are read once or twice, and compression is most of what writing them costs. */
  compress(): Promise<Uint8Array> {
    return deflate(this.#buffer.subarray(0, this.#bytes), { level: 1 });
  }
}
