import { hash } from 'node:crypto';

/** The etag of a body: its SHA-256 in hexadecimal. */
export function objectDigest(body: Uint8Array): string {
  return hash('sha256', body);
}
