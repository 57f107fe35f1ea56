import { createHash } from 'node:crypto';

/** Draws a number in [0, 1), a multiple of 2^-32. */
export type Random = () => number;

/** Two words to seed a {@link createRandom} with, from whatever names its purpose. */
export function seedWords(...purpose: readonly (string | number)[]): readonly [number, number] {
  const digest = createHash('sha256').update(JSON.stringify(purpose)).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4)];
}

/**
 * A generator of its own for each (words, counter): sfc32 of Chris Doty-Humphrey's PractRand 0.95 (public domain), seeded with three words and 15
 * draws thrown away, as there, so that nearby seeds give unrelated streams.
 */
export function createRandom([first, second]: readonly [number, number], counter: number): Random {
  let a = first | 0;
  let b = second | 0;
  let c = counter | 0;
  let d = 1;
  const next = (): number => {
    const drawn = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + drawn) | 0;
    return (drawn >>> 0) * 2 ** -32;
  };
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** One of the values, each as likely as the others; the list must not be empty. */
export function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** A whole number with `low <= n < high`. */
export function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low));
}
