import { digest } from '../digest.ts';

/** The version of a topic: changes with each record. `ends` gives the offset behind the last record of each partition, in their order. */
export const topicVersion = (ends: Iterable<readonly [partition: number, end: number]>): string =>
  digest(...Array.from(ends, ([partition, end]) => `${partition}:${end}`));
