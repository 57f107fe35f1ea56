/** What the messages of Airflow's supervisor are made of: the values of JSON, and instants. */
export type Packed = null | boolean | number | string | Date | readonly Packed[] | { readonly [key: string]: Packed | undefined };

/** MessagePack of a value; members of an object that are undefined are left out. Instants are written as text. */
export function pack(value: Packed): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: Packed | undefined, parts: Buffer[]): void {
  if (value === null || value === undefined) parts.push(Buffer.of(0xc0));
  else if (typeof value === 'boolean') parts.push(Buffer.of(value ? 0xc3 : 0xc2));
  else if (typeof value === 'number') parts.push(packNumber(value));
  else if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    parts.push(head({ short: 0xa0, room: 32, long: [0xd9, 0xda, 0xdb] }, bytes.length), bytes);
  } else if (value instanceof Date) write(value.toISOString(), parts);
  else if (isList(value)) {
    parts.push(head({ short: 0x90, room: 16, long: [undefined, 0xdc, 0xdd] }, value.length));
    for (const item of value) write(item, parts);
  } else {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    parts.push(head({ short: 0x80, room: 16, long: [undefined, 0xde, 0xdf] }, entries.length));
    for (const [key, member] of entries) {
      write(key, parts);
      write(member, parts);
    }
  }
}

const isList = (value: object): value is readonly Packed[] => Array.isArray(value);

interface Heads {
  /** The first byte of what is shorter than `room`, to which the length is added. */
  readonly short: number;
  readonly room: number;
  /** The first bytes before a length of 1, 2 and 4 bytes. */
  readonly long: readonly [number | undefined, number | undefined, number];
}

function head({ short, room, long: [one, two, four] }: Heads, length: number): Buffer {
  if (length < room) return Buffer.of(short + length);
  if (one !== undefined && length < 2 ** 8) return Buffer.of(one, length);
  const isShort = two !== undefined && length < 2 ** 16;
  const bytes = Buffer.alloc(isShort ? 3 : 5);
  if (isShort) bytes.writeUInt16BE(length, bytes.writeUInt8(two));
  else bytes.writeUInt32BE(length, bytes.writeUInt8(four));
  return bytes;
}

function packNumber(value: number): Buffer {
  if (Number.isInteger(value) && value >= -0x20 && value < 0x80 && !Object.is(value, -0)) return Buffer.of(value & 0xff);
  const bytes = Buffer.alloc(9);
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) bytes.writeBigInt64BE(BigInt(value), bytes.writeUInt8(0xd3));
  else bytes.writeDoubleBE(value, bytes.writeUInt8(0xcb));
  return bytes;
}

/** The value that all of the bytes are. Integers above 2^53 come as the nearest number. A RangeError where they are no such value. */
export function unpack(bytes: Buffer): Packed {
  let at = 0;
  const skip = (count: number): number => {
    at += count;
    if (at > bytes.length) throw new RangeError(`A message of ${bytes.length} bytes ends too soon.`);
    return at - count;
  };
  const slice = (length: number): Buffer => bytes.subarray(skip(length), at);
  const uint = (size: number): number => (size === 8 ? Number(bytes.readBigUInt64BE(skip(8))) : bytes.readUIntBE(skip(size), size));
  const int = (size: number): number => (size === 8 ? Number(bytes.readBigInt64BE(skip(8))) : bytes.readIntBE(skip(size), size));
  const list = (length: number): Packed => Array.from({ length }, read);
  const text = (length: number): string => slice(length).toString();
  const object = (length: number): Packed => Object.fromEntries(Array.from({ length }, () => [key(), read()]));
  const key = (): string => {
    const name = read();
    if (typeof name !== 'string') throw new RangeError('An object has a key that is no text.');
    return name;
  };
  const extension = (length: number): Packed => {
    const type = int(1);
    const data = slice(length);
    if (type !== -1) throw new RangeError(`Unknown extension ${type}.`);
    return instantOf(data);
  };
  function read(): Packed {
    const byte = uint(1);
    if (byte < 0x80) return byte;
    if (byte < 0x90) return object(byte & 0xf);
    if (byte < 0xa0) return list(byte & 0xf);
    if (byte < 0xc0) return text(byte & 0x1f);
    if (byte >= 0xe0) return byte - 0x100;
    if (byte === 0xc0) return null;
    if (byte === 0xc2 || byte === 0xc3) return byte === 0xc3;
    if (byte >= 0xc7 && byte <= 0xc9) return extension(uint(2 ** (byte - 0xc7)));
    if (byte === 0xca) return bytes.readFloatBE(skip(4));
    if (byte === 0xcb) return bytes.readDoubleBE(skip(8));
    if (byte >= 0xcc && byte <= 0xcf) return uint(2 ** (byte - 0xcc));
    if (byte >= 0xd0 && byte <= 0xd3) return int(2 ** (byte - 0xd0));
    if (byte >= 0xd4 && byte <= 0xd8) return extension(2 ** (byte - 0xd4));
    if (byte >= 0xd9 && byte <= 0xdb) return text(uint(2 ** (byte - 0xd9)));
    if (byte === 0xdc || byte === 0xdd) return list(uint(byte === 0xdc ? 2 : 4));
    if (byte === 0xde || byte === 0xdf) return object(uint(byte === 0xde ? 2 : 4));
    throw new RangeError(`No value begins with the byte ${byte}.`);
  }
  const value = read();
  if (at !== bytes.length) throw new RangeError(`A message has ${bytes.length - at} bytes too many.`);
  return value;
}

/** Timestamps of 32, 64 and 96 bits. To the millisecond: Airflow's intervals begin with seconds. */
function instantOf(data: Buffer): Date {
  const at = (seconds: number, nanoseconds: number) => new Date(seconds * 1_000 + Math.trunc(nanoseconds / 1e6));
  if (data.length === 4) return at(data.readUInt32BE(), 0);
  if (data.length === 12) return at(Number(data.readBigInt64BE(4)), data.readUInt32BE());
  if (data.length !== 8) throw new RangeError(`An instant of ${data.length} bytes.`);
  const word = data.readBigUInt64BE();
  return at(Number(word & 0x3_ffff_ffffn), Number(word >> 34n));
}
