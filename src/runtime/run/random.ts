import { createHash } from 'node:crypto';

/** Numbers in [0, 1) from a seed of texts. (sfc32, from PractRand by Chris Doty-Humphrey: 128 bits of state, here filled by SHA-256.) */
export function seededRandom(...seed: readonly (string | number)[]): () => number {
  const state = createHash('sha256').update(JSON.stringify(seed)).digest();
  let a = state.readInt32LE(0);
  let b = state.readInt32LE(4);
  let c = state.readInt32LE(8);
  let counter = 1;
  return () => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 4_294_967_296;
  };
}
