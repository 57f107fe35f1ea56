import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ObjectHead, ObjectInfo } from '../../../runtime/resource/object-store.ts';

const METADATA = 'x-amz-meta-';

/** The headers of an answer without a body. */
export async function headersOf(response: IncomingMessage): Promise<IncomingHttpHeaders> {
  for await (const _ of response);
  return response.headers;
}

export async function textOfBody(response: IncomingMessage): Promise<string> {
  return (await bytesOf(response)).toString();
}

/** All of the body, in one buffer that is allocated once where the server says how long it is. */
export async function bytesOf(response: IncomingMessage): Promise<Buffer> {
  const length = Number(response.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(length)) {
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }
  const body = Buffer.allocUnsafeSlow(length);
  let offset = 0;
  for await (const piece of response) offset += (piece as Buffer).copy(body, offset);
  return body;
}

/** An etag without its quotation marks. */
export function etagOf(text: string | undefined): string {
  return (text ?? '').replace(/^(?:W\/)?"(.*)"$/, '$1');
}

export function infoOf(key: string, size: number, headers: IncomingHttpHeaders): ObjectInfo {
  return { key, size, etag: etagOf(headers.etag) };
}

export function headOf(key: string, headers: IncomingHttpHeaders): ObjectHead {
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(METADATA) && typeof value === 'string' ? [[name.slice(METADATA.length), value]] : [],
  );
  return { ...infoOf(key, Number(headers['content-length']), headers), metadata: Object.fromEntries(metadata) as Record<string, string> };
}

/** The headers that carry metadata. */
export function metadataHeaders(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [METADATA + name, value]));
}
