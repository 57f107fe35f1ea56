import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import type { BrokerRecord } from '../resource/broker.ts';
import { describeIssue } from '../schema/row-validator.ts';
import { wireSchema } from '../schema/wire-schema.ts';
import type { Row } from '../store/row.ts';

/** JSON.stringify writes a lone surrogate as an escape; warehouses refuse the whole file for it. */
const HALF_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** One record as a line of an object: of the good ones, or flagged with its reasons. */
export interface EncodedRecord {
  readonly rejected: boolean;
  readonly line: string;
}

/** Turns records into lines: parses the JSON once, validates it against the schema's input side, keeps unknown fields in `_extra`. */
export function recordEncoder(topic: string, schema: Row): (record: BrokerRecord) => EncodedRecord {
  const wire = wireSchema(schema);
  const known = new Set(Object.keys(schema.shape));
  const topicJson = JSON.stringify(topic);
  return (record) => {
    const parsed = parseRecord(record.value, wire);
    const recordedAt = new Date(record.timestamp).toISOString();
    if ('reasons' in parsed) return { rejected: true, line: rejectedLine({ topic, record, recordedAt, reasons: parsed.reasons }) };
    const { row, fields } = parsed;
    const place = `{"_topic":${topicJson},"_partition":${record.partition},"_offset":${record.offset},"_recorded_at":"${recordedAt}"`;
    const extra = extraFields(fields, known);
    const body = JSON.stringify(row).slice(1, -1);
    if (body.includes('\\ud') && HALF_SURROGATE.test(body))
      return { rejected: true, line: rejectedLine({ topic, record, recordedAt, reasons: ['a text holds half of a surrogate pair'] }) };
    return {
      rejected: false,
      line: `${place}${body === '' ? '' : `,${body}`}${extra === undefined ? '' : `,"_extra":${JSON.stringify(extra)}`}}`,
    };
  };
}

type Parsed =
  | { readonly row: Record<string, unknown>; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly reasons: readonly string[] };

function parseRecord(value: Uint8Array | null, wire: z.ZodObject): Parsed {
  if (value === null) return { reasons: ['the record has no value'] };
  if (!isUtf8(value)) return { reasons: ['not UTF-8 text'] };
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString());
  } catch (error) {
    return { reasons: [`not JSON: ${(error as SyntaxError).message}`] };
  }
  const result = wire.safeParse(json);
  if (result.success) return { row: result.data, fields: json as Record<string, unknown> };
  return { reasons: result.error.issues.map(describeIssue) };
}

function extraFields(fields: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): Record<string, unknown> | undefined {
  let extra: Record<string, unknown> | undefined;
  for (const name in fields) {
    if (known.has(name) || !Object.hasOwn(fields, name)) continue;
    extra ??= Object.create(null) as Record<string, unknown>;
    extra[name] = fields[name];
  }
  return extra;
}

interface Rejection {
  readonly topic: string;
  readonly record: BrokerRecord;
  readonly recordedAt: string;
  readonly reasons: readonly string[];
}

function rejectedLine({ topic, record, recordedAt, reasons }: Rejection): string {
  const value = record.value === null ? null : Buffer.from(record.value);
  const raw = value === null ? null : value.toString();
  const lossless = value === null || isUtf8(value);
  const rejected = {
    topic,
    partition: record.partition,
    offset: record.offset,
    recorded_at: recordedAt,
    raw,
    ...(!lossless && { raw_base64: value.toString('base64') }),
    reasons,
  };
  return JSON.stringify({ _rejected: rejected });
}
