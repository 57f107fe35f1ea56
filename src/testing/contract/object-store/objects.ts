import type { ByteRange, ObjectStore } from '../../../runtime/resource/object-store.ts';

export const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
export const text = (body: Uint8Array): string => new TextDecoder().decode(body);

/** 4 MiB, more than any store passes on at once, no two parts of it alike. */
export function largeBody(): Uint8Array {
  return new Uint8Array(Uint32Array.from({ length: 1 << 20 }, (_, i) => Math.imul(i, 2_654_435_761)).buffer);
}

export async function keysOf(store: ObjectStore, prefix: string, after?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, after === undefined ? {} : { after })) keys.push(key);
  return keys;
}

/** What is read in pieces. */
export async function readText(store: ObjectStore, key: string, range?: ByteRange): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const piece of store.read(key, range === undefined ? {} : { range })) read.push(new Uint8Array(piece));
  return text(Buffer.concat(read));
}
