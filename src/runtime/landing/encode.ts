import type { BrokerRecord } from '../resource/broker.ts';
import { setAside } from '../schema/set-aside.ts';
import type { Row } from '../store/row.ts';
import { rowEncoder } from '../store/encode-row.ts';
import { isRecordTime, recordTimes } from './record-time.ts';

/** One record as a line of an object: of the good ones, or flagged with its reasons. */
export interface EncodedRecord {
  readonly rejected: boolean;
  readonly line: string;
}

/** Turns records into lines, validated against the schema's input side as {@link rowEncoder} does. */
export function recordEncoder(topic: string, schema: Row): (record: BrokerRecord) => EncodedRecord {
  const encode = rowEncoder(schema);
  const timeOf = recordTimes();
  const start = `{"_topic":${JSON.stringify(topic)},"_partition":`;
  const reject = (record: BrokerRecord, reasons: readonly string[]): EncodedRecord => ({
    rejected: true,
    line: rejectedLine({ topic, record, recordedAt: timeOf(record.timestamp), reasons }),
  });
  return (record) => {
    const { value, timestamp } = record;
    if (!isRecordTime(timestamp)) return reject(record, [`its timestamp, ${timestamp}, is no time of the years 1 to 9999`]);
    if (value === null) return reject(record, ['the record has no value']);
    const row = encode(value);
    if ('reasons' in row) return reject(record, row.reasons);
    const place = `${start}${record.partition},"_offset":${record.offset},"_recorded_at":"${timeOf(timestamp)}"`;
    return { rejected: false, line: `${place}${row.members}}` };
  };
}

interface Rejection {
  readonly topic: string;
  readonly record: BrokerRecord;
  readonly recordedAt: string;
  readonly reasons: readonly string[];
}

function rejectedLine({ topic, record, recordedAt, reasons }: Rejection): string {
  const { raw, raw_base64, reasons: said } = setAside(record.value, reasons);
  const rejected = {
    topic,
    partition: record.partition,
    offset: record.offset,
    recorded_at: recordedAt,
    raw,
    ...(raw_base64 !== null && { raw_base64 }),
    reasons: said,
  };
  return JSON.stringify({ _rejected: rejected });
}
