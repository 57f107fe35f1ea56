import type { Column } from 'snowflake-sdk';
import type { WarehouseRow } from '../../../runtime/resource/warehouse.ts';

type Decode = (value: unknown) => unknown;

/** What the SDK makes of a timestamp: a Date knows no microseconds. */
interface SdkTimestamp {
  getEpochSeconds(): number;
  getNanoSeconds(): number;
}

/** The names of a result's columns: those that Snowflake folded are lower case, as they were written. A second one of a name gets a number. */
export function columnNames(columns: readonly Column[]): readonly string[] {
  const seen = new Map<string, number>();
  return columns.map((column) => {
    const name = column.getName();
    const folded = name === name.toUpperCase() ? name.toLowerCase() : name;
    const times = seen.get(folded) ?? 0;
    seen.set(folded, times + 1);
    return times === 0 ? folded : `${folded}_${times}`;
  });
}

/** Makes rows as JSON can carry them: instants as ISO texts in UTC, dates as YYYY-MM-DD, JSON parsed, integers beyond 2^53 and long decimals as text. */
export function rowDecoder(columns: readonly Column[], names = columnNames(columns)): (values: readonly unknown[]) => WarehouseRow {
  const decoders = columns.map(decoder);
  return (values) => Object.fromEntries(names.map((name, index) => [name, decode(decoders[index] as Decode, values[index])]));
}

const decode = (of: Decode, value: unknown): unknown => (value === null || value === undefined ? null : of(value));

function decoder(column: Column): Decode {
  const type = column.getType().toLowerCase();
  switch (type) {
    case 'fixed':
      return column.getScale() > 0 ? decimal : integer;
    case 'real':
      return (value) => (Number.isFinite(Number(value)) ? Number(value) : String(value));
    case 'variant':
    case 'object':
    case 'array':
    case 'map':
      return (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value);
    case 'date':
      return (value) => (value as Date).toISOString().slice(0, 10);
    case 'timestamp_ntz':
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return (value) => instantText(value as Date & SdkTimestamp);
    case 'binary':
      return (value) => (value as Buffer).toString('base64');
    case 'time':
      return (value) => (value as { toJSON(): string }).toJSON();
    default:
      return (value) => value;
  }
}

const integer = (value: unknown): number | string => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value));

/** A number where its 15 digits carry the decimal exactly. */
function decimal(value: unknown): number | string {
  const text = String(value);
  return text.replace(/[-.]/g, '').replace(/^0+/, '').length <= 15 ? Number(text) : text;
}

/** Milliseconds; microseconds or nanoseconds where there are any. */
function instantText(value: Date & SdkTimestamp): string {
  const nanos = value.getNanoSeconds();
  const text = new Date(value.getEpochSeconds() * 1000 + Math.floor(nanos / 1_000_000)).toISOString();
  const rest = String(nanos % 1_000_000).padStart(6, '0');
  if (rest === '000000') return text;
  return `${text.slice(0, -1)}${rest.endsWith('000') ? rest.slice(0, 3) : rest}Z`;
}
