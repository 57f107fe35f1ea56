/**
 * The partition of a keyed record, as Kafka's own clients choose it: murmur2 of the key's UTF-8 bytes, sign bit cleared, modulo the
 * number of partitions. (Source: `org.apache.kafka.common.utils.Utils.murmur2`.) So producers in any language agree with ours.
 */
export function partitionOfKey(key: string, partitions: number): number {
  return partitions === 1 ? 0 : (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}

const M = 0x5bd1e995;

export function murmur2(data: Uint8Array): number {
  const length = data.length;
  const blocks = length & ~3;
  let h = 0x9747b28c ^ length;
  for (let i = 0; i < blocks; i += 4) {
    let k = byte(data, i) | (byte(data, i + 1) << 8) | (byte(data, i + 2) << 16) | (byte(data, i + 3) << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length - blocks;
  if (rest > 2) h ^= byte(data, blocks + 2) << 16;
  if (rest > 1) h ^= byte(data, blocks + 1) << 8;
  if (rest > 0) h = Math.imul(h ^ byte(data, blocks), M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}

const byte = (data: Uint8Array, index: number): number => data[index] ?? 0;
