import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const inflate = promisify(gunzip);
const deflate = promisify(gzip);

/** The values of a gzip-compressed NDJSON object. Lines end at LF alone: U+2028 may stand inside a JSON text. */
export async function readNdjson(body: Uint8Array): Promise<readonly unknown[]> {
  const text = (await inflate(body)).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** Lines as a gzip-compressed NDJSON object, at the fastest level. */
export async function writeNdjson(lines: readonly string[]): Promise<Uint8Array> {
  return deflate(lines.length === 0 ? '' : `${lines.join('\n')}\n`, { level: 1 });
}
