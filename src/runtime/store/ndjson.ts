import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const inflate = promisify(gunzip);

/** The values of a gzip-compressed NDJSON object. Lines end at LF alone: U+2028 may stand inside a JSON text. */
export async function readNdjson(body: Uint8Array): Promise<readonly unknown[]> {
  const text = (await inflate(body)).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
