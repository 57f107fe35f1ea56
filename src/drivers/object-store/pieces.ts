/** The most bytes that a read gives at once. */
export const PIECE_BYTES = 1 << 18;

/** Bytes in pieces of bounded size; none where there are no bytes. */
export function* pieces(body: Uint8Array): Iterable<Uint8Array> {
  for (let from = 0; from < body.length; from += PIECE_BYTES) yield body.subarray(from, from + PIECE_BYTES);
}

/** A body that is given at once or in pieces, in memory. */
export async function joinPieces(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(new Uint8Array(part));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}
