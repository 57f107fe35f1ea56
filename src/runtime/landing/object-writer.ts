import type { BrokerRecord } from '../resource/broker.ts';
import type { EncodedRecord } from './encode.ts';
import { digest } from '../digest.ts';
import { writeNdjson } from '../store/ndjson.ts';
import type { ChainLink } from './chain.ts';

/** Lines gathered for one object. `bytes` counts them uncompressed: what memory holds. */
export interface OpenObject {
  readonly first: number;
  last: BrokerRecord;
  readonly good: string[];
  readonly rejected: string[];
  bytes: number;
}

export const openObject = (first: number, record: BrokerRecord): OpenObject => ({ first, last: record, good: [], rejected: [], bytes: 0 });

export function addRecord(object: OpenObject, record: BrokerRecord, { rejected, line }: EncodedRecord): void {
  (rejected ? object.rejected : object.good).push(line);
  object.last = record;
  object.bytes += line.length;
}

/** The object's bytes and what its metadata says: the good records, then the flagged ones as a gzip member of their own. */
export async function sealObject({ last, good, rejected }: OpenObject): Promise<{ readonly body: Uint8Array; readonly link: ChainLink }> {
  const goodPart = await writeNdjson(good);
  const rejectedPart = rejected.length === 0 ? Buffer.alloc(0) : await writeNdjson(rejected);
  const body = Buffer.concat([goodPart, rejectedPart]);
  return {
    body,
    link: {
      last: last.offset,
      rows: good.length,
      rejected: rejected.length,
      rejectedFrom: goodPart.length,
      lastDigest: recordDigest(last),
    },
  };
}

export function recordDigest({ key, value, timestamp }: BrokerRecord): string {
  return digest(key ?? '', value ?? '', String(timestamp));
}
