import { digest } from '../digest.ts';
import type { BrokerRecord } from '../resource/broker.ts';
import { LineBuffer } from '../store/line-buffer.ts';
import type { ChainLink } from './chain.ts';
import type { EncodedRecord } from './encode.ts';

/** Records gathered for one object. */
export interface OpenObject {
  readonly first: number;
  last: BrokerRecord;
  readonly good: LineBuffer;
  readonly rejected: LineBuffer;
}

export const openObject = (first: number, record: BrokerRecord): OpenObject => ({
  first,
  last: record,
  good: new LineBuffer(),
  rejected: new LineBuffer(),
});

export function addRecord(object: OpenObject, record: BrokerRecord, { rejected, line }: EncodedRecord): void {
  (rejected ? object.rejected : object.good).add(line);
  object.last = record;
}

export const recordsOf = ({ good, rejected }: OpenObject): number => good.lines + rejected.lines;

/** Uncompressed: what memory holds. */
export const bytesOf = ({ good, rejected }: OpenObject): number => good.bytes + rejected.bytes;

/** The object's bytes and what its metadata says: the good records, then the flagged ones as a gzip member of their own. */
export async function sealObject({ last, good, rejected }: OpenObject): Promise<{ readonly body: Uint8Array; readonly link: ChainLink }> {
  const goodPart = await good.compress();
  const rejectedPart = rejected.lines === 0 ? Buffer.alloc(0) : await rejected.compress();
  const body = Buffer.concat([goodPart, rejectedPart]);
  return {
    body,
    link: { last: last.offset, rows: good.lines, rejected: rejected.lines, rejectedFrom: goodPart.length, lastDigest: recordDigest(last) },
  };
}

export function recordDigest({ key, value, timestamp }: BrokerRecord): string {
  return digest(key ?? '', value ?? '', String(timestamp));
}
