import type { ByteRange, ObjectStore } from '../../runtime/resource/object-store.ts';

/** Objects read ahead of the one that is asked for, and how large they may be for that. */
const AHEAD = 16;
const AHEAD_BYTES = 1 << 20;

/** An object of the lake, or a range of it. */
export interface Part {
  readonly key: string;
  /** Of what is read, in bytes. */
  readonly size: number;
  readonly range?: ByteRange;
}

interface Reading {
  readonly lake: ObjectStore;
  readonly signal?: AbortSignal | undefined;
}

/** The bytes of parts that are asked for one after the other, by their index: small ones are on their way before, as each is a request on a network lake. Empty ones need not be asked for. */
export function readAhead({ lake, signal }: Reading, parts: readonly Part[]): (index: number) => AsyncIterable<Uint8Array> {
  const small = new Map<number, Promise<Uint8Array>>();
  return async function* (index) {
    for (const [at, { key, size, range }] of parts.slice(index, index + AHEAD).entries()) {
      if (small.has(index + at) || size === 0 || size > AHEAD_BYTES) continue;
      const read = lake.get(key, range);
      read.catch(() => {}); // whoever comes to it is told
      small.set(index + at, read);
    }
    const whole = small.get(index);
    small.delete(index);
    const { key, range } = parts[index]!;
    if (whole !== undefined) yield await whole;
    else yield* lake.read(key, { ...(range && { range }), ...(signal && { signal }) });
  };
}
