import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import type { BrokerRecord } from '../resource/broker.ts';
import { keepNested } from '../schema/keep-nested.ts';
import { describeIssue } from '../schema/row-validator.ts';
import { wireSchema } from '../schema/wire-schema.ts';
import type { Row } from '../store/row.ts';
import { recordLayouts, type Fit } from './record-layouts.ts';
import { isRecordTime, recordTimes } from './record-time.ts';

/** JSON.stringify writes a lone surrogate as an escape; warehouses refuse the whole file for it. */
const HALF_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** For the recursion of writing or validating it. */
const TOO_DEEP = 'nested too deeply';

/** One record as a line of an object: of the good ones, or flagged with its reasons. */
export interface EncodedRecord {
  readonly rejected: boolean;
  readonly line: string;
}

/**
 * Turns records into lines, validated against the schema's input side. Unknown fields are kept in `_extra`, those of objects inside where they are. A text
 * whose layout is known already goes into its line as it is; any other is parsed, once, and written anew.
 */
export function recordEncoder(topic: string, schema: Row): (record: BrokerRecord) => EncodedRecord {
  const wire = keepNested(wireSchema(schema));
  const layouts = recordLayouts(wire);
  const known = new Set(Object.keys(schema.shape));
  const timeOf = recordTimes();
  const start = `{"_topic":${JSON.stringify(topic)},"_partition":`;
  const reject = (record: BrokerRecord, reason: string, ...more: readonly string[]): EncodedRecord => ({
    rejected: true,
    line: rejectedLine({ topic, record, recordedAt: timeOf(record.timestamp), reasons: [reason, ...more] }),
  });
  return (record) => {
    const { value, timestamp } = record;
    if (!isRecordTime(timestamp)) return reject(record, `its timestamp, ${timestamp}, is no time of the years 1 to 9999`);
    if (value === null) return reject(record, 'the record has no value');
    const text = bufferOf(value).toString();
    // what is no UTF-8 becomes this character, so that only texts that have it are worth a second look
    if (text.includes('\ufffd') && !isUtf8(value)) return reject(record, 'not UTF-8 text');
    const place = `${start}${record.partition},"_offset":${record.offset},"_recorded_at":"${timeOf(timestamp)}"`;
    const fit = layouts.fit(text);
    if (fit === 'valid') return { rejected: false, line: `${place},${text.slice(1)}` };

    const written = writeRow(text, fit, { wire, known });
    if ('reasons' in written) return reject(record, ...written.reasons);
    if (written.alike && fit === 'unknown') layouts.learn(text, written.fields);
    return { rejected: false, line: `${place}${written.members}}` };
  };
}

type Fields = Readonly<Record<string, unknown>>;
type Reasons = readonly [string, ...string[]];
type Written =
  /** `alike`: the row has the fields of the record, and no others. */
  { readonly members: string; readonly alike: boolean; readonly fields: Fields } | { readonly reasons: Reasons };

/**
 * The members of the row as JSON, each behind a comma; or why there is no row. What the schema's own code throws is a reason too: once it is mended, the record
 * can be replayed.
 */
function writeRow(text: string, fit: Fit, { wire, known }: { readonly wire: z.ZodObject; readonly known: ReadonlySet<string> }): Written {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { reasons: [error instanceof RangeError ? TOO_DEEP : `not JSON: ${(error as Error).message}`] };
  }
  try {
    const result = wire.safeParse(json);
    if (!result.success) return { reasons: result.error.issues.map(describeIssue) as readonly string[] as Reasons };
    const [row, fields] = [result.data as Fields, json as Fields];
    const names = Object.keys(fields);
    const asMany = names.length === Object.keys(row).length;
    // validation makes objects and lists anew: those count as changed
    if (fit === 'plain' && asMany && names.every((name) => row[name] === fields[name]))
      return { members: `,${text.slice(1, -1)}`, alike: true, fields };
    const members = membersOf(knownFields(row, known)) + membersOf(extraFields(fields, known));
    if (members.includes('\\ud') && HALF_SURROGATE.test(members)) return { reasons: ['a text holds half of a surrogate pair'] };
    return { members, alike: asMany && names.every((name) => Object.hasOwn(row, name)), fields };
  } catch (error) {
    return { reasons: [error instanceof RangeError ? TOO_DEEP : `its validation failed: ${String(error)}`] };
  }
}

function membersOf(fields: Fields): string {
  const text = JSON.stringify(fields);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}

/** Without what a schema lets pass that it does not know: a column that landing adds could be of that name. */
function knownFields(row: Fields, known: ReadonlySet<string>): Fields {
  const names = Object.keys(row);
  return names.every((name) => known.has(name))
    ? row
    : Object.fromEntries(names.filter((name) => known.has(name)).map((name) => [name, row[name]]));
}

/** The fields that the schema does not know, as the one field `_extra`; none where there are none. */
function extraFields(fields: Fields, known: ReadonlySet<string>): Fields {
  const unknown = Object.keys(fields).filter((name) => !known.has(name));
  if (unknown.length === 0) return {};
  return { _extra: Object.fromEntries(unknown.map((name) => [name, fields[name]])) };
}

interface Rejection {
  readonly topic: string;
  readonly record: BrokerRecord;
  readonly recordedAt: string;
  readonly reasons: readonly string[];
}

function rejectedLine({ topic, record, recordedAt, reasons }: Rejection): string {
  const value = record.value && bufferOf(record.value);
  const rejected = {
    topic,
    partition: record.partition,
    offset: record.offset,
    recorded_at: recordedAt,
    raw: value && value.toString(),
    ...(value !== null && !isUtf8(value) && { raw_base64: value.toString('base64') }),
    reasons: reasons.map(wellFormed),
  };
  return JSON.stringify({ _rejected: rejected });
}

/** Reasons quote the record, and may cut a surrogate pair in two. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** A view, no copy. */
const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
