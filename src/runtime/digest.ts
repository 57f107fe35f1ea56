import { createHash, hash } from 'node:crypto';

/** A short content hash (SHA-256, first 16 hex digits) of texts, each with its length so that no two lists collide by joining. */
export function digest(...parts: readonly (string | Uint8Array)[]): string {
  const bytes = parts.flatMap((part) => [Buffer.from(`${part.length}:`), typeof part === 'string' ? Buffer.from(part) : part]);
  return hash('sha256', Buffer.concat(bytes)).slice(0, 16);
}

/** The same of a list, however long it is. */
export function digestAll(parts: readonly (string | Uint8Array)[]): string {
  const sha256 = createHash('sha256');
  for (const part of parts) sha256.update(`${part.length}:`).update(part);
  return sha256.digest('hex').slice(0, 16);
}

/** JSON with the keys of every object sorted: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
