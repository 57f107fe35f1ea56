import type { DuckDBDataChunk, DuckDBType, DuckDBValue, DuckDBResult } from '@duckdb/node-api';
import type * as duckdb from '@duckdb/node-api';
import type { WarehouseRow } from '../../../runtime/resource/warehouse.ts';

type DuckDb = typeof duckdb;
type Decode = (value: DuckDBValue) => unknown;

/** Rows of a result as JSON can carry them: instants as ISO texts in UTC, dates as YYYY-MM-DD, JSON parsed, integers beyond 2^53 and long decimals as text. */
export async function* decodeRows(api: DuckDb, result: DuckDBResult): AsyncIterable<WarehouseRow[]> {
  const names = result.deduplicatedColumnNames();
  const decoders = result.columnTypes().map((type) => decoder(api, type));
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield decodeChunk(chunk, names, decoders);
  }
}

function decodeChunk(chunk: DuckDBDataChunk, names: readonly string[], decoders: readonly Decode[]): WarehouseRow[] {
  const rows: Record<string, unknown>[] = Array.from({ length: chunk.rowCount }, () => ({}));
  for (const [index, name] of names.entries()) {
    const decode = decoders[index] as Decode;
    for (const [position, value] of chunk.getColumnValues(index).entries()) {
      (rows[position] as Record<string, unknown>)[name] = value === null ? null : decode(value);
    }
  }
  return rows;
}

function decoder(api: DuckDb, type: DuckDBType): Decode {
  const { DuckDBTypeId: Id } = api;
  const nullable = (inner: DuckDBType): Decode => {
    const decode = decoder(api, inner);
    return (value) => (value === null ? null : decode(value));
  };
  switch (type.typeId) {
    case Id.VARCHAR:
      return type.alias === 'JSON' ? (value) => JSON.parse(value as string) as unknown : same;
    case Id.BOOLEAN:
    case Id.TINYINT:
    case Id.SMALLINT:
    case Id.INTEGER:
    case Id.UTINYINT:
    case Id.USMALLINT:
    case Id.UINTEGER:
    case Id.ENUM:
      return same;
    case Id.FLOAT:
    case Id.DOUBLE:
      return (value) => (Number.isFinite(value) ? value : String(value));
    case Id.BIGINT:
    case Id.UBIGINT:
    case Id.HUGEINT:
    case Id.UHUGEINT:
      return (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value));
    case Id.DECIMAL:
      return decodeDecimal;
    case Id.TIMESTAMP:
    case Id.TIMESTAMP_TZ:
      return (value) => instantText((value as { micros: bigint }).micros);
    case Id.TIMESTAMP_S:
      return (value) => instantText((value as { seconds: bigint }).seconds * 1_000_000n);
    case Id.TIMESTAMP_MS:
      return (value) => instantText((value as { millis: bigint }).millis * 1000n);
    case Id.TIMESTAMP_NS:
      return (value) => instantText((value as { nanos: bigint }).nanos / 1000n);
    case Id.LIST:
    case Id.ARRAY: {
      const item = nullable((type as duckdb.DuckDBListType).valueType);
      return (value) => (value as duckdb.DuckDBListValue).items.map(item);
    }
    case Id.STRUCT: {
      const { entryNames, entryTypes } = type as duckdb.DuckDBStructType;
      const fields = entryTypes.map(nullable);
      return (value) =>
        Object.fromEntries(
          entryNames.map((name, index) => [name, fields[index]!((value as duckdb.DuckDBStructValue).entries[name] ?? null)]),
        );
    }
    case Id.MAP: {
      const { keyType, valueType } = type as duckdb.DuckDBMapType;
      const [key, item] = [nullable(keyType), nullable(valueType)];
      return (value) =>
        Object.fromEntries((value as duckdb.DuckDBMapValue).entries.map((entry) => [String(key(entry.key)), item(entry.value)]));
    }
    case Id.BLOB:
      return (value) => Buffer.from((value as duckdb.DuckDBBlobValue).bytes).toString('base64');
    default:
      // dates and times of day print as ISO 8601 does
      return String;
  }
}

const same: Decode = (value) => value;

/** A number where its 15 digits carry the decimal exactly. */
function decodeDecimal(value: DuckDBValue): number | string {
  const text = String(value);
  return text.replace(/[-.]/g, '').replace(/^0+/, '').length <= 15 ? Number(text) : text;
}

const FARTHEST = 8_640_000_000_000_000_000n;

/** Milliseconds, and microseconds where there are any; what no Date reaches prints as DuckDB's infinities do. */
function instantText(micros: bigint): string {
  if (micros > FARTHEST || micros < -FARTHEST) return micros > 0n ? 'infinity' : '-infinity';
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const text = new Date(Number((micros - rest) / 1000n)).toISOString();
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}
