import { SpindleError } from '../errors.ts';
import type { BrokerRecord } from '../resource/broker.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import { readNdjson } from '../store/ndjson.ts';
import { compressionOf } from '../store/compression.ts';
import { headLink } from './chain.ts';

/** A record that landing set aside. */
export interface FlaggedRecord {
  /** As the broker had it, but for key and headers, which are not kept. */
  readonly record: BrokerRecord;
  /** The record's time as ISO 8601 in UTC: the last or first instant of the years 1 to 9999 where it was no time of theirs. */
  readonly recordedAt: string;
  readonly reasons: readonly string[];
}

interface FlaggedLine {
  readonly _rejected: {
    readonly partition: number;
    readonly offset: number;
    readonly recorded_at: string;
    readonly raw: string | null;
    readonly raw_base64?: string;
    readonly reasons: readonly string[];
  };
}

/** The flagged records of an object of a chain, byte for byte as they came. OBJECT_NOT_FOUND, OBJECT_UNREADABLE. */
export async function readFlagged(lake: ObjectStore, key: string): Promise<readonly FlaggedRecord[]> {
  const { rejected, rejectedFrom } = await headLink(lake, key);
  if (rejected === 0) return [];
  const bytes = await lake.get(key, { from: rejectedFrom });
  try {
    return ((await readNdjson(bytes, compressionOf(key))) as readonly FlaggedLine[]).map(flaggedRecord);
  } catch (cause) {
    throw new SpindleError('OBJECT_UNREADABLE', `The flagged records of the object ${key} cannot be read: ${(cause as Error).message}`, {
      remedy: 'Restore the object from a copy, then run the same command again.',
      cause,
    });
  }
}

function flaggedRecord({ _rejected: line }: FlaggedLine): FlaggedRecord {
  const { partition, offset, recorded_at: recordedAt, raw, raw_base64: base64, reasons } = line;
  const value = base64 !== undefined ? Buffer.from(base64, 'base64') : raw === null ? null : Buffer.from(raw);
  return { record: { partition, offset, key: null, headers: {}, timestamp: Date.parse(recordedAt), value }, recordedAt, reasons };
}
