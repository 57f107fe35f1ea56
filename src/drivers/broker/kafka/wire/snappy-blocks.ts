/*
 * Kafka's clients frame snappy as snappy-java does: a magic of 8 bytes, two versions, then blocks, each behind its length (all 32 bits, big endian).
 * Some write one bare block without any of that.
 */
const MAGIC = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0]);
const VERSION = 1;
const HEAD_BYTES = 16;
const BLOCK_BYTES = 32 * 1024;

type Block = (bytes: Uint8Array) => Promise<Uint8Array>;

export async function packSnappy(bytes: Uint8Array, compress: Block): Promise<Uint8Array> {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeInt32BE(VERSION, 8);
  head.writeInt32BE(VERSION, 12);
  const parts: Uint8Array[] = [head];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = await compress(bytes.subarray(at, at + BLOCK_BYTES));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

export async function unpackSnappy(packed: Uint8Array, uncompress: Block): Promise<Uint8Array> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return uncompress(bytes);
  const parts: Uint8Array[] = [];
  for (let at = HEAD_BYTES; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readInt32BE(at);
    parts.push(await uncompress(bytes.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(parts);
}
