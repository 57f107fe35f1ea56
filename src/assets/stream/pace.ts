import { setTimeout } from 'node:timers/promises';

/** The same items at no more than `rate` a second, evenly; ends with the signal's reason when it fires. */
export async function* pace<T>(items: Iterable<T>, rate: number, signal: AbortSignal): AsyncIterable<T> {
  const start = performance.now();
  let count = 0;
  for (const item of items) {
    const due = start + (count++ / rate) * 1000;
    const early = due - performance.now();
    if (early > 1) await setTimeout(early, undefined, { signal });
    yield item;
  }
}
