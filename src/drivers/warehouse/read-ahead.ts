import type { LoadFile, TableLoad } from '../../runtime/resource/warehouse.ts';

/** Files read ahead of the one that is asked for, and how large they may be for that. */
const AHEAD = 16;
const AHEAD_BYTES = 1 << 20;

/** The bytes of files that are asked for one after the other: small ones are on their way before, as each is a request on a network lake. */
export function readAhead(
  { lake, signal }: Pick<TableLoad, 'lake' | 'signal'>,
  files: readonly LoadFile[],
): (index: number) => AsyncIterable<Uint8Array> {
  const small = new Map<number, Promise<Uint8Array>>();
  return async function* (index) {
    for (const [at, { key, size }] of files.slice(index, index + AHEAD).entries()) {
      if (small.has(index + at) || size > AHEAD_BYTES) continue;
      const read = lake.get(key);
      read.catch(() => {}); // whoever comes to it is told
      small.set(index + at, read);
    }
    const whole = small.get(index);
    small.delete(index);
    const { key } = files[index]!;
    if (whole !== undefined) yield await whole;
    else yield* lake.read(key, signal && { signal });
  };
}
