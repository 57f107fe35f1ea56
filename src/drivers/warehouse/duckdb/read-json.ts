import type { Column } from '../../../runtime/schema/column.ts';
import { quoteIdentifier, quoteLiteral } from '../../../runtime/schema/quote.ts';
import { sqlType } from '../../../runtime/schema/sql-type.ts';
import type { Compression } from '../../../runtime/store/compression.ts';

export interface ReadJson {
  readonly paths: readonly string[];
  readonly columns: readonly Column[];
  /** By the names that DuckDB has for them too. */
  readonly compression: Compression | 'uncompressed';
  /** Reads `_rejected` too, for objects that hold flagged records behind the good ones. */
  readonly flagged?: boolean;
  /** Of the longest line, in characters, where that may be longer than DuckDB takes by itself. */
  readonly longest?: number;
}

/** Bytes of a line that DuckDB takes by itself. */
const LONGEST = 16 << 20;

/** The table function that reads lines of JSON into typed columns: each line is a row, also `{}` into one column. Paths must hold no glob characters: see {@link isPlainPath}. */
export function readJson({ paths, columns, compression, flagged = false, longest = 0 }: ReadJson): string {
  const types = columns.map((column) => `${quoteIdentifier(column.name, 'duckdb')}: '${readType(column)}'`);
  const all = flagged ? [...types, `"_rejected": 'JSON'`] : types;
  const list = paths.map((path) => quoteLiteral(path, 'duckdb')).join(', ');
  const most = longest * 3 > LONGEST ? `, maximum_object_size = ${longest * 3 + 1_024}` : '';
  return `read_json([${list}], columns = {${all.join(', ')}}, format = 'newline_delimited', records = true, compression = '${compression}', hive_partitioning = false${most})`;
}

/** The column as read, in its table's type: DuckDB drops the offset of a text that it reads as TIMESTAMP. */
export function readColumn(column: Column): string {
  const name = quoteIdentifier(column.name, 'duckdb');
  return column.offset === true ? `CAST(${name} AS TIMESTAMP) AS ${name}` : name;
}

function readType(column: Column): string {
  return column.offset === true ? 'TIMESTAMPTZ' : sqlType(column, 'duckdb');
}

/** Whether DuckDB takes the path as it is, and not as a pattern. */
export function isPlainPath(path: string): boolean {
  return !/[*?[\]{}]/.test(path);
}
