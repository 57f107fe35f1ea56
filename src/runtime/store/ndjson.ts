import { decompress, type Compression } from './compression.ts';

/** The values of a compressed NDJSON object. Lines end at LF alone: U+2028 may stand inside a JSON text. */
export async function readNdjson(body: Uint8Array, compression: Compression = 'gzip'): Promise<readonly unknown[]> {
  const text = Buffer.from(await decompress(compression, body)).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
