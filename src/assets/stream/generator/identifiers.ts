import { seedWords } from './random.ts';

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID (version 8 of RFC 9562) for each sequence number below 2^48, unique by construction: the last group is a bijection of the sequence
 * number. The groups in the middle tell one purpose from another.
 */
export function createIdentifiers(...purpose: readonly (string | number)[]): (sequence: number) => string {
  const [salt, tail] = seedWords(...purpose);
  const middle = `-${hex16(tail >>> 16)}-8${hex16(tail).slice(1)}-a`;
  return (sequence) => {
    const low = scramble(sequence ^ salt);
    // Only `low` and the carry tell sequence numbers apart; the other digits hide that they are a count.
    const first = scramble(low ^ tail);
    const second = scramble(first);
    const high = Math.floor(sequence / 2 ** 32) ^ second;
    return `${hex16(first >>> 16)}${hex16(first)}${middle}${hex16(second >>> 16).slice(1)}-${hex16(low >>> 16)}${hex16(low)}${hex16(high)}`;
  };
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain): a bijection on 32 bits. */
function scramble(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The low 16 bits as four digits. */
function hex16(word: number): string {
  return HEX[(word >>> 8) & 0xff]! + HEX[word & 0xff]!;
}
