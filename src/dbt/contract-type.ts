import type { ColumnType } from '../runtime/schema/column.ts';

/** What rows carry for a type: a column's type; `decimal` where the warehouses differ on whether it has a fraction; `text` for what is read as text and is none, such as a time of day. */
export type ContractKind = ColumnType | 'decimal' | 'text';

const NAMES: Readonly<Record<ContractKind, string>> = {
  string:
    'varchar, char, character, nchar, nvarchar, nvarchar2, bpchar, text, string, char varying, character varying, nchar varying, uuid, enum',
  integer:
    'bigint, int, integer, smallint, tinyint, byteint, mediumint, hugeint, ubigint, uint, uinteger, usmallint, utinyint, uhugeint, int1, int2, int4, int8, int16, int32, int64, int128, uint8, uint16, uint32, uint64, uint128, signed, long, short',
  number: 'double, double precision, float, float4, float8, real',
  decimal: 'decimal, numeric, dec, number',
  boolean: 'boolean, bool, logical',
  timestamp:
    'timestamp, timestamp_ntz, timestamp_ltz, timestamp_tz, timestampntz, timestampltz, timestamptz, timestamp without time zone, timestamp with time zone, timestamp with local time zone, timestamp_s, timestamp_ms, timestamp_us, timestamp_ns, datetime',
  date: 'date',
  json: 'json, variant, object, array, struct, row, map, union',
  text: 'time, timetz, time with time zone, time without time zone, interval, blob, binary, bytea, varbinary',
};

const KINDS: ReadonlyMap<string, ContractKind> = new Map(
  Object.entries(NAMES).flatMap(([kind, names]) => names.split(', ').map((name) => [name, kind as ContractKind] as const)),
);

/** The kind of a type as a contract spells it, for DuckDB or Snowflake, in any case and with or without sizes; undefined for a type that neither is known to have. */
export function contractKind(type: string): ContractKind | undefined {
  const text = type.trim().toLowerCase().replace(/\s+/g, ' ');
  if (/\[\d*\]$/.test(text)) return 'json';
  const [, before = '', sizes, after = ''] = /^([^(]*)(?:\(([\s\S]*)\))?([^)]*)$/.exec(text) ?? [];
  const kind = KINDS.get(`${before.trim()} ${after.trim()}`.trim());
  if (kind !== 'decimal') return kind;
  // Without sizes DuckDB keeps three digits of a fraction, Snowflake none; only Snowflake has a number.
  if (sizes === undefined) return before.trim() === 'number' ? 'integer' : 'decimal';
  const [, scale = '0'] = sizes.split(',');
  return Number(scale) > 0 ? 'number' : 'integer';
}

/** Whether a field of a schema takes what is read from a column of this kind. */
export function takesKind(field: ColumnType, kind: ContractKind): boolean {
  switch (kind) {
    case 'text':
      return field === 'string';
    case 'decimal':
    case 'integer':
      return field === 'integer' || field === 'number';
    case 'string':
    case 'number':
    case 'boolean':
    case 'timestamp':
    case 'date':
    case 'json':
      return field === kind;
  }
}

/** What to write for a column of this kind. */
export const WRITTEN: Readonly<Record<ContractKind, string>> = {
  string: 'z.string()',
  integer: 'z.int()',
  number: 'z.number()',
  decimal: 'z.number()',
  boolean: 'z.boolean()',
  timestamp: 'z.iso.datetime()',
  date: 'z.iso.date()',
  json: 'z.object({ … }) or z.array(…)',
  text: 'z.string()',
};
