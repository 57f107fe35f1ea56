/*
 * Kafka's variable-length integers: zigzag, then seven bits a byte, the lowest first. Those of records and headers fit in 32 bits; a record's timestamp
 * is up to 64 bits from its batch's, of which a JavaScript number holds 53.
 */
const INT32 = 0x7fff_ffff;

/** Bytes that a length (0 or more, or -1 for null) takes. */
export function sizeOfLength(length: number): number {
  const zigzag = length < 0 ? 1 : length * 2;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x20_0000 ? 3 : zigzag < 0x1000_0000 ? 4 : 5;
}

/** Writes a length and gives where it ends. */
export function writeLength(buffer: Uint8Array, at: number, length: number): number {
  let rest = length < 0 ? 1 : length * 2;
  let next = at;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) buffer[next++] = (rest & 0x7f) | 0x80;
  buffer[next++] = rest;
  return next;
}

const zigzagOf = (value: number) => (value < 0 ? -value * 2 - 1 : value * 2);

/** Bytes that a whole number of up to 52 bits takes. */
export function sizeOfLong(value: number): number {
  let size = 1;
  for (let rest = zigzagOf(value); rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

export function writeLong(buffer: Uint8Array, at: number, value: number): number {
  let rest = zigzagOf(value);
  let next = at;
  for (; rest > INT32; rest = Math.floor(rest / 0x80)) buffer[next++] = (rest % 0x80) | 0x80;
  for (; rest >= 0x80; rest >>>= 7) buffer[next++] = (rest & 0x7f) | 0x80;
  buffer[next++] = rest;
  return next;
}

/** Reads one number after the other. Reading past the end gives numbers that are no use: the caller compares `at` with where it should be. */
export class VarintReader {
  readonly #buffer: Uint8Array;
  at: number;

  constructor(buffer: Uint8Array, at: number) {
    this.#buffer = buffer;
    this.at = at;
  }

  /** A number of up to 32 bits. */
  int(): number {
    const buffer = this.#buffer;
    let byte = buffer[this.at++]!;
    let zigzag = byte & 0x7f;
    for (let shift = 7; byte >= 0x80 && shift < 35; shift += 7) {
      byte = buffer[this.at++]!;
      zigzag |= (byte & 0x7f) << shift;
    }
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  /** A number of up to 64 bits; exact up to 52. */
  long(): number {
    const buffer = this.#buffer;
    let byte = buffer[this.at++]!;
    let zigzag = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80 && factor < 2 ** 70; factor *= 0x80) {
      byte = buffer[this.at++]!;
      zigzag += (byte & 0x7f) * factor;
    }
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
}
