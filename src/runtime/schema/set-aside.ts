import { isUtf8 } from 'node:buffer';
import type { DeadLetter } from './dead-letter.ts';

/** What a dead letter says of the value that was set aside: `raw_base64` only where the bytes are no UTF-8, so that `raw` does not tell them all. */
export function setAside(value: Uint8Array | null, reasons: readonly string[]): Pick<DeadLetter, 'raw' | 'raw_base64' | 'reasons'> {
  const bytes = value && Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return {
    raw: bytes && bytes.toString(),
    raw_base64: bytes !== null && !isUtf8(bytes) ? bytes.toString('base64') : null,
    reasons: reasons.map(wellFormed),
  };
}

/** Reasons quote the record, and may cut a surrogate pair in two. */
const wellFormed = (text: string): string => Buffer.from(text).toString();
