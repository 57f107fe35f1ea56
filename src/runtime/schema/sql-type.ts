import type { Column, ColumnType } from './column.ts';
import type { Dialect } from './dialect.ts';

/** The one table of types. An integer is at most 2^53, hence NUMBER(16,0); a Snowflake instant is kept in UTC without a zone. */
const TYPES: Readonly<Record<Dialect, Readonly<Record<ColumnType, string>>>> = {
  duckdb: {
    string: 'VARCHAR',
    integer: 'BIGINT',
    number: 'DOUBLE',
    boolean: 'BOOLEAN',
    timestamp: 'TIMESTAMP',
    date: 'DATE',
    json: 'JSON',
  },
  snowflake: {
    string: 'VARCHAR',
    integer: 'NUMBER(16,0)',
    number: 'FLOAT',
    boolean: 'BOOLEAN',
    timestamp: 'TIMESTAMP_NTZ(9)',
    date: 'DATE',
    json: 'VARIANT',
  },
};

export function sqlType(column: Pick<Column, 'type'>, dialect: Dialect): string {
  return TYPES[dialect][column.type];
}
